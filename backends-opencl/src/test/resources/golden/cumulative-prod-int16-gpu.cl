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

static ushort16 kiln_result(const ushort16 x) {
  return x;
}

static ushort kiln_single(const ushort x) {
  return x;
}

static ushort16 kiln_scan(const ushort16 x) {
  ushort16 v = x;
  v = (ushort16)(1, v.s0123, v.s456789ab, v.scd, v.se) * v;
  v = (ushort16)((ushort2) 1, v.s01234567, v.s89ab, v.scd) * v;
  v = (ushort16)((ushort4) 1, v.s01234567, v.s89ab) * v;
  v = (ushort16)((ushort8) 1, v.s01234567) * v;
  return v;
}

static ushort16 kiln_load(global const ushort *x, const long step, const int count) {
  if (step == 1 && count >= 16) {
    return vload16(0, x);
  }
  ushort v[16];
  for (int i = 0; i < 16; i++) {
    v[i] = i < count ? x[i * step] : 1;
  }
  return vload16(0, v);
}

static void kiln_store(const ushort16 x, global ushort *out, const int count) {
  if (count >= 16) {
    vstore16(x, 0, out);
    return;
  }
  ushort v[16];
  vstore16(x, 0, v);
  for (int i = 0; i < count; i++) {
    out[i] = v[i];
  }
}

kernel void kiln_columns(
    const long blocks,
    const long n,
    const long inner,
    global const ushort *restrict x,
    const long offset,
    global const long *restrict axes,
    const long rank,
    const long step,
    global const long *restrict innerAxes,
    const long innerRank,
    const long dense,
    global ushort *restrict out) {
  const long column = get_global_id(0) * 16;
  const long start = get_global_id(1) * 4096;
  const long outer = get_global_id(2);
  const int width = (int) min((long) 16, inner - column);
  const int length = (int) min((long) 4096, n - start);
  global const ushort *from = x + offset + kiln_place(outer, axes, rank) + start * step;
  global ushort *to = out + (outer * n + start) * inner + column;
  long place[16];
  for (int j = 0; j < 16; j++) {
    place[j] = kiln_place(min(column + j, inner - 1), innerAxes, innerRank);
  }
  ushort16 v[16];
  ushort16 before = 1;
  for (int i = 0; i < length; i += 16) {
    const int count = min(16, length - i);
    for (int k = 0; k < count; k++, from += step) {
      if (dense && width == 16) {
        v[k] = vload16(0, from + place[0]);
      } else {
        ushort line[16];
        for (int j = 0; j < 16; j++) {
          line[j] = from[place[j]];
        }
        v[k] = vload16(0, line);
      }
    }
    for (int h = 1; h < 16; h *= 2) {
      for (int k = count - 1; k >= h; k--) {
        v[k] = v[k - h] * v[k];
      }
    }
    for (int k = 0; k < count; k++, to += inner) {
      v[k] = before * v[k];
      kiln_store(kiln_result(v[k]), to, width);
    }
    before = v[count - 1];
  }
}

kernel void kiln_before(
    const long blocks,
    const long n,
    const long inner,
    global const ushort *restrict out,
    global ushort *restrict before) {
  const long column = get_global_id(0);
  const long outer = get_global_id(1);
  global const ushort *block = out + outer * n * inner + column;
  ushort result = 1;
  for (long b = 0; b < blocks; b++) {
    before[(outer * blocks + b) * inner + column] = result;
    const long last = min(n, (b + 1) * 4096) - 1;
    const ushort own = block[last * inner];
    result = b == 0 ? own : (ushort) (result * own);
  }
}

kernel void kiln_shift_rows(
    const long blocks,
    const long n,
    global const ushort *restrict before,
    global ushort *restrict out) {
  const long block = get_global_id(0) + 1;
  const long row = get_global_id(1);
  const long start = block * 4096;
  const int length = (int) min((long) 4096, n - start);
  global ushort *at = out + row * n + start;
  const ushort16 offset = before[row * blocks + block];
  for (int i = 0; i < length; i += 16) {
    const ushort16 v = kiln_load(at + i, 1, length - i);
    kiln_store(kiln_result(offset * v), at + i, length - i);
  }
}

kernel void kiln_shift_columns(
    const long blocks,
    const long n,
    const long inner,
    global const ushort *restrict before,
    global ushort *restrict out) {
  const long column = get_global_id(0) * 16;
  const long block = get_global_id(1) + 1;
  const long outer = get_global_id(2);
  const int width = (int) min((long) 16, inner - column);
  const long start = block * 4096;
  const int length = (int) min((long) 4096, n - start);
  global ushort *at = out + (outer * n + start) * inner + column;
  const ushort16 offset =
      kiln_load(before + (outer * blocks + block) * inner + column, 1, width);
  for (int i = 0; i < length; i++, at += inner) {
    kiln_store(kiln_result(offset * kiln_load(at, 1, width)), at, width);
  }
}

