#pragma OPENCL FP_CONTRACT OFF

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
    const float p0,
    global float *restrict o0,
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
      const float v1 = p0;
      const float v2 = a1[a1_row];
      const float v3 = v1 * v2;
      const float v4 = v0 + v3;
      o0[o0_row + i] = v4;
    }
  }
}
