#pragma OPENCL FP_CONTRACT OFF

static float kiln_canonical_float(const float x) {
  return x != x ? as_float(0x7fc00000u) : x;
}

static int kiln_max_key_float(const float x) {
  const int bits = as_int(x);
  return x != x ? INT_MAX : bits ^ ((bits < 0 ? -1 : 0) & INT_MAX);
}

static float kiln_of_key_float(const int key) {
  return kiln_canonical_float(as_float(key ^ ((key < 0 ? -1 : 0) & INT_MAX)));
}

static float kiln_sum_float(float *x, const int n) {
  for (int i = n; i % 32 != 0; i++) {
    x[i] = -(float) 0;
  }
  float8 a = -(float) 0;
  float8 b = -(float) 0;
  float8 c = -(float) 0;
  float8 d = -(float) 0;
  for (int i = 0; i < n; i += 32) {
    a += vload8(0, x + i);
    b += vload8(0, x + i + 8);
    c += vload8(0, x + i + 2 * 8);
    d += vload8(0, x + i + 3 * 8);
  }
  a += c;
  b += d;
  a += b;
  float4 h4 = a.lo;
  h4 += a.hi;
  float2 h2 = h4.lo;
  h2 += h4.hi;
  return h2.lo + h2.hi;
}

static float kiln_sum_parts_float(global const float *x, const INDEX n) {
  float block[4096];
  float results[4096];
  const int blocks = (int) ((n + 4095) / 4096);
  for (int b = 0; b < blocks; b++) {
    const int length = (int) min((INDEX) 4096, n - (INDEX) b * 4096);
    for (int i = 0; i < length; i++) {
      block[i] = x[(INDEX) b * 4096 + i];
    }
    results[b] = kiln_sum_float(block, length);
  }
  return blocks == 1 ? results[0] : kiln_sum_float(results, blocks);
}

kernel void kiln_columns(
    const INDEX begin,
    const INDEX units,
    const INDEX chunk,
    const INDEX blocks,
    const INDEX count,
    const INDEX n1,
    global const float *restrict a0,
    const INDEX a0_offset,
    const INDEX a0_stride0,
    const INDEX a0_stride1,
    global const float *restrict a1,
    const INDEX a1_offset,
    const INDEX a1_stride0,
    const INDEX a1_stride1,
    const INDEX a1_stride2,
    global float *restrict r0,
    global float *restrict r1) {
  float s2[256];
  float t2[65792];
  const INDEX first = begin + (INDEX) get_global_id(0) * chunk;
  const INDEX last = min(units, first + chunk);
  const INDEX groups = (n1 + 15) / 16;
  for (INDEX task = first; task < last; task++) {
    const INDEX group = task / blocks;
    const INDEX block = task - group * blocks;
    INDEX line = group / groups;
    const INDEX i1 = (group - line * groups) * 16;
    const INDEX row = line * n1 + i1;
    const int columns = (int) min((INDEX) 16, n1 - i1);
    const INDEX from = block * 4096;
    const int length = (int) min((INDEX) 4096, count - from);
    const INDEX i0 = line;
    const INDEX a0_tile = a0_offset + i0 * a0_stride0 + i1 * a0_stride1;
    const INDEX a1_tile = a1_offset + i0 * a1_stride0 + i1 * a1_stride1;
    for (int done = 0; done < length; done += 16) {
      const int part = min(16, length - done);
      for (int r = 0; r < part; r++) {
        for (int c = 0; c < columns; c++) {
          const float v0 = a0[a0_tile + c * a0_stride1 + (from + done + r)];
          const float v1 = a1[a1_tile + c + (from + done + r) * a1_stride2];
          const float v2 = v0 * v1;
          s2[r * 16 + c] = v2;
        }
      }
      if (part == 16 && columns == 16) {
        for (int c = 0; c < 16; c++) {
          for (int r = 0; r < 16; r++) {
            t2[c * 4112 + done + r] = s2[r * 16 + c];
          }
        }
      }
      else {
        for (int c = 0; c < columns; c++) {
          for (int r = 0; r < part; r++) {
            t2[c * 4112 + done + r] = s2[r * 16 + c];
          }
        }
      }
    }
    for (int c = 0; c < columns; c++) {
      const INDEX unit = (row + c) * blocks + block;
      float *x2 = t2 + c * 4112;
      r0[unit] = kiln_canonical_float(kiln_sum_float(x2, length));
      {
        int folded = kiln_max_key_float(x2[0]);
        for (int k = 1; k < length; k++) {
          folded = max(folded, (int) kiln_max_key_float(x2[k]));
        }
        r1[unit] = kiln_of_key_float(folded);
      }
    }
  }
}

kernel void kiln_combine(
    const INDEX units,
    const INDEX chunk,
    const INDEX blocks,
    const INDEX count,
    global float *restrict r0,
    global float *restrict r1,
    global float *restrict o0,
    const INDEX o0_offset,
    global float *restrict o1,
    const INDEX o1_offset) {
  const INDEX first = (INDEX) get_global_id(0) * chunk;
  const INDEX last = min(units, first + chunk);
  for (INDEX row = first; row < last; row++) {
    const INDEX at = row * blocks;
    {
      o0[o0_offset + row] = kiln_canonical_float(kiln_sum_parts_float(r0 + at, blocks));
    }
    {
      int folded = kiln_max_key_float(r1[at]);
      for (INDEX k = 1; k < blocks; k++) {
        folded = max(folded, (int) kiln_max_key_float(r1[at + k]));
      }
      o1[o1_offset + row] = kiln_of_key_float(folded);
    }
  }
}
