#pragma OPENCL FP_CONTRACT OFF

static short kiln_floor_div_short(const short a, const short b) {
  if (b == 0) {
    return 0;
  }
  if (b == -1) {
    return (short) (0 - (uint) a);
  }
  return (short) (a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0));
}

static ulong kiln_pow_ulong(const ulong base, const ulong exponent) {
  ulong power = 1;
  ulong square = (ulong) base;
  for (ulong rest = (ulong) exponent; rest != 0; rest >>= 1) {
    if (rest & 1) {
      power *= square;
    }
    square *= square;
  }
  return (ulong) power;
}

kernel void kiln_store(
    const INDEX begin,
    const INDEX units,
    const INDEX chunk,
    const INDEX strip,
    const INDEX n0,
    global const short *restrict a0,
    const INDEX a0_offset,
    global const short *restrict a1,
    const INDEX a1_offset,
    global ulong *restrict o0,
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
      const short v0 = a0[a0_row + i];
      const short v1 = a1[a1_row];
      const short v2 = (short) ((uint) v0 + (uint) v1);
      const short v3 = (short) ((uint) v2 * (uint) v0);
      const short v4 = (short) ((uint) 0 - (uint) v1);
      const short v5 = (short) ((uint) v3 - (uint) v4);
      const short v6 = (short) (~v0);
      const short v7 = (short) (v5 ^ v6);
      const short v8 = 3;
      const short v9 = (short) ((uint) v7 << (v8 & 15));
      const short v10 = (short) (v1 >> (v0 & 15));
      const short v11 = v10 < 0 ? (short) ((uint) 0 - (uint) v10) : v10;
      const short v12 = max(v9, v11);
      const short v13 = kiln_floor_div_short(v12, v1);
      const ulong v14 = (ulong) v13;
      const ulong v15 = (ulong) v1;
      const ulong v16 = kiln_pow_ulong(v14, v15);
      o0[o0_row + i] = v16;
    }
  }
}
