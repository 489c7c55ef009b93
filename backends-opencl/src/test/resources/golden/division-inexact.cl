#pragma OPENCL FP_CONTRACT OFF
#pragma OPENCL EXTENSION cl_khr_fp64 : enable

static float kiln_divide_float(const float a, const float b) {
  return (float) ((double) a / (double) b);
}

static float kiln_sqrt_float(const float a) {
  return (float) sqrt((double) a);
}

static float kiln_max_float(const float a, const float b) {
  return a != a ? a : b != b ? b : a > b ? a : b > a ? b : as_float(as_uint(a) & as_uint(b));
}

static int kiln_to_int_float(const float x) {
  return x != x ? 0 : x >= 0x1.0p31f ? INT_MAX : x < -0x1.0p31f ? INT_MIN : (int) x;
}

static float kiln_fmod_float(const float a, const float b) {
  const uint hidden = (uint) 1 << 23;
  const uint sign = as_uint(a) & ~((uint) INT_MAX);
  uint x = as_uint(a) & (uint) INT_MAX;
  uint y = as_uint(b) & (uint) INT_MAX;
  if (y == 0 || x >= 0x7f800000u || y > 0x7f800000u) {
    return as_float(0x7fc00000u);
  }
  if (x < y) {
    return a;
  }
  int x_exponent = max(1, (int) (x >> 23));
  int y_exponent = max(1, (int) (y >> 23));
  x = x < hidden ? x : (x & (hidden - 1)) | hidden;
  y = y < hidden ? y : (y & (hidden - 1)) | hidden;
  for (; y < hidden; y_exponent--) {
    y <<= 1;
  }
  for (; x < hidden; x_exponent--) {
    x <<= 1;
  }
  for (; x_exponent > y_exponent; x_exponent--) {
    x = (x >= y ? x - y : x) << 1;
  }
  x = x >= y ? x - y : x;
  if (x == 0) {
    return as_float(sign);
  }
  for (; x < hidden; y_exponent--) {
    x <<= 1;
  }
  x = y_exponent > 0 ? (x - hidden) | ((uint) y_exponent << 23) : x >> (1 - y_exponent);
  return as_float(x | sign);
}

static float kiln_float_floor_div_float(const float a, const float b) {
  if (b == 0) {
    return kiln_divide_float(a, b);
  }
  const float remainder = kiln_fmod_float(a, b);
  float quotient = kiln_divide_float(a - remainder, b);
  if (remainder != 0 && (b < 0) != (remainder < 0)) {
    quotient -= 1;
  }
  if (quotient == 0) {
    return copysign((float) 0, kiln_divide_float(a, b));
  }
  const float whole = floor(quotient);
  return quotient - whole > (float) 0.5 ? whole + 1 : whole;
}

kernel void kiln_store(
    const INDEX begin,
    const INDEX units,
    const INDEX chunk,
    const INDEX strip,
    const INDEX n0,
    global const float *restrict a0,
    const INDEX a0_offset,
    global const float *restrict a1,
    const INDEX a1_offset,
    global int *restrict o0,
    const INDEX o0_offset) {
  const INDEX first = begin + (INDEX) get_global_id(0) * chunk;
  const INDEX last = min(units, first + chunk);
  const INDEX strips = (n0 + strip - 1) / strip;
  for (INDEX unit = first; unit < last; unit++) {
    INDEX row = unit / strips;
    const INDEX from = (unit - row * strips) * strip;
    const INDEX to = min(n0, from + strip);
    const INDEX a0_row = a0_offset;
    const INDEX a1_row = a1_offset;
    const INDEX o0_row = o0_offset;
    for (INDEX i = from; i < to; i++) {
      const float v0 = a0[a0_row + i];
      const float v1 = a1[a1_row + i];
      const float v2 = kiln_divide_float(v0, v1);
      const float v3 = kiln_sqrt_float(v0);
      const float v4 = kiln_max_float(v2, v3);
      const float v5 = kiln_float_floor_div_float(v0, v4);
      const int v6 = kiln_to_int_float(v5);
      o0[o0_row + i] = v6;
    }
  }
}
