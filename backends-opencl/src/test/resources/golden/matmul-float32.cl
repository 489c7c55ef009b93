#pragma OPENCL FP_CONTRACT OFF

static float kiln_canonical_float(const float x) {
  return x != x ? as_float(0x7fc00000u) : x;
}

static long kiln_place(long number, global const long *axes, const long rank) {
  long place = 0;
  for (long axis = rank - 1; axis > 0; axis--) {
    const long rest = number / axes[2 * axis];
    place += (number - rest * axes[2 * axis]) * axes[2 * axis + 1];
    number = rest;
  }
  return place + number * axes[1];
}

kernel void kiln_pack_left(
    const long panels,
    const long count,
    const long inner,
    global const float *restrict x,
    const long offset,
    global const long *restrict axes,
    const long rank,
    const long stride,
    const long step,
    global float *restrict out) {
  const long unit = get_global_id(0);
  const long product = unit / panels;
  const long first = (unit - product * panels) * 6;
  global const float *from = x + offset + kiln_place(product, axes, rank) + first * stride;
  global float *to = out + unit * inner * 6;
  const int width = (int) min((long) 6, count - first);
  if (width == 6 && stride == 1) {
    for (long k = 0; k < inner; k++, from += step, to += 6) {
      for (int i = 0; i < 6; i++) {
        to[i] = from[i];
      }
    }
    return;
  }
  for (long k = 0; k < inner; k++, from += step, to += 6) {
    for (int i = 0; i < 6; i++) {
      to[i] = i < width ? from[i * stride] : (float) 0;
    }
  }
}

kernel void kiln_pack_right(
    const long panels,
    const long count,
    const long inner,
    global const float *restrict x,
    const long offset,
    global const long *restrict axes,
    const long rank,
    const long stride,
    const long step,
    global float *restrict out) {
  const long unit = get_global_id(0);
  const long product = unit / panels;
  const long first = (unit - product * panels) * 16;
  global const float *from = x + offset + kiln_place(product, axes, rank) + first * stride;
  global float *to = out + unit * inner * 16;
  const int width = (int) min((long) 16, count - first);
  if (width == 16 && stride == 1) {
    for (long k = 0; k < inner; k++, from += step, to += 16) {
      for (int i = 0; i < 16; i++) {
        to[i] = from[i];
      }
    }
    return;
  }
  for (long k = 0; k < inner; k++, from += step, to += 16) {
    for (int i = 0; i < 16; i++) {
      to[i] = i < width ? from[i * stride] : (float) 0;
    }
  }
}

static void kiln_tile(
    global const float *a, global const float *b, const int depth, private float *tile) {
  float8 s00 = 0, s01 = 0;
  float8 s10 = 0, s11 = 0;
  float8 s20 = 0, s21 = 0;
  float8 s30 = 0, s31 = 0;
  float8 s40 = 0, s41 = 0;
  float8 s50 = 0, s51 = 0;
  for (int k = 0; k < depth; k++, a += 6, b += 16) {
    const float8 b0 = vload8(0, b);
    const float8 b1 = vload8(1, b);
    const float8 a0 = a[0];
    s00 = fma(a0, b0, s00);
    s01 = fma(a0, b1, s01);
    const float8 a1 = a[1];
    s10 = fma(a1, b0, s10);
    s11 = fma(a1, b1, s11);
    const float8 a2 = a[2];
    s20 = fma(a2, b0, s20);
    s21 = fma(a2, b1, s21);
    const float8 a3 = a[3];
    s30 = fma(a3, b0, s30);
    s31 = fma(a3, b1, s31);
    const float8 a4 = a[4];
    s40 = fma(a4, b0, s40);
    s41 = fma(a4, b1, s41);
    const float8 a5 = a[5];
    s50 = fma(a5, b0, s50);
    s51 = fma(a5, b1, s51);
  }
  vstore8(s00, 0, tile);
  vstore8(s01, 1, tile);
  vstore8(s10, 2, tile);
  vstore8(s11, 3, tile);
  vstore8(s20, 4, tile);
  vstore8(s21, 5, tile);
  vstore8(s30, 6, tile);
  vstore8(s31, 7, tile);
  vstore8(s40, 8, tile);
  vstore8(s41, 9, tile);
  vstore8(s50, 10, tile);
  vstore8(s51, 11, tile);
}

kernel void kiln_tiles(
    const long down,
    const long across,
    const long rows,
    const long inner,
    const long columns,
    global const float *restrict left,
    global const float *restrict right,
    global float *restrict out) {
  float tile[6 * 16];
  const long rowPanels = (rows + 6 - 1) / 6;
  const long columnPanels = (columns + 16 - 1) / 16;
  const long firstRow = (long) get_global_id(1) * down;
  const long lastRow = min(rowPanels, firstRow + down);
  const long firstColumn = (long) get_global_id(0) * across;
  const long lastColumn = min(columnPanels, firstColumn + across);
  const long product = get_global_id(2);
  for (long from = 0; from < inner; from += 384) {
    const int depth = (int) min((long) 384, inner - from);
    const int last = from + depth == inner;
    for (long c = firstColumn; c < lastColumn; c++) {
      global const float *b = right + ((product * columnPanels + c) * inner + from) * 16;
      const int width = (int) min((long) 16, columns - c * 16);
      for (long r = firstRow; r < lastRow; r++) {
        global const float *a = left + ((product * rowPanels + r) * inner + from) * 6;
        kiln_tile(a, b, depth, tile);
        const int height = (int) min((long) 6, rows - r * 6);
        for (int i = 0; i < height; i++) {
          global float *to = out + (product * rows + r * 6 + i) * columns + c * 16;
          for (int j = 0; j < width; j++) {
            const float sum = tile[i * 16 + j];
            const float x = from == 0 ? sum : to[j] + sum;
            to[j] = last ? kiln_canonical_float(x) : (float) x;
          }
        }
      }
    }
  }
}
