#pragma OPENCL FP_CONTRACT OFF
#pragma OPENCL EXTENSION cl_khr_fp64 : enable

kernel void kiln_store(
    const INDEX begin,
    const INDEX units,
    const INDEX chunk,
    const INDEX strip,
    const INDEX n0,
    global const double *restrict a0,
    const INDEX a0_offset,
    global double *restrict o0,
    const INDEX o0_offset) {
  const INDEX first = begin + (INDEX) get_global_id(0) * chunk;
  const INDEX last = min(units, first + chunk);
  const INDEX strips = (n0 + strip - 1) / strip;
  for (INDEX unit = first; unit < last; unit++) {
    INDEX row = unit / strips;
    const INDEX from = (unit - row * strips) * strip;
    const INDEX to = min(n0, from + strip);
    const INDEX a0_row = a0_offset;
    const INDEX o0_row = o0_offset;
    int rare = 0;
    for (INDEX i = from; i < to; i++) {
      const double v0 = a0[a0_row + i];
      const double v1 = 0x1.dcd65p29; // 1.0E9
      const bool v2 = v0 > v1;
      const double v6 = sqrt(v0);
      const double v7 = v6;
      const double v8 = 0x1.0p-30; // 9.313225746154785E-10
      const bool v9 = v7 < v8;
      const double v11 = -v0;
      const double v12 = 0x1.0p1; // 2.0
      const double v13 = fma(v7, v12, v11);
      const double v14 = v13;
      rare |= v2;
      rare |= v9;
      o0[o0_row + i] = v14;
    }
    if (rare) {
      #pragma clang loop vectorize(disable)
      for (INDEX i = from; i < to; i++) {
        int here = 0;
        {
          const double v0 = a0[a0_row + i];
          const double v1 = 0x1.dcd65p29; // 1.0E9
          const bool v2 = v0 > v1;
          const double v6 = sqrt(v0);
          const double v7 = v6;
          const double v8 = 0x1.0p-30; // 9.313225746154785E-10
          const bool v9 = v7 < v8;
          here |= v2;
          here |= v9;
        }
        if (here) {
          const double v0 = a0[a0_row + i];
          const double v1 = 0x1.dcd65p29; // 1.0E9
          const bool v2 = v0 > v1;
          const double v3 = v0 * v0;
          const double v4 = 0x1.0p0; // 1.0
          const double v5 = v3 + v4;
          const double v6 = sqrt(v0);
          const double v7 = v2 ? v5 : v6;
          const double v8 = 0x1.0p-30; // 9.313225746154785E-10
          const bool v9 = v7 < v8;
          const double v10 = v7 / v0;
          const double v11 = -v0;
          const double v12 = 0x1.0p1; // 2.0
          const double v13 = fma(v7, v12, v11);
          const double v14 = v9 ? v10 : v13;
          o0[o0_row + i] = v14;
        }
      }
    }
  }
}
