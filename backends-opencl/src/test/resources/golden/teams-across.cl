#pragma OPENCL FP_CONTRACT OFF
#pragma OPENCL EXTENSION cl_khr_fp64 : enable

static double kiln_canonical_double(const double x) {
  return x != x ? as_double(0x7ff8000000000000UL) : x;
}

static long kiln_max_key_double(const double x) {
  const long bits = as_long(x);
  return x != x ? LONG_MAX : bits ^ ((bits < 0 ? -1 : 0) & LONG_MAX);
}

static double kiln_of_key_double(const long key) {
  return kiln_canonical_double(as_double(key ^ ((key < 0 ? -1 : 0) & LONG_MAX)));
}

kernel void kiln_teams(
    const INDEX units,
    const INDEX blocks,
    const INDEX count,
    const INDEX n1,
    global const double *restrict a0,
    const INDEX a0_offset,
    const INDEX a0_stride0,
    const INDEX a0_stride1,
    global const double *restrict a1,
    const INDEX a1_offset,
    const INDEX a1_stride0,
    const INDEX a1_stride1,
    const INDEX a1_stride2,
    global double *restrict r0,
    global double *restrict r1) {
  local ulong scratch[256];
  local ulong places[256];
  const int item = (int) get_local_id(0);
  const int lane = item / 16;
  const INDEX task = (INDEX) get_group_id(0) * 16 + item % 16;
  const bool here = task < units;
  const INDEX rows = units / blocks;
  const INDEX block = task / rows;
  INDEX row = task - block * rows;
  const INDEX unit = row * blocks + block;
  const INDEX from = block * 4096;
  const int length = here ? (int) min((INDEX) 4096, count - from) : 0;
  const INDEX i1 = row % n1;
  row /= n1;
  const INDEX i0 = row;
  const INDEX a0_row = a0_offset + i0 * a0_stride0 + i1 * a0_stride1;
  const INDEX a1_row = a1_offset + i0 * a1_stride0 + i1 * a1_stride1;
  double f0 = -(double) 0;
  long f1 = LONG_MIN;
  #pragma unroll 8
  for (int k = lane; k < length; k += 16) {
    double x2;
    {
      const double v0 = a0[a0_row + (from + k)];
      const double v1 = a1[a1_row + (from + k) * a1_stride2];
      const double v2 = v0 * v1;
      x2 = v2;
    }
    f0 += x2;
    f1 = max(f1, (long) kiln_max_key_double(x2));
  }
  {
    local double *all = (local double *) scratch;
    all[item] = f0;
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int h = 8; h > 0; h /= 2) {
      if (lane < h) {
        all[item] = all[item] + all[item + h * 16];
      }
      barrier(CLK_LOCAL_MEM_FENCE);
    }
    f0 = all[item - lane * 16];
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  if (here && lane == 0) {
    r0[unit] = kiln_canonical_double(f0);
  }
  {
    local long *all = (local long *) scratch;
    all[item] = f1;
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int h = 8; h > 0; h /= 2) {
      if (lane < h) {
        all[item] = max(all[item], (long) all[item + h * 16]);
      }
      barrier(CLK_LOCAL_MEM_FENCE);
    }
    f1 = all[item - lane * 16];
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  if (here && lane == 0) {
    r1[unit] = kiln_of_key_double(f1);
  }
}

kernel void kiln_combine(
    const INDEX units,
    const INDEX blocks,
    const INDEX count,
    global double *restrict r0,
    global double *restrict r1,
    global double *restrict o0,
    const INDEX o0_offset,
    global double *restrict o1,
    const INDEX o1_offset) {
  local ulong scratch[256];
  local ulong places[256];
  const int item = (int) get_local_id(0);
  const int lane = item / 16;
  const INDEX task = (INDEX) get_group_id(0) * 16 + item % 16;
  const bool here = task < units;
  const INDEX row = task;
  const INDEX at = row * blocks;
  const INDEX mine = here ? blocks : 0;
  {
    double folded = -(double) 0;
    {
      const int parts = (int) ((blocks + 4095) / 4096);
      double over = -(double) 0;
      for (int p = 0; p < parts; p++) {
        const INDEX start = (INDEX) p * 4096;
        const int some = here ? (int) min((INDEX) 4096, blocks - start) : 0;
        folded = -(double) 0;
        for (int j = lane; j < some; j += 256) {
          double own[16];
          #pragma unroll
          for (int u = 0; u < 16; u++) {
            const int k = j + u * 16;
            const INDEX b = start + min(k, some - 1);
            own[u] = k < some ? r0[at + b] : -(double) 0;
          }
          #pragma unroll
          for (int u = 0; u < 16; u++) {
            folded += own[u];
          }
        }
        {
          local double *all = (local double *) scratch;
          all[item] = folded;
          barrier(CLK_LOCAL_MEM_FENCE);
          for (int h = 8; h > 0; h /= 2) {
            if (lane < h) {
              all[item] = all[item] + all[item + h * 16];
            }
            barrier(CLK_LOCAL_MEM_FENCE);
          }
          folded = all[item - lane * 16];
          barrier(CLK_LOCAL_MEM_FENCE);
        }
        if (p % 16 == lane) {
          over += folded;
        }
      }
      if (parts > 1) {
        {
          local double *all = (local double *) scratch;
          all[item] = over;
          barrier(CLK_LOCAL_MEM_FENCE);
          for (int h = 8; h > 0; h /= 2) {
            if (lane < h) {
              all[item] = all[item] + all[item + h * 16];
            }
            barrier(CLK_LOCAL_MEM_FENCE);
          }
          over = all[item - lane * 16];
          barrier(CLK_LOCAL_MEM_FENCE);
        }
        folded = over;
      }
    }
    if (here && lane == 0) {
      o0[o0_offset + row] = kiln_canonical_double(folded);
    }
  }
  {
    long folded = LONG_MIN;
    for (INDEX b = lane; b < mine; b += 16) {
      folded = max(folded, (long) kiln_max_key_double(r1[at + b]));
    }
    {
      local long *all = (local long *) scratch;
      all[item] = folded;
      barrier(CLK_LOCAL_MEM_FENCE);
      for (int h = 8; h > 0; h /= 2) {
        if (lane < h) {
          all[item] = max(all[item], (long) all[item + h * 16]);
        }
        barrier(CLK_LOCAL_MEM_FENCE);
      }
      folded = all[item - lane * 16];
      barrier(CLK_LOCAL_MEM_FENCE);
    }
    if (here && lane == 0) {
      o1[o1_offset + row] = kiln_of_key_double(folded);
    }
  }
}
