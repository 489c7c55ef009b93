package dev.kiln.cpu.routine;

/** Keys of 64 bits alone. */
record WideKeys() implements Longs {
  @Override
  public void encode(SortOrder order, long x, long stride, long first, long count, long to) {
    for (long i = 0; i < count; i++) {
      Raw.setLong(to + 8 * i, order.wide(x + (first + i) * stride));
    }
  }

  @Override
  public void decode(SortOrder order, long from, long count, long out, long stride) {
    for (long i = 0; i < count; i++) {
      order.put(Raw.getLong(from + 8 * i), out + i * stride);
    }
  }
}
