#pragma OPENCL FP_CONTRACT OFF

static long kiln_place(long number, global const long *axes, const long rank) {
  long place = 0;
  for (long axis = rank - 1; axis > 0; axis--) {
    const long rest = number / axes[2 * axis];
    place += (number - rest * axes[2 * axis]) * axes[2 * axis + 1];
    number = rest;
  }
  return place + number * axes[1];
}

kernel __attribute__((reqd_work_group_size(16, 16, 1))) void kiln_group(
    const long rows,
    const long inner,
    const long columns,
    global const long *restrict left,
    const long leftOffset,
    global const long *restrict leftAxes,
    const long leftRank,
    const long leftStride,
    const long leftStep,
    global const long *restrict right,
    const long rightOffset,
    global const long *restrict rightAxes,
    const long rightRank,
    const long rightStride,
    const long rightStep,
    global long *restrict out) {
  local ulong4 a[16][16 + 1];
  local ulong4 b[16][16];
  const int across = get_local_id(0);
  const int down = get_local_id(1);
  const long firstColumn = get_group_id(0) * 64;
  const long firstRow = get_group_id(1) * 64;
  const long product = get_global_id(2);
  left += leftOffset + kiln_place(product, leftAxes, leftRank);
  right += rightOffset + kiln_place(product, rightAxes, rightRank);
  ulong4 total[4];
  ulong4 sum[4];
  for (int i = 0; i < 4; i++) {
    total[i] = 0;
    sum[i] = 0;
  }
  for (long from = 0; from < inner; from += 16) {
    const int depth = (int) min((long) 16, inner - from);
    for (int i = 0; i < 4; i++) {
      const int at = down + i * 16;
      const long row = firstRow + at;
      ((local ulong *) a[across])[at] = row < rows && across < depth
          ? left[row * leftStride + (from + across) * leftStep]
          : (long) 0;
      const int beside = across + i * 16;
      const long column = firstColumn + beside;
      ((local ulong *) b[down])[beside] = column < columns && down < depth
          ? right[column * rightStride + (from + down) * rightStep]
          : (long) 0;
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    if (depth == 16) {
      #pragma unroll
      for (int k = 0; k < 16; k++) {
        const ulong4 x = a[k][down];
        const ulong4 y = b[k][across];
        sum[0] = (ulong4) x.s0 * y + sum[0]; sum[1] = (ulong4) x.s1 * y + sum[1]; sum[2] = (ulong4) x.s2 * y + sum[2]; sum[3] = (ulong4) x.s3 * y + sum[3];
      }
    } else {
      for (int k = 0; k < depth; k++) {
        const ulong4 x = a[k][down];
        const ulong4 y = b[k][across];
        sum[0] = (ulong4) x.s0 * y + sum[0]; sum[1] = (ulong4) x.s1 * y + sum[1]; sum[2] = (ulong4) x.s2 * y + sum[2]; sum[3] = (ulong4) x.s3 * y + sum[3];
      }
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    const long next = from + 16;
    if (next >= inner || next % 384 == 0) {
      for (int i = 0; i < 4; i++) {
        total[i] = from < 384 ? sum[i] : total[i] + sum[i];
        sum[i] = 0;
      }
    }
  }
  for (int i = 0; i < 4; i++) {
    const long row = firstRow + down * 4 + i;
    ulong values[4];
    vstore4(total[i], 0, values);
    for (int j = 0; j < 4; j++) {
      const long column = firstColumn + across * 4 + j;
      if (row < rows && column < columns) {
        const ulong x = values[j];
        out[(product * rows + row) * columns + column] = (long) x;
      }
    }
  }
}
