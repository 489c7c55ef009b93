#pragma OPENCL FP_CONTRACT OFF

static float kiln_divide_float(const float a, const float b) {
  return a / b;
}

static float kiln_canonical_float(const float x) {
  return x != x ? as_float(0x7fc00000u) : x;
}

static int kiln_max_key_float(const float x) {
  const int bits = as_int(x);
  return x != x ? INT_MAX : bits ^ ((bits < 0 ? -1 : 0) & INT_MAX);
}

kernel void kiln_teams(
    const INDEX units,
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
    global int *restrict r0,
    global long *restrict r1,
    global float *restrict r2,
    global float *restrict r3,
    global float *restrict r4,
    global float *restrict r5) {
  local ulong scratch[256];
  local ulong places[256];
  const int item = (int) get_local_id(0);
  const int lane = item % 32;
  const INDEX task = (INDEX) get_group_id(0) * 8 + item / 32;
  const bool here = task < units;
  INDEX row = task / blocks;
  const INDEX block = task - row * blocks;
  const INDEX unit = row * blocks + block;
  const INDEX from = block * 4096;
  const int length = here ? (int) min((INDEX) 4096, count - from) : 0;
  const INDEX i1 = row % n1;
  row /= n1;
  const INDEX i0 = row;
  const INDEX a0_row = a0_offset + i0 * a0_stride0 + i1 * a0_stride1;
  const INDEX a1_row = a1_offset + i0 * a1_stride0 + i1 * a1_stride1;
  int f0 = INT_MIN;
  ulong p0_ = ULONG_MAX;
  float f2 = -(float) 0;
  float m3 = -(float) 0;
  #pragma unroll 8
  for (int k = lane; k < length; k += 32) {
    float x2;
    {
      const float v0 = a0[a0_row + (from + k)];
      const float v1 = a1[a1_row + (from + k) * a1_stride2];
      const float v2 = v0 * v1;
      x2 = v2;
    }
    const int key0 = kiln_max_key_float(x2 + 0);
    if (key0 > f0 || p0_ == ULONG_MAX) {
      f0 = key0;
      p0_ = k;
    }
    f2 += x2;
    m3 += x2;
  }
  {
    local int *all = (local int *) scratch;
    all[item] = f0;
    places[item] = p0_;
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int h = 16; h > 0; h /= 2) {
      const int other = item + h;
      if (lane < h && (all[other] > all[item] || (all[other] == all[item] && places[other] < places[item]))) {
        all[item] = all[other];
        places[item] = places[other];
      }
      barrier(CLK_LOCAL_MEM_FENCE);
    }
    f0 = all[item - lane];
    p0_ = places[item - lane];
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  if (here && lane == 0) {
    r0[unit] = f0;
  }
  if (here && lane == 0) {
    r1[unit] = from + (long) p0_;
  }
  {
    local float *all = (local float *) scratch;
    all[item] = f2;
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int h = 16; h > 0; h /= 2) {
      if (lane < h) {
        all[item] = all[item] + all[item + h];
      }
      barrier(CLK_LOCAL_MEM_FENCE);
    }
    f2 = all[item - lane];
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  if (here && lane == 0) {
    r2[unit] = kiln_canonical_float(f2);
  }
  {
    local float *all = (local float *) scratch;
    all[item] = m3;
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int h = 16; h > 0; h /= 2) {
      if (lane < h) {
        all[item] = all[item] + all[item + h];
      }
      barrier(CLK_LOCAL_MEM_FENCE);
    }
    m3 = all[item - lane];
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  m3 = kiln_divide_float(m3, (float) length);
  if (here && lane == 0) {
    r3[unit] = m3;
  }
  float f3 = -(float) 0;
  float g3 = -(float) 0;
  #pragma unroll 8
  for (int k = lane; k < length; k += 32) {
    float x2;
    {
      const float v0 = a0[a0_row + (from + k)];
      const float v1 = a1[a1_row + (from + k) * a1_stride2];
      const float v2 = v0 * v1;
      x2 = v2;
    }
    const float d3 = x2 - m3;
    f3 += d3;
    g3 += d3 * d3;
  }
  {
    local float *all = (local float *) scratch;
    all[item] = f3;
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int h = 16; h > 0; h /= 2) {
      if (lane < h) {
        all[item] = all[item] + all[item + h];
      }
      barrier(CLK_LOCAL_MEM_FENCE);
    }
    f3 = all[item - lane];
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  {
    local float *all = (local float *) scratch;
    all[item] = g3;
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int h = 16; h > 0; h /= 2) {
      if (lane < h) {
        all[item] = all[item] + all[item + h];
      }
      barrier(CLK_LOCAL_MEM_FENCE);
    }
    g3 = all[item - lane];
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  if (here && lane == 0) {
    r4[unit] = f3;
  }
  if (here && lane == 0) {
    r5[unit] = g3;
  }
}

