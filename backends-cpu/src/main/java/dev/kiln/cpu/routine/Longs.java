package dev.kiln.cpu.routine;

/** Records that are one number of 64 bits, in whose order they are sorted. */
sealed interface Longs extends Records permits WideKeys, Places {
  @Override
  default int bytes() {
    return 8;
  }

  @Override
  default long key(long address) {
    return Raw.getLong(address);
  }

  @Override
  default long differing(long from, long count, long key) {
    long differing = 0;
    for (long i = 0; i < count; i++) {
      differing |= Raw.getLong(from + 8 * i) ^ key;
    }
    return differing;
  }

  @Override
  default void count(long from, long count, int shift, int[] counts) {
    for (long i = 0; i < count; i++) {
      counts[(int) (Raw.getLong(from + 8 * i) >>> shift) & (counts.length - 1)]++;
    }
  }

  @Override
  default void scatter(long from, long count, int shift, long[] next) {
    for (long i = 0; i < count; i++) {
      long key = Raw.getLong(from + 8 * i);
      int value = (int) (key >>> shift) & (next.length - 1);
      long to = next[value];
      Raw.setLong(to, key);
      next[value] = to + 8;
    }
  }

  @Override
  default void deal(long from, long count, int shift, char[] groups, long[] next) {
    for (long i = 0; i < count; i++) {
      long key = Raw.getLong(from + 8 * i);
      int group = groups[(int) (key >>> shift) & (groups.length - 1)];
      long to = next[group];
      Raw.setLong(to, key);
      next[group] = to + 8;
    }
  }

  @Override
  default long settle(long from, long first, long count, int shift) {
    for (long i = first; i < count; ) {
      long run = run(from, i, count, shift);
      if (run > SHORT_RUN) {
        return i;
      }
      for (long next = 1; next < run; next++) {
        insert(from + 8 * i, next);
      }
      i += run;
    }
    return count;
  }

  /** Puts a key where it belongs among those before it. */
  private static void insert(long from, long number) {
    long at = from + 8 * number;
    long key = Raw.getLong(at);
    while (at > from && Long.compareUnsigned(Raw.getLong(at - 8), key) > 0) {
      Raw.setLong(at, Raw.getLong(at - 8));
      at -= 8;
    }
    Raw.setLong(at, key);
  }

  @Override
  default long run(long from, long first, long count, int shift) {
    long key = Raw.getLong(from + 8 * first);
    long end = first + 1;
    while (end < count && (Raw.getLong(from + 8 * end) ^ key) >>> shift == 0) {
      end++;
    }
    return end - first;
  }
}
