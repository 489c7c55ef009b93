package dev.kiln.cpu.routine;

/** Keys of 64 bits alone. */
record WideKeys() implements Records {
  @Override
  public int bytes() {
    return 8;
  }

  @Override
  public int digits() {
    return 8;
  }

  @Override
  public void encode(SortOrder order, long x, long stride, long first, long count, long to) {
    for (long i = 0; i < count; i++) {
      Raw.setLong(to + 8 * i, order.wide(x + (first + i) * stride));
    }
  }

  @Override
  public void count(long from, long count, int digit, long[] counts) {
    for (long i = 0; i < count; i++) {
      counts[digit(Raw.getLong(from + i * 8), digit)]++;
    }
  }

  @Override
  public void scatter(long from, long count, int digit, long[] next) {
    for (long i = 0; i < count; i++) {
      long key = Raw.getLong(from + 8 * i);
      int value = digit(key, digit);
      Raw.setLong(next[value], key);
      next[value] += 8;
    }
  }

  @Override
  public void decode(SortOrder order, long from, long count, long out, long stride) {
    for (long i = 0; i < count; i++) {
      order.put(Raw.getLong(from + 8 * i), out + i * stride);
    }
  }

  private static int digit(long key, int digit) {
    return (int) (key >>> (8 * digit)) & (RADIX - 1);
  }
}
