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

static uint kiln_ascending(const uint x) {
  const uint size = x & ~0x80000000u;
  return size > 0x7f800000u ? ~(uint) 0 : size == 0 || x == size ? size | 0x80000000u : ~x;
}

static uint kiln_key(const uint x) {
  return kiln_ascending(x);
}

static uint kiln_result(const uint x, const long place) {
  return (x & ~0x80000000u) > 0x7f800000u ? 0x7fc00000u : x;
}

static void kiln_runs(uint *x, ushort *places, const int n) {
  for (int i = 0; i < n; i++) {
    const uint element = x[i];
    int at = i;
    for (; at % 8 != 0 && kiln_key(x[at - 1]) > kiln_key(element); at--) {
      x[at] = x[at - 1];
      places[at] = places[at - 1];
    }
    x[at] = element;
    places[at] = i;
  }
}

static void kiln_merge(
    const uint *x, const ushort *from, uint *y, ushort *to, const int n, const int width) {
  for (int low = 0; low < n; low += 2 * width) {
    const int middle = min(n, low + width);
    const int high = min(n, low + 2 * width);
    int i = low;
    int j = middle;
    for (int k = low; k < high; k++) {
      const int isLeft = i < middle && (j == high || kiln_key(x[i]) <= kiln_key(x[j]));
      const int at = isLeft ? i++ : j++;
      y[k] = x[at];
      to[k] = from[at];
    }
  }
}

kernel void kiln_short(
    const long rows,
    const long share,
    const long n,
    const long inner,
    global const uint *restrict x,
    const long offset,
    global const long *restrict axes,
    const long rank,
    const long step,
    global uint *restrict out) {
  uint elements[2][64];
  ushort places[2][64];
  const long first = get_global_id(0) * share;
  const long last = min(rows, first + share);
  for (long row = first; row < last; row++) {
    global const uint *from = x + offset + kiln_place(row, axes, rank);
    for (int i = 0; i < n; i++) {
      elements[0][i] = from[i * step];
    }
    kiln_runs(elements[0], places[0], n);
    int side = 0;
    for (int width = 8; width < n; width *= 2, side = 1 - side) {
      kiln_merge(
          elements[side], places[side], elements[1 - side], places[1 - side], n, width);
    }
    const long outer = row / inner;
    global uint *to = out + outer * n * inner + (row - outer * inner);
    for (int i = 0; i < n; i++) {
      to[i * inner] = kiln_result(elements[side][i], places[side][i]);
    }
  }
}

static void kiln_read(
    global const uint *x, const long step, const int length, local uint *elements) {
  const int item = get_local_id(0);
  uint read[13];
  #pragma unroll
  for (int k = 0; k < 13; k++) {
    const int i = item + k * 256;
    read[k] = i < length ? x[i * step] : 0;
  }
  #pragma unroll
  for (int k = 0; k < 13; k++) {
    elements[item + k * 256] = read[k];
  }
}

static INDEX kiln_before(const INDEX own, local INDEX *table, INDEX *all) {
  const int item = get_local_id(0);
  table[item + item / 16] = own;
  barrier(CLK_LOCAL_MEM_FENCE);
  if (item < 16) {
    local INDEX *line = table + item * 17;
    INDEX numbers[16];
    #pragma unroll
    for (int i = 0; i < 16; i++) {
      numbers[i] = line[i];
    }
    INDEX sum = 0;
    #pragma unroll
    for (int i = 0; i < 16; i++) {
      line[i] = sum;
      sum += numbers[i];
    }
    line[16] = sum;
  }
  barrier(CLK_LOCAL_MEM_FENCE);
  INDEX before = table[item + item / 16];
  INDEX sum = 0;
  #pragma unroll
  for (int i = 0; i < 16; i++) {
    before += i == item / 16 ? sum : 0;
    sum += table[i * 17 + 16];
  }
  *all = sum;
  return before;
}

