package dev.kiln.cpu.routine;

/** Keys of 64 bits, each followed by its place. */
record WidePlaces() implements Records {
  @Override
  public int bytes() {
    return 16;
  }

  @Override
  public int digits() {
    return 8;
  }

  @Override
  public void encode(SortOrder order, long x, long stride, long first, long count, long to) {
    for (long i = 0; i < count; i++) {
      Raw.setLong(to + 16 * i, order.wide(x + (first + i) * stride));
      Raw.setLong(to + 16 * i + 8, first + i);
    }
  }

  @Override
  public void count(long from, long count, int digit, long[] counts) {
    for (long i = 0; i < count; i++) {
      counts[digit(Raw.getLong(from + i * 16), digit)]++;
    }
  }

  @Override
  public void scatter(long from, long count, int digit, long[] next) {
    for (long i = 0; i < count; i++) {
      long key = Raw.getLong(from + 16 * i);
      int value = digit(key, digit);
      long to = next[value];
      Raw.setLong(to, key);
      Raw.setLong(to + 8, Raw.getLong(from + 16 * i + 8));
      next[value] = to + 16;
    }
  }

  @Override
  public void decode(SortOrder order, long from, long count, long out, long stride) {
    for (long i = 0; i < count; i++) {
      Raw.setLong(out + i * stride, Raw.getLong(from + 16 * i + 8));
    }
  }

  private static int digit(long key, int digit) {
    return (int) (key >>> (8 * digit)) & (RADIX - 1);
  }
}
