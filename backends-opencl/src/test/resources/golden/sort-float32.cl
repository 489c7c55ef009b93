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
  uint elements[2][512];
  ushort places[2][512];
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

kernel void kiln_count(
    const long shift,
    const long length,
    const long blocks,
    const long n,
    global const uint *restrict x,
    const long offset,
    global const long *restrict axes,
    const long rank,
    const long step,
    global ulong *restrict counts) {
  const long block = get_global_id(0);
  const long row = get_global_id(1);
  const long start = block * length;
  const long end = min(n, start + length);
  global const uint *from = x + offset + kiln_place(row, axes, rank);
  uint count[256];
  for (int value = 0; value < 256; value++) {
    count[value] = 0;
  }
  for (long i = start; i < end; i++) {
    count[kiln_key(from[i * step]) >> shift & 255]++;
  }
  for (int value = 0; value < 256; value++) {
    counts[(row * 256 + value) * blocks + block] = count[value];
  }
}

kernel void kiln_sums(
    const long blocks, global ulong *restrict counts, global ulong *restrict starts) {
  const long value = get_global_id(0);
  const long row = get_global_id(1);
  global ulong *count = counts + (row * 256 + value) * blocks;
  ulong sum = 0;
  for (long block = 0; block < blocks; block++) {
    const ulong own = count[block];
    count[block] = sum;
    sum += own;
  }
  starts[row * 256 + value] = sum;
}

kernel void kiln_starts(global ulong *restrict starts) {
  const long row = get_global_id(0);
  ulong sum = 0;
  for (int value = 0; value < 256; value++) {
    const ulong own = starts[row * 256 + value];
    starts[row * 256 + value] = sum;
    sum += own;
  }
}

kernel void kiln_move(
    const long shift,
    const long length,
    const long blocks,
    const long n,
    global const uint *restrict x,
    const long offset,
    global const long *restrict axes,
    const long rank,
    const long step,
    global const ulong *restrict counts,
    global const ulong *restrict starts,
    const long inner,
    global uint *restrict out) {
  const long block = get_global_id(0);
  const long row = get_global_id(1);
  const long start = block * length;
  const long end = min(n, start + length);
  global const uint *from = x + offset + kiln_place(row, axes, rank);
  const long outer = row / inner;
  const long base = outer * n * inner + (row - outer * inner);
  long next[256];
  for (int value = 0; value < 256; value++) {
    const long at = row * 256 + value;
    next[value] = starts[at] + counts[at * blocks + block];
  }
  for (long i = start; i < end; i++) {
    const uint element = from[i * step];
    const int value = kiln_key(element) >> shift & 255;
    const long at = base + next[value]++ * inner;
    out[at] = kiln_result(element, 0);
  }
}