static __attribute__((always_inline)) void kiln_split(
    uint *own, const int each, const int shift, local uint *pool, local INDEX *table) {
  const int item = get_local_id(0);
  #pragma unroll
  for (int i = 0; i < 9; i++) {
    pool[item + i * 256] = 0;
  }
  #pragma unroll
  for (int k = 0; k < 13; k++) {
    if (k < each) {
      const uint value = own[k] >> shift & 15;
      const uint upper = value / 8 * 16;
      const int at = item + value % 8 * 256;
      const uint count = pool[at];
      own[k] |= count >> upper << 28;
      pool[at] = count + (1u << upper);
    }
  }
  barrier(CLK_LOCAL_MEM_FENCE);
  local uint *row = pool + item * 9;
  uint counts[9];
  uint sum = 0;
  #pragma unroll
  for (int i = 0; i < 9; i++) {
    counts[i] = row[i];
    sum += counts[i];
  }
  INDEX all;
  uint before = kiln_before(sum, table, &all);
  before += (uint) all << 16;
  #pragma unroll
  for (int i = 0; i < 9; i++) {
    row[i] = before;
    before += counts[i];
  }
  barrier(CLK_LOCAL_MEM_FENCE);
  uint ranks[13];
  #pragma unroll
  for (int k = 0; k < 13; k++) {
    if (k < each) {
      const uint value = own[k] >> shift & 15;
      const uint count = pool[item + value % 8 * 256] >> value / 8 * 16 & 0xffff;
      ranks[k] = count + (own[k] >> 28);
    }
  }
  barrier(CLK_LOCAL_MEM_FENCE);
  #pragma unroll
  for (int k = 0; k < 13; k++) {
    if (k < each) {
      pool[ranks[k]] = own[k] & 0xfffffff;
    }
  }
  barrier(CLK_LOCAL_MEM_FENCE);
}

static __attribute__((always_inline)) void kiln_order(
    uint *own, const int each, local uint *pool, local INDEX *table) {
  const int item = get_local_id(0);
  #pragma unroll 1
  for (int shift = 16; shift < 24; shift += 4) {
    kiln_split(own, each, shift, pool, table);
    #pragma unroll
    for (int k = 0; k < 13; k++) {
      if (k < each) {
        own[k] = pool[item * each + k];
      }
    }
    barrier(CLK_LOCAL_MEM_FENCE);
  }
}

kernel __attribute__((reqd_work_group_size(256, 1, 1))) void kiln_group_short(
    const long n,
    const long inner,
    global const uint *restrict x,
    const long offset,
    global const long *restrict axes,
    const long rank,
    const long step,
    global uint *restrict out) {
  local uint elements[3328];
  local uint pool[3328];
  local INDEX table[272];
  const int item = get_local_id(0);
  const long row = get_group_id(0);
  const int length = (int) n;
  const int each = (length + 256 - 1) / 256;
  kiln_read(x + offset + kiln_place(row, axes, rank), step, length, elements);
  uint own[13];
  #pragma unroll
  for (int k = 0; k < 13; k++) {
    own[k] = item * each + k;
  }
  barrier(CLK_LOCAL_MEM_FENCE);
  #pragma unroll 1
  for (int bit = 0; bit < 32; bit += 8) {
    #pragma unroll
    for (int k = 0; k < 13; k++) {
      if (k < each) {
        const uint i = own[k] & 0xffff;
        const uint value = i < length ? kiln_key(elements[i]) >> bit & 255 : 255;
        own[k] = value << 16 | i;
      }
    }
    kiln_order(own, each, pool, table);
  }
  const long outer = row / inner;
  global uint *to = out + outer * n * inner + (row - outer * inner);
  for (int j = item; j < length; j += 256) {
    const int i = pool[j] & 0xffff;
    to[j * inner] = kiln_result(elements[i], i);
  }
}

