#pragma OPENCL FP_CONTRACT OFF

kernel void kiln_points(
    const INDEX units,
    const INDEX n0,
    global const float *restrict a0,
    const INDEX a0_offset,
    global const float *restrict a1,
    const INDEX a1_offset,
    const float p0,
    global float *restrict o0,
    const INDEX o0_offset) {
  const INDEX width = (INDEX) get_local_size(0);
  const INDEX group = (INDEX) get_group_id(0);
  const INDEX from = group * (width * 4) + (INDEX) get_local_id(0);
  const INDEX step = (INDEX) get_global_size(1);
  for (INDEX point = (INDEX) get_global_id(1); point < units; point += step) {
    INDEX row = point;
    const INDEX a0_row = a0_offset;
    const INDEX a1_row = a1_offset;
    const INDEX o0_row = o0_offset;
    if (from + 3 * width < n0) {
      #pragma unroll
      for (int p = 0; p < 4; p++) {
        const INDEX i = from + p * width;
        float x4;
        {
          const float v0 = a0[a0_row + i];
          const float v1 = p0;
          const float v2 = a1[a1_row];
          const float v3 = v1 * v2;
          const float v4 = v0 + v3;
          x4 = v4;
        }
        o0[o0_row + i] = x4;
      }
    }
    else {
      for (INDEX i = from; i < n0; i += width) {
        float x4;
        {
          const float v0 = a0[a0_row + i];
          const float v1 = p0;
          const float v2 = a1[a1_row];
          const float v3 = v1 * v2;
          const float v4 = v0 + v3;
          x4 = v4;
        }
        o0[o0_row + i] = x4;
      }
    }
  }
}