kernel void kiln_combine(
    const INDEX units,
    const INDEX blocks,
    const INDEX count,
    global int *restrict r0,
    global long *restrict r1,
    global float *restrict r2,
    global float *restrict r3,
    global float *restrict r4,
    global float *restrict r5,
    global float *restrict o0,
    const INDEX o0_offset,
    global long *restrict o1,
    const INDEX o1_offset,
    global float *restrict o2,
    const INDEX o2_offset) {
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
    int best = INT_MIN;
    ulong place = ULONG_MAX;
    for (INDEX b = lane; b < mine; b += 32) {
      if (r0[at + b] > best || place == ULONG_MAX) {
        best = r0[at + b];
        place = b;
      }
    }
    {
      local int *all = (local int *) scratch;
      all[item] = best;
      places[item] = place;
      barrier(CLK_LOCAL_MEM_FENCE);
      for (int h = 16; h > 0; h /= 2) {
        const int other = item + h;
        if (lane < h && (all[other] > all[item] || (all[other] == all[item] && places[other] < places[item]))) {
          all[item] = all[other];
          places[item] = places[other];
        }
        barrier(CLK_LOCAL_MEM_FENCE);
      }
      best = all[item - lane];
      place = places[item - lane];
      barrier(CLK_LOCAL_MEM_FENCE);
    }
    if (here && lane == 0) {
      o1[o1_offset + row] = r1[at + (INDEX) place];
    }
  }
  {
    float folded = -(float) 0;
    {
      const int parts = (int) ((blocks + 4095) / 4096);
      float over = -(float) 0;
      for (int p = 0; p < parts; p++) {
        const INDEX start = (INDEX) p * 4096;
        const int some = here ? (int) min((INDEX) 4096, blocks - start) : 0;
        folded = -(float) 0;
        for (int j = lane; j < some; j += 512) {
          float own[16];
          #pragma unroll
          for (int u = 0; u < 16; u++) {
            const int k = j + u * 32;
            const INDEX b = start + min(k, some - 1);
            own[u] = k < some ? r2[at + b] : -(float) 0;
          }
          #pragma unroll
          for (int u = 0; u < 16; u++) {
            folded += own[u];
          }
        }
        {
          local float *all = (local float *) scratch;
          all[item] = folded;
          barrier(CLK_LOCAL_MEM_FENCE);
          for (int h = 16; h > 0; h /= 2) {
            if (lane < h) {
              all[item] = all[item] + all[item + h];
            }
            barrier(CLK_LOCAL_MEM_FENCE);
          }
          folded = all[item - lane];
          barrier(CLK_LOCAL_MEM_FENCE);
        }
        if (p % 32 == lane) {
          over += folded;
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
        folded = over;
      }
    }
    if (here && lane == 0) {
      o2[o2_offset + row] = kiln_canonical_float(folded);
    }
  }
  {
    global const float *m = r3 + at;
    global const float *s1 = r4 + at;
    global const float *s2 = r5 + at;
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
