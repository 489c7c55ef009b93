package dev.kiln.cpu.routine;

/** Keys of 32 bits alone. */
record Keys() implements Records {
  @Override
  public int bytes() {
    return 4;
  }

  @Override
  public int digits() {
    return 4;
  }

  @Override
  public void encode(SortOrder order, long x, long stride, long first, long count, long to) {
    for (long i = 0; i < count; i++) {
      Raw.setInt(to + 4 * i, order.narrow(x + (first + i) * stride));
    }
  }

  @Override
  public void count(long from, long count, int digit, long[] counts) {
    for (long i = 0; i < count; i++) {
      counts[digit(Raw.getInt(from + i * 4), digit)]++;
    }
  }

  @Override
  public void scatter(long from, long count, int digit, long[] next) {
    for (long i = 0; i < count; i++) {
      int key = Raw.getInt(from + 4 * i);
      int value = digit(key, digit);
      Raw.setInt(next[value], key);
      next[value] += 4;
    }
  }

  @Override
  public void decode(SortOrder order, long from, long count, long out, long stride) {
    for (long i = 0; i < count; i++) {
      order.put(Raw.getInt(from + 4 * i), out + i * stride);
    }
  }

  private static int digit(int key, int digit) {
    return key >>> (8 * digit) & (RADIX - 1);
  }
}
