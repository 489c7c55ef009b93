#pragma OPENCL FP_CONTRACT OFF

kernel void kiln_tiles(
    const INDEX begin,
    const INDEX units,
    const INDEX chunk,
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
  float t0[4352];
  uchar t1[256];
  const INDEX first = begin + (INDEX) get_global_id(0) * chunk;
  const INDEX last = min(units, first + chunk);
  for (INDEX unit = first; unit < last; unit++) {
    const INDEX strips = (n2 + 255) / 256;
    const INDEX bands = (n1 + 15) / 16;
    const INDEX band = unit / strips;
    const INDEX from = (unit - band * strips) * 256;
    const int columns = (int) min((INDEX) 256, n2 - from);
    INDEX plane = band / bands;
    const INDEX i1 = (band - plane * bands) * 16;
    const int rows = (int) min((INDEX) 16, n1 - i1);
    const INDEX i0 = plane;
    const INDEX a0_tile = a0_offset + i0 * a0_stride0 + i1 * a0_stride1;
    const INDEX a1_tile = a1_offset + i0 * a1_stride0 + i1 * a1_stride1;
    const INDEX a2_tile = a2_offset + i0 * a2_stride0 + i1 * a2_stride1;
    const INDEX o0_tile = o0_offset + i0 * o0_stride0 + i1 * o0_stride1;
    if (rows == 16) {
      for (int c = 0; c < columns; c++) {
        for (int r = 0; r < 16; r++) {
          t0[r * 272 + c] = a0[a0_tile + (from + c) * a0_stride2 + r];
        }
      }
    }
    else {
      for (int c = 0; c < columns; c++) {
        for (int r = 0; r < rows; r++) {
          t0[r * 272 + c] = a0[a0_tile + (from + c) * a0_stride2 + r];
        }
      }
    }
    for (int c = 0; c < columns; c++) {
      t1[c] = a1[a1_tile + (from + c) * a1_stride2];
    }
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        const float v0 = t0[r * 272 + c];
        const bool v1 = t1[c] != 0;
        const float v2 = a2[a2_tile + r * a2_stride1 + (from + c)];
        const float v3 = v1 ? v0 : v2;
        o0[o0_tile + r * o0_stride1 + (from + c)] = v3;
      }
    }
  }
}
