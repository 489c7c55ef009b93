#pragma OPENCL FP_CONTRACT OFF
#pragma OPENCL EXTENSION cl_khr_fp64 : enable

static double kiln_divide_double(const double a, const double b) {
  return a / b;
}

static double kiln_canonical_double(const double x) {
  return x != x ? as_double(0x7ff8000000000000UL) : x;
}

static double kiln_max_double(const double a, const double b) {
  return a != a ? a : b != b ? b : a > b ? a : b > a ? b : as_double(as_ulong(a) & as_ulong(b));
}

static long kiln_max_key_double(const double x) {
  const long bits = as_long(x);
  return x != x ? LONG_MAX : bits ^ ((bits < 0 ? -1 : 0) & LONG_MAX);
}

static double kiln_sum_double(double *x, const int n) {
  for (int i = n; i % 16 != 0; i++) {
    x[i] = -(double) 0;
  }
  double4 a = -(double) 0;
  double4 b = -(double) 0;
  double4 c = -(double) 0;
  double4 d = -(double) 0;
  for (int i = 0; i < n; i += 16) {
    a += vload4(0, x + i);
    b += vload4(0, x + i + 4);
    c += vload4(0, x + i + 2 * 4);
    d += vload4(0, x + i + 3 * 4);
  }
  a += c;
  b += d;
  a += b;
  double2 h2 = a.lo;
  h2 += a.hi;
  return h2.lo + h2.hi;
}

static double kiln_sum_parts_double(global const double *x, const INDEX n) {
  double block[4096];
  double results[4096];
  const int blocks = (int) ((n + 4095) / 4096);
  for (int b = 0; b < blocks; b++) {
    const int length = (int) min((INDEX) 4096, n - (INDEX) b * 4096);
    for (int i = 0; i < length; i++) {
      block[i] = x[(INDEX) b * 4096 + i];
    }
    results[b] = kiln_sum_double(block, length);
  }
  return blocks == 1 ? results[0] : kiln_sum_double(results, blocks);
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
    global const double *restrict a0,
    const INDEX a0_offset,
    const INDEX a0_stride0,
    const INDEX a0_stride1,
    global const double *restrict a1,
    const INDEX a1_offset,
    const INDEX a1_stride0,
    const INDEX a1_stride1,
    const INDEX a1_stride2,
    global long *restrict r0,
    global long *restrict r1,
    global double *restrict r2,
    global double *restrict r3,
    global double *restrict r4) {
  double x2[4096];
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
      const double v0 = a0[a0_run + (from + k)];
      const double v1 = a1[a1_run + (from + k) * a1_stride2];
      const double v2 = v0 * v1;
      x2[k] = v2;
    }
    {
      long best = kiln_max_key_double(x2[0] + 0);
      for (int k = 1; k < length; k++) {
        best = max(best, kiln_max_key_double(x2[k] + 0));
      }
      int k = 0;
      while (kiln_max_key_double(x2[k] + 0) != best) {
        k++;
      }
      r0[unit] = best;
      r1[unit] = from + k;
    }
    {
      const double mean = kiln_divide_double(kiln_sum_double(x2, length), (double) length);
      r2[unit] = mean;
      for (int k = 0; k < length; k++) {
        x2[k] -= mean;
      }
      r3[unit] = kiln_sum_double(x2, length);
      for (int k = 0; k < length; k++) {
        x2[k] *= x2[k];
      }
      r4[unit] = kiln_sum_double(x2, length);
    }
  }
}

kernel void kiln_combine(
    const INDEX units,
    const INDEX chunk,
    const INDEX blocks,
    const INDEX count,
    global long *restrict r0,
    global long *restrict r1,
    global double *restrict r2,
    global double *restrict r3,
    global double *restrict r4,
    global double *restrict o0,
    const INDEX o0_offset,
    global long *restrict o1,
    const INDEX o1_offset,
    global double *restrict o2,
    const INDEX o2_offset) {
  const INDEX first = (INDEX) get_global_id(0) * chunk;
  const INDEX last = min(units, first + chunk);
  for (INDEX row = first; row < last; row++) {
    const INDEX at = row * blocks;
    {
      INDEX best = 0;
      for (INDEX k = 1; k < blocks; k++) {
        if (r0[at + k] > r0[at + best]) {
          best = k;
        }
      }
      o1[o1_offset + row] = r1[at + best];
    }
    {
      global double *m = r2 + at;
      global double *s1 = r3 + at;
      global double *s2 = r4 + at;
      double pivot = m[0];
      if (blocks > 1) {
        pivot = kiln_divide_double(kiln_sum_parts_double(m, blocks), (double) blocks);
      }
      for (INDEX b = 0; b < blocks; b++) {
        const double size = (double) min((INDEX) 4096, count - b * 4096);
        const double e = m[b] - pivot;
        const double t = size * e;
        s2[b] = (s2[b] + (2 * e) * s1[b]) + t * e;
        s1[b] = s1[b] + t;
      }
      const double d = kiln_sum_parts_double(s1, blocks);
      const double shift = kiln_divide_double(d, (double) count);
      const double mean = fabs(d) < INFINITY ? pivot + shift : pivot;
      o0[o0_offset + row] = kiln_canonical_double(mean);
      const double q = kiln_sum_parts_double(s2, blocks) - d * shift;
      o2[o2_offset + row] = kiln_canonical_double(kiln_max_double(q, 0));
    }
  }
}
