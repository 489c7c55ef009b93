package dev.kiln.cpu.routine;

/** Keys of 32 bits alone. */
record Keys() implements Records {
  @Override
  public int bytes() {
    return 4;
  }

  @Override
  public long key(long address) {
    return Raw.getInt(address) & 0xffff_ffffL;
  }

  @Override
  public void encode(SortOrder order, long x, long stride, long first, long count, long to) {
    for (long i = 0; i < count; i++) {
      Raw.setInt(to + 4 * i, order.narrow(x + (first + i) * stride));
    }
  }

  @Override
  public long differing(long from, long count, long key) {
    int narrow = (int) key;
    int differing = 0;
    for (long i = 0; i < count; i++) {
      differing |= Raw.getInt(from + 4 * i) ^ narrow;
    }
    return differing & 0xffff_ffffL;
  }

  @Override
  public void count(long from, long count, int shift, int[] counts) {
    for (long i = 0; i < count; i++) {
      counts[Raw.getInt(from + 4 * i) >>> shift & (counts.length - 1)]++;
    }
  }

  @Override
  public void scatter(long from, long count, int shift, long[] next) {
    for (long i = 0; i < count; i++) {
      int key = Raw.getInt(from + 4 * i);
      int value = key >>> shift & (next.length - 1);
      long to = next[value];
      Raw.setInt(to, key);
      next[value] = to + 4;
    }
  }

  @Override
  public void deal(long from, long count, int shift, char[] groups, long[] next) {
    for (long i = 0; i < count; i++) {
      int key = Raw.getInt(from + 4 * i);
      int group = groups[key >>> shift & (groups.length - 1)];
      long to = next[group];
      Raw.setInt(to, key);
      next[group] = to + 4;
    }
  }

  @Override
  public long settle(long from, long first, long count, int shift) {
    for (long i = first; i < count; ) {
      long run = run(from, i, count, shift);
      if (run > SHORT_RUN) {
        return i;
      }
      for (long next = 1; next < run; next++) {
        insert(from + 4 * i, next);
      }
      i += run;
    }
    return count;
  }

  /** Puts a key where it belongs among those before it. */
  private static void insert(long from, long number) {
    long at = from + 4 * number;
    int key = Raw.getInt(at);
    while (at > from && Integer.compareUnsigned(Raw.getInt(at - 4), key) > 0) {
      Raw.setInt(at, Raw.getInt(at - 4));
      at -= 4;
    }
    Raw.setInt(at, key);
  }

  @Override
  public long run(long from, long first, long count, int shift) {
    int key = Raw.getInt(from + 4 * first);
    long end = first + 1;
    while (end < count && (Raw.getInt(from + 4 * end) ^ key) >>> shift == 0) {
      end++;
    }
    return end - first;
  }

  @Override
  public void decode(SortOrder order, long from, long count, long out, long stride) {
    for (long i = 0; i < count; i++) {
      order.put(Raw.getInt(from + 4 * i), out + i * stride);
    }
  }
}
