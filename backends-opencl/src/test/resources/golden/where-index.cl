#pragma OPENCL FP_CONTRACT OFF

kernel void kiln_store(
    const INDEX begin,
    const INDEX units,
    const INDEX chunk,
    const INDEX strip,
    const INDEX n1,
    const INDEX n2,
    const INDEX a0_offset,
    const INDEX a0_stride0,
    const INDEX a0_stride1,
    const INDEX a0_stride2,
    global const ushort *restrict a1,
    const INDEX a1_offset,
    const INDEX a1_stride0,
    const INDEX a1_stride1,
    const INDEX a1_stride2,
    global const uchar *restrict a2,
    const INDEX a2_offset,
    const INDEX a2_stride0,
    const INDEX a2_stride1,
    const long p0,
    const ushort p1,
    global ushort *restrict o0,
    const INDEX o0_offset,
    const INDEX o0_stride0,
    const INDEX o0_stride1,
    const INDEX o0_stride2,
    global long *restrict o1,
    const INDEX o1_offset,
    const INDEX o1_stride0,
    const INDEX o1_stride1) {
  const INDEX first = begin + (INDEX) get_global_id(0) * chunk;
  const INDEX last = min(units, first + chunk);
  const INDEX strips = (n2 + strip - 1) / strip;
  for (INDEX unit = first; unit < last; unit++) {
    INDEX row = unit / strips;
    const INDEX from = (unit - row * strips) * strip;
    const INDEX to = min(n2, from + strip);
    const INDEX i1 = row % n1;
    row /= n1;
    const INDEX i0 = row;
    const INDEX a0_row = a0_offset + i0 * a0_stride0 + i1 * a0_stride1;
    const INDEX a1_row = a1_offset + i0 * a1_stride0 + i1 * a1_stride1;
    const INDEX a2_row = a2_offset + i0 * a2_stride0 + i1 * a2_stride1;
    const INDEX o0_row = o0_offset + i0 * o0_stride0 + i1 * o0_stride1;
    const INDEX o1_row = o1_offset + i0 * o1_stride0 + i1 * o1_stride1;
    for (INDEX i = from; i < to; i++) {
      const long v0 = (long) (a0_row + i * a0_stride2);
      const long v1 = p0;
      const bool v2 = v0 > v1;
      const bool v3 = a2[a2_row + i] != 0;
      const bool v4 = (bool) (v2 & v3);
      const ushort v5 = a1[a1_row + i * a1_stride2];
      const ushort v6 = p1;
      const ushort v7 = v4 ? v5 : v6;
      o0[o0_row + i * o0_stride2] = v7;
      o1[o1_row + i] = v0;
    }
  }
}
