#pragma OPENCL FP_CONTRACT OFF

kernel void kiln_blocks(
    const INDEX begin,
    const INDEX units,
    const INDEX chunk,
    const INDEX first_block,
    const INDEX blocks_here,
    const INDEX blocks,
    const INDEX count,
    const INDEX n1,
    const INDEX n3,
    global const short *restrict a0,
    const INDEX a0_offset,
    const INDEX a0_stride0,
    const INDEX a0_stride1,
    const INDEX a0_stride2,
    global const short *restrict a1,
    const INDEX a1_offset,
    const INDEX a1_stride0,
    const INDEX a1_stride1,
    const INDEX a1_stride2,
    const INDEX a1_stride3,
    global short *restrict r0,
    global short *restrict r1) {
  short x2[4096];
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
    int run = 0;
    for (int done = 0; done < length; done += run) {
      INDEX point = from + done;
      const INDEX i3 = point % n3;
      point /= n3;
      const INDEX i2 = point;
      run = (int) min((INDEX) (length - done), n3 - i3);
      const INDEX a0_run = a0_row + i2 * a0_stride2;
      const INDEX a1_run = a1_row + i2 * a1_stride2;
      for (int k = 0; k < run; k++) {
        const short v0 = a0[a0_run + (i3 + k)];
        const short v1 = a1[a1_run + (i3 + k) * a1_stride3];
        const short v2 = (short) ((uint) v0 * (uint) v1);
        x2[done + k] = v2;
      }
    }
    {
      uint folded = (uint) x2[0];
      for (int k = 1; k < length; k++) {
        folded = folded + (uint) x2[k];
      }
      r0[unit] = (short) folded;
    }
    {
      short folded = x2[0];
      for (int k = 1; k < length; k++) {
        folded = max(folded, (short) x2[k]);
      }
      r1[unit] = folded;
    }
  }
}

kernel void kiln_combine(
    const INDEX units,
    const INDEX chunk,
    const INDEX blocks,
    const INDEX count,
    global short *restrict r0,
    global short *restrict r1,
    global short *restrict o0,
    const INDEX o0_offset,
    global short *restrict o1,
    const INDEX o1_offset) {
  const INDEX first = (INDEX) get_global_id(0) * chunk;
  const INDEX last = min(units, first + chunk);
  for (INDEX row = first; row < last; row++) {
    const INDEX at = row * blocks;
    {
      uint folded = (uint) r0[at];
      for (INDEX k = 1; k < blocks; k++) {
        folded = folded + (uint) r0[at + k];
      }
      o0[o0_offset + row] = (short) folded;
    }
    {
      short folded = r1[at];
      for (INDEX k = 1; k < blocks; k++) {
        folded = max(folded, (short) r1[at + k]);
      }
      o1[o1_offset + row] = folded;
    }
  }
}
