#pragma OPENCL FP_CONTRACT OFF

static float kiln_canonical_float(const float x) {
  return x != x ? as_float(0x7fc00000u) : x;
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

kernel void kiln_blocks(
    const INDEX begin,
    const INDEX units,
    const INDEX chunk,
    const INDEX first_block,
    const INDEX blocks_here,
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
    global float *restrict r0) {
  float x2[4096];
  const INDEX first = begin + (INDEX) get_global_id(0) * chunk;
  const INDEX last = min(units, first + chunk);
  for (INDEX task = first; task < last; task++) {
    INDEX row = task / blocks_here;
    const INDEX block = first_block + (task - row * blocks_here);
    const INDEX unit = row * blocks + block;
    const INDEX from = block * 4096;
    const int length = (int) min((INDEX) 4096, count - from);
    const INDEX i1 = row % n1;
    row /= n1;
    const INDEX i0 = row;
    const INDEX a0_row = a0_offset + i0 * a0_stride0 + i1 * a0_stride1;
    const INDEX a1_row = a1_offset + i0 * a1_stride0 + i1 * a1_stride1;
    const INDEX a0_run = a0_row;
    const INDEX a1_run = a1_row;
    for (int k = 0; k < length; k++) {
      const float v0 = a0[a0_run + (from + k)];
      const float v1 = a1[a1_run + (from + k) * a1_stride2];
      const float v2 = v0 * v1;
      x2[k] = v2;
    }
    r0[unit] = kiln_canonical_float(kiln_sum_float(x2, length));
  }
}

kernel void kiln_combine(
    const INDEX units,
    const INDEX chunk,
    const INDEX blocks,
    const INDEX count,
    global float *restrict r0,
    global float *restrict o0,
    const INDEX o0_offset) {
  const INDEX first = (INDEX) get_global_id(0) * chunk;
  const INDEX last = min(units, first + chunk);
  for (INDEX row = first; row < last; row++) {
    const INDEX at = row * blocks;
    {
      o0[o0_offset + row] = kiln_canonical_float(kiln_sum_parts_float(r0 + at, blocks));
    }
  }
}
