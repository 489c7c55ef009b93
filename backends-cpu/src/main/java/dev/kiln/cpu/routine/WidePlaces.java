package dev.kiln.cpu.routine;

/** Keys of up to 64 bits, each followed by its place. */
record WidePlaces() implements Records {
  @Override
  public int bytes() {
    return 16;
  }

  @Override
  public long key(long address) {
    return Raw.getLong(address);
  }

  @Override
  public void encode(SortOrder order, long x, long stride, long first, long count, long to) {
    for (long i = 0; i < count; i++) {
      Raw.setLong(to + 16 * i, order.key(x + (first + i) * stride));
      Raw.setLong(to + 16 * i + 8, first + i);
    }
  }

  @Override
  public long differing(long from, long count, long key) {
    long differing = 0;
    for (long i = 0; i < count; i++) {
      differing |= Raw.getLong(from + 16 * i) ^ key;
    }
    return differing;
  }

  @Override
  public void count(long from, long count, int shift, int[] counts) {
    for (long i = 0; i < count; i++) {
      counts[(int) (Raw.getLong(from + 16 * i) >>> shift) & (counts.length - 1)]++;
    }
  }

  @Override
  public void scatter(long from, long count, int shift, long[] next) {
    for (long i = 0; i < count; i++) {
      long key = Raw.getLong(from + 16 * i);
      int value = (int) (key >>> shift) & (next.length - 1);
      long to = next[value];
      Raw.setLong(to, key);
      Raw.setLong(to + 8, Raw.getLong(from + 16 * i + 8));
      next[value] = to + 16;
    }
  }

  @Override
  public void deal(long from, long count, int shift, char[] groups, long[] next) {
    for (long i = 0; i < count; i++) {
      long key = Raw.getLong(from + 16 * i);
      int group = groups[(int) (key >>> shift) & (groups.length - 1)];
      long to = next[group];
      Raw.setLong(to, key);
      Raw.setLong(to + 8, Raw.getLong(from + 16 * i + 8));
      next[group] = to + 16;
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
        insert(from + 16 * i, next);
      }
      i += run;
    }
    return count;
  }

  /** Puts a record where it belongs among those before it. */
  private static void insert(long from, long number) {
    long at = from + 16 * number;
    long key = Raw.getLong(at);
    long place = Raw.getLong(at + 8);
    while (at > from && Long.compareUnsigned(Raw.getLong(at - 16), key) > 0) {
      Raw.setLong(at, Raw.getLong(at - 16));
      Raw.setLong(at + 8, Raw.getLong(at - 8));
      at -= 16;
    }
    Raw.setLong(at, key);
    Raw.setLong(at + 8, place);
  }

  @Override
  public long run(long from, long first, long count, int shift) {
    long key = Raw.getLong(from + 16 * first);
    long end = first + 1;
    while (end < count && (Raw.getLong(from + 16 * end) ^ key) >>> shift == 0) {
      end++;
    }
    return end - first;
  }

  @Override
  public void decode(SortOrder order, long from, long count, long out, long stride) {
    for (long i = 0; i < count; i++) {
      Raw.setLong(out + i * stride, Raw.getLong(from + 16 * i + 8));
    }
  }
}
