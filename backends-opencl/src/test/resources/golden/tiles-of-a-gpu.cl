#pragma OPENCL FP_CONTRACT OFF

kernel void kiln_tiles(
    const INDEX begin,
    const INDEX units,
    const INDEX n1,
    const INDEX n2,
    global const float *restrict a0,
    const INDEX a0_offset,
    const INDEX a0_stride0,
    const INDEX a0_stride1,
    const INDEX a0_stride2,
    global const uchar *restrict a1,
    const INDEX a1_offset,
    const INDEX a1_stride0,
    const INDEX a1_stride1,
    const INDEX a1_stride2,
    global const float *restrict a2,
    const INDEX a2_offset,
    const INDEX a2_stride0,
    const INDEX a2_stride1,
    global float *restrict o0,
    const INDEX o0_offset,
    const INDEX o0_stride0,
    const INDEX o0_stride1) {
  local float t0[1056];
  const int x = (int) get_local_id(0) % 32;
  const int y = (int) get_local_id(0) / 32;
  const INDEX unit = begin + (INDEX) get_group_id(0);
  const INDEX strips = (n2 + 31) / 32;
  const INDEX bands = (n1 + 31) / 32;
  const INDEX band = unit / strips;
  const INDEX from = (unit - band * strips) * 32;
  const int columns = (int) min((INDEX) 32, n2 - from);
  INDEX plane = band / bands;
  const INDEX i1 = (band - plane * bands) * 32;
  const int rows = (int) min((INDEX) 32, n1 - i1);
  const INDEX i0 = plane;
  const INDEX a0_tile = a0_offset + i0 * a0_stride0 + i1 * a0_stride1;
  const INDEX a1_tile = a1_offset + i0 * a1_stride0 + i1 * a1_stride1;
  const INDEX a2_tile = a2_offset + i0 * a2_stride0 + i1 * a2_stride1;
  const INDEX o0_tile = o0_offset + i0 * o0_stride0 + i1 * o0_stride1;
  for (int c = y; c < columns; c += 8) {
    if (x < rows) {
      t0[x * 33 + c] = a0[a0_tile + (from + c) * a0_stride2 + x];
    }
  }
  barrier(CLK_LOCAL_MEM_FENCE);
  const int c = x;
  if (c < columns) {
    for (int r = y; r < rows; r += 8) {
      const float v0 = t0[r * 33 + c];
      const bool v1 = a1[a1_tile + r * a1_stride1 + (from + c) * a1_stride2] != 0;
      const float v2 = a2[a2_tile + r * a2_stride1 + (from + c)];
      const float v3 = v1 ? v0 : v2;
      o0[o0_tile + r * o0_stride1 + (from + c)] = v3;
    }
  }
}
