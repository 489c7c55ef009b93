package dev.kiln.cpu.routine;

/** Keys of 32 bits above places of 32 bits. */
record Places() implements Longs {
  @Override
  public void encode(SortOrder order, long x, long stride, long first, long count, long to) {
    for (long i = 0; i < count; i++) {
      long key = order.narrow(x + (first + i) * stride);
      Raw.setLong(to + 8 * i, key << 32 | (first + i));
    }
  }

  @Override
  public long differing(long from, long count, long key) {
    return Longs.super.differing(from, count, key) >>> 32 << 32;
  }

  @Override
  public void decode(SortOrder order, long from, long count, long out, long stride) {
    for (long i = 0; i < count; i++) {
      Raw.setLong(out + i * stride, Raw.getLong(from + 8 * i) & 0xffff_ffffL);
    }
  }
}
