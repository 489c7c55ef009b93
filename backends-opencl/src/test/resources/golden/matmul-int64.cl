#pragma OPENCL FP_CONTRACT OFF

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
    global const long *restrict x,
    const long offset,
    global const long *restrict axes,
    const long rank,
    const long stride,
    const long step,
    global ulong *restrict out) {
  const long unit = get_global_id(0);
  const long product = unit / panels;
  const long first = (unit - product * panels) * 6;
  global const long *from = x + offset + kiln_place(product, axes, rank) + first * stride;
  global ulong *to = out + unit * inner * 6;
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
      to[i] = i < width ? from[i * stride] : (long) 0;
    }
  }
}

kernel void kiln_pack_right(
    const long panels,
    const long count,
    const long inner,
    global const long *restrict x,
    const long offset,
    global const long *restrict axes,
    const long rank,
    const long stride,
    const long step,
    global ulong *restrict out) {
  const long unit = get_global_id(0);
  const long product = unit / panels;
  const long first = (unit - product * panels) * 8;
  global const long *from = x + offset + kiln_place(product, axes, rank) + first * stride;
  global ulong *to = out + unit * inner * 8;
  const int width = (int) min((long) 8, count - first);
  if (width == 8 && stride == 1) {
    for (long k = 0; k < inner; k++, from += step, to += 8) {
      for (int i = 0; i < 8; i++) {
        to[i] = from[i];
      }
    }
    return;
  }
  for (long k = 0; k < inner; k++, from += step, to += 8) {
    for (int i = 0; i < 8; i++) {
      to[i] = i < width ? from[i * stride] : (long) 0;
    }
  }
}

static void kiln_tile(
    global const ulong *a, global const ulong *b, const int depth, private ulong *tile) {
  ulong4 s00 = 0, s01 = 0;
  ulong4 s10 = 0, s11 = 0;
  ulong4 s20 = 0, s21 = 0;
  ulong4 s30 = 0, s31 = 0;
  ulong4 s40 = 0, s41 = 0;
  ulong4 s50 = 0, s51 = 0;
  for (int k = 0; k < depth; k++, a += 6, b += 8) {
    const ulong4 b0 = vload4(0, b);
    const ulong4 b1 = vload4(1, b);
    const ulong4 a0 = a[0];
    s00 = a0 * b0 + s00;
    s01 = a0 * b1 + s01;
    const ulong4 a1 = a[1];
    s10 = a1 * b0 + s10;
    s11 = a1 * b1 + s11;
    const ulong4 a2 = a[2];
    s20 = a2 * b0 + s20;
    s21 = a2 * b1 + s21;
    const ulong4 a3 = a[3];
    s30 = a3 * b0 + s30;
    s31 = a3 * b1 + s31;
    const ulong4 a4 = a[4];
    s40 = a4 * b0 + s40;
    s41 = a4 * b1 + s41;
    const ulong4 a5 = a[5];
    s50 = a5 * b0 + s50;
    s51 = a5 * b1 + s51;
  }
  vstore4(s00, 0, tile);
  vstore4(s01, 1, tile);
  vstore4(s10, 2, tile);
  vstore4(s11, 3, tile);
  vstore4(s20, 4, tile);
  vstore4(s21, 5, tile);
  vstore4(s30, 6, tile);
  vstore4(s31, 7, tile);
  vstore4(s40, 8, tile);
  vstore4(s41, 9, tile);
  vstore4(s50, 10, tile);
  vstore4(s51, 11, tile);
}

kernel void kiln_tiles(
    const long down,
    const long across,
    const long rows,
    const long inner,
    const long columns,
    global const ulong *restrict left,
    global const ulong *restrict right,
    global long *restrict out) {
  ulong tile[6 * 8];
  const long rowPanels = (rows + 6 - 1) / 6;
  const long columnPanels = (columns + 8 - 1) / 8;
  const long firstRow = (long) get_global_id(1) * down;
  const long lastRow = min(rowPanels, firstRow + down);
  const long firstColumn = (long) get_global_id(0) * across;
  const long lastColumn = min(columnPanels, firstColumn + across);
  const long product = get_global_id(2);
  for (long from = 0; from < inner; from += 384) {
    const int depth = (int) min((long) 384, inner - from);
    const int last = from + depth == inner;
    for (long c = firstColumn; c < lastColumn; c++) {
      global const ulong *b = right + ((product * columnPanels + c) * inner + from) * 8;
      const int width = (int) min((long) 8, columns - c * 8);
      for (long r = firstRow; r < lastRow; r++) {
        global const ulong *a = left + ((product * rowPanels + r) * inner + from) * 6;
        kiln_tile(a, b, depth, tile);
        const int height = (int) min((long) 6, rows - r * 6);
        for (int i = 0; i < height; i++) {
          global long *to = out + (product * rows + r * 6 + i) * columns + c * 8;
          for (int j = 0; j < width; j++) {
            const ulong sum = tile[i * 8 + j];
            const ulong x = from == 0 ? sum : to[j] + sum;
            to[j] = last ? (long) x : (long) x;
          }
        }
      }
    }
  }
}
