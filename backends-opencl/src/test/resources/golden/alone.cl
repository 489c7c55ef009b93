#pragma OPENCL FP_CONTRACT OFF

static float kiln_divide_float(const float a, const float b) {
  return a / b;
}

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
    global float *restrict r0,
    global float *restrict r1,
    global float *restrict r2) {
  float x2[64];
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
    {
      const float mean = kiln_divide_float(kiln_sum_float(x2, length), (float) length);
      r0[unit] = mean;
      for (int k = 0; k < length; k++) {
        x2[k] -= mean;
      }
      r1[unit] = kiln_sum_float(x2, length);
      for (int k = 0; k < length; k++) {
        x2[k] *= x2[k];
      }
      r2[unit] = kiln_sum_float(x2, length);
    }
  }
}

kernel void kiln_combine(
    const INDEX units,
    const INDEX blocks,
    const INDEX count,
    global float *restrict r0,
    global float *restrict r1,
    global float *restrict r2,
    global float *restrict o0,
    const INDEX o0_offset) {
  local ulong scratch[256];
  local ulong places[256];
  const int item = (int) get_local_id(0);
  const int lane = item % 32;
  const INDEX task = (INDEX) get_group_id(0) * 8 + item / 32;
  const bool here = task < units;
  const INDEX row = task;
  const INDEX at = row * blocks;
  const INDEX mine = here ? blocks : 0;
  {
    global const float *m = r0 + at;
    global const float *s1 = r1 + at;
    global const float *s2 = r2 + at;
    float pivot = here ? m[0] : 0;
    if (blocks > 1) {
      float sum = -(float) 0;
      {
        const int parts = (int) ((blocks + 4095) / 4096);
        float over = -(float) 0;
        for (int p = 0; p < parts; p++) {
          const INDEX start = (INDEX) p * 4096;
          const int some = here ? (int) min((INDEX) 4096, blocks - start) : 0;
          sum = -(float) 0;
          for (int j = lane; j < some; j += 512) {
            float own[16];
            #pragma unroll
            for (int u = 0; u < 16; u++) {
              const int k = j + u * 32;
              const INDEX b = start + min(k, some - 1);
              own[u] = k < some ? m[b] : -(float) 0;
            }
            #pragma unroll
            for (int u = 0; u < 16; u++) {
              sum += own[u];
            }
          }
          {
            local float *all = (local float *) scratch;
            all[item] = sum;
            barrier(CLK_LOCAL_MEM_FENCE);
            for (int h = 16; h > 0; h /= 2) {
              if (lane < h) {
                all[item] = all[item] + all[item + h];
              }
              barrier(CLK_LOCAL_MEM_FENCE);
            }
            sum = all[item - lane];
            barrier(CLK_LOCAL_MEM_FENCE);
          }
          if (p % 32 == lane) {
            over += sum;
          }
        }
        if (parts > 1) {
          {
            local float *all = (local float *) scratch;
            all[item] = over;
            barrier(CLK_LOCAL_MEM_FENCE);
            for (int h = 16; h > 0; h /= 2) {
              if (lane < h) {
                all[item] = all[item] + all[item + h];
              }
              barrier(CLK_LOCAL_MEM_FENCE);
            }
            over = all[item - lane];
            barrier(CLK_LOCAL_MEM_FENCE);
          }
          sum = over;
        }
      }
      pivot = kiln_divide_float(sum, (float) blocks);
    }
    float d = -(float) 0;
    {
      const int parts = (int) ((blocks + 4095) / 4096);
      float over = -(float) 0;
      for (int p = 0; p < parts; p++) {
        const INDEX start = (INDEX) p * 4096;
        const int some = here ? (int) min((INDEX) 4096, blocks - start) : 0;
        d = -(float) 0;
        for (int j = lane; j < some; j += 512) {
          float own[16];
          #pragma unroll
          for (int u = 0; u < 16; u++) {
            const int k = j + u * 32;
            const INDEX b = start + min(k, some - 1);
            const float size = (float) min((INDEX) 4096, count - b * 4096);
            const float e = m[b] - pivot;
            const float t = size * e;
            own[u] = k < some ? s1[b] + t : -(float) 0;
          }
          #pragma unroll
          for (int u = 0; u < 16; u++) {
            d += own[u];
          }
        }
        {
          local float *all = (local float *) scratch;
          all[item] = d;
          barrier(CLK_LOCAL_MEM_FENCE);
          for (int h = 16; h > 0; h /= 2) {
            if (lane < h) {
              all[item] = all[item] + all[item + h];
            }
            barrier(CLK_LOCAL_MEM_FENCE);
          }
          d = all[item - lane];
          barrier(CLK_LOCAL_MEM_FENCE);
        }
        if (p % 32 == lane) {
          over += d;
        }
      }
      if (parts > 1) {
        {
          local float *all = (local float *) scratch;
          all[item] = over;
          barrier(CLK_LOCAL_MEM_FENCE);
          for (int h = 16; h > 0; h /= 2) {
            if (lane < h) {
              all[item] = all[item] + all[item + h];
            }
            barrier(CLK_LOCAL_MEM_FENCE);
          }
          over = all[item - lane];
          barrier(CLK_LOCAL_MEM_FENCE);
        }
        d = over;
      }
    }
    const float shift = kiln_divide_float(d, (float) count);
    const float mean = fabs(d) < INFINITY ? pivot + shift : pivot;
    if (here && lane == 0) {
      o0[o0_offset + row] = kiln_canonical_float(mean);
    }
  }
}