static ushort kiln_fold(local ushort *x, const int step, const int count, const ushort first) {
  ushort before = first;
  for (int i = 0; i < count; i += 16) {
    ushort own[16];
    for (int j = 0; j < 16; j++) {
      own[j] = i + j < count ? x[(i + j) * step] : 1;
    }
    for (int j = 0; j < 16; j++) {
      if (i + j < count) {
        x[(i + j) * step] = before;
      }
      before = before * own[j];
    }
  }
  return before;
}

kernel __attribute__((reqd_work_group_size(128, 1, 1))) void kiln_group_rows(
    const long units,
    const long share,
    const long blocks,
    const long n,
    global const ushort *restrict x,
    const long offset,
    global const long *restrict axes,
    const long rank,
    const long step,
    global ushort *restrict out) {
  local ushort tile[128 * 17];
  local long from[128];
  local long to[128];
  local int counts[128];
  const int item = get_local_id(0);
  const int down = item / 16;
  const int across = item % 16;
  const long first = get_group_id(0) * share;
  const long start = first % blocks * 4096;
  const int length = (int) min((long) 4096, n - start);
  const int chunks = (length + 16 - 1) / 16;
  const int width = min(chunks, 128);
  const int line = item / width;
  const int column = item - line * width;
  const int has = line < min(share, units - first);
  const long row = has ? (first + line) / blocks : 0;
  const long place = offset + kiln_place(row, axes, rank);
  local ushort *own = tile + item * 17;
  ushort before = 1;
  for (int done = 0; done < chunks; done += 128) {
    const int at = (done + column) * 16;
    from[item] = place + (start + at) * step;
    to[item] = row * n + start + at;
    counts[item] = has ? length - at : 0;
    barrier(CLK_LOCAL_MEM_FENCE);
    ushort read[16];
    for (int i = 0; i < 16; i++) {
      const int c = down + i * 8;
      read[i] = across < counts[c] ? x[from[c] + across * step] : 1;
    }
    for (int i = 0; i < 16; i++) {
      tile[(down + i * 8) * 17 + across] = read[i];
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    const ushort16 v = kiln_scan(vload16(0, own));
    own[16] = v.sf;
    barrier(CLK_LOCAL_MEM_FENCE);
    if (has && column == 0) {
      before = kiln_fold(own + 16, 17, min(width, chunks - done), before);
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    vstore16(kiln_result((ushort16) own[16] * v), 0, own);
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int i = 0; i < 16; i++) {
      const int c = down + i * 8;
      if (across < counts[c]) {
        out[to[c] + across] = tile[c * 17 + across];
      }
    }
    barrier(CLK_LOCAL_MEM_FENCE);
  }
}

kernel __attribute__((reqd_work_group_size(128, 1, 1))) void kiln_group_before(
    const long blocks,
    const long n,
    global const ushort *restrict out,
    global ushort *restrict before) {
  local ushort tile[2048];
  const int item = get_local_id(0);
  const long row = get_group_id(0);
  out += row * n;
  before += row * blocks;
  ushort result = 1;
  for (long done = 0; done < blocks; done += 2048) {
    const int count = (int) min((long) 2048, blocks - done);
    for (int i = item; i < count; i += 128) {
      tile[i] = out[min(n, (done + i + 1) * 4096) - 1];
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    if (item == 0) {
      result = kiln_fold(tile, 1, count, result);
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int i = item; i < count; i += 128) {
      before[done + i] = tile[i];
    }
  }
}

kernel __attribute__((reqd_work_group_size(128, 1, 1))) void kiln_group_shift(
    const long blocks,
    const long n,
    global const ushort *restrict before,
    global ushort *restrict out) {
  const int item = get_local_id(0);
  const long number = get_group_id(0);
  const long row = number / (blocks - 1);
  const long block = number - row * (blocks - 1) + 1;
  const long start = block * 4096;
  const int length = (int) min((long) 4096, n - start);
  global ushort *at = out + row * n + start;
  const ushort offset = before[row * blocks + block];
  for (int i = item; i < length; i += 2048) {
    ushort v[16];
    for (int j = 0; j < 16; j++) {
      v[j] = i + j * 128 < length ? at[i + j * 128] : 1;
    }
    for (int j = 0; j < 16; j++) {
      if (i + j * 128 < length) {
        at[i + j * 128] = kiln_single(offset * v[j]);
      }
    }
  }
}