kernel __attribute__((reqd_work_group_size(256, 1, 1))) void kiln_group_count(
    const long shift,
    const long blocks,
    const long n,
    global const uint *restrict x,
    const long offset,
    global const long *restrict axes,
    const long rank,
    const long step,
    global INDEX *restrict counts) {
  local uint table[8 * 257];
  const int item = get_local_id(0);
  const long group = get_group_id(0);
  const long row = group / blocks;
  const long start = (group - row * blocks) * 3328;
  const int length = (int) min((long) 3328, n - start);
  global const uint *from = x + offset + kiln_place(row, axes, rank) + start * step;
  uint read[13];
  #pragma unroll
  for (int k = 0; k < 13; k++) {
    const int i = item + k * 256;
    read[k] = i < length ? from[i * step] : 0;
  }
  for (int i = item; i < 8 * 257; i += 256) {
    table[i] = 0;
  }
  barrier(CLK_LOCAL_MEM_FENCE);
  local uint *count = table + item % 8 * 257;
  #pragma unroll
  for (int k = 0; k < 13; k++) {
    if (item + k * 256 < length) {
      atomic_inc(count + (kiln_key(read[k]) >> shift & 255));
    }
  }
  barrier(CLK_LOCAL_MEM_FENCE);
  uint sum = 0;
  for (int copy = 0; copy < 8; copy++) {
    sum += table[copy * 257 + item];
  }
  counts[group * 256 + item] = sum;
}

kernel __attribute__((reqd_work_group_size(256, 1, 1))) void kiln_group_sums(
    const long blocks,
    const long walkers,
    global INDEX *restrict counts,
    global INDEX *restrict totals) {
  local INDEX sums[256];
  const int item = get_local_id(0);
  const int width = 256 / (int) walkers;
  const int walker = item / width;
  const long group = get_group_id(0);
  const long row = group / walkers;
  const int value = (int) (group - row * walkers) * width + item % width;
  const long share = (blocks + walkers - 1) / walkers;
  const long first = walker * share;
  const long last = min(blocks, first + share);
  global INDEX *count = counts + row * blocks * 256 + value;
  INDEX sum = 0;
  #pragma unroll 8
  for (long block = first; block < last; block++) {
    sum += count[block * 256];
  }
  sums[item] = sum;
  barrier(CLK_LOCAL_MEM_FENCE);
  if (walker == 0) {
    INDEX total = 0;
    for (int i = item; i < 256; i += width) {
      const INDEX own = sums[i];
      sums[i] = total;
      total += own;
    }
    totals[row * 256 + value] = total;
  }
  barrier(CLK_LOCAL_MEM_FENCE);
  INDEX before = sums[item];
  #pragma unroll 8
  for (long block = first; block < last; block++) {
    const INDEX own = count[block * 256];
    count[block * 256] = before;
    before += own;
  }
}

kernel __attribute__((reqd_work_group_size(256, 1, 1))) void kiln_group_move(
    const long shift,
    const long blocks,
    const long n,
    global const uint *restrict x,
    const long offset,
    global const long *restrict axes,
    const long rank,
    const long step,
    global const INDEX *restrict counts,
    global const INDEX *restrict totals,
    const long inner,
    global uint *restrict out) {
  local uint elements[3328];
  local uint pool[3328];
  local INDEX table[272];
  local INDEX runs[256];
  const int item = get_local_id(0);
  const long group = get_group_id(0);
  const long row = group / blocks;
  const long start = (group - row * blocks) * 3328;
  const int length = (int) min((long) 3328, n - start);
  const INDEX total = totals[row * 256 + item];
  const INDEX count = counts[group * 256 + item];
  kiln_read(
      x + offset + kiln_place(row, axes, rank) + start * step, step, length, elements);
  INDEX all;
  runs[item] = kiln_before(total, table, &all) + count;
  uint own[13];
  #pragma unroll
  for (int k = 0; k < 13; k++) {
    const int i = item * 13 + k;
    const uint value = i < length ? kiln_key(elements[i]) >> shift & 255 : 255;
    own[k] = value << 16 | i;
  }
  kiln_order(own, 13, pool, table);
  for (int j = item; j < length; j += 256) {
    const uint value = pool[j] >> 16;
    if (j == 0 || pool[j - 1] >> 16 != value) {
      runs[value] -= j;
    }
  }
  barrier(CLK_LOCAL_MEM_FENCE);
  const long outer = row / inner;
  const long base = outer * n * inner + (row - outer * inner);
  #pragma unroll 4
  for (int j = item; j < length; j += 256) {
    const uint number = pool[j];
    const long i = start + (number & 0xffff);
    const uint element = elements[number & 0xffff];
    const long at = base + (runs[number >> 16] + j) * inner;
    out[at] = kiln_result(element, 0);
  }
}
