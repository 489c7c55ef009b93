package dev.kiln.cpu.routine;

/** Keys of 32 bits above places of 32 bits. */
record Places() implements Records {
  @Override
  public int bytes() {
    return 8;
  }

  @Override
  public long key(long address) {
    return Raw.getLong(address);
  }

  @Override
  public void encode(SortOrder order, long x, long stride, long first, long count, long to) {
    for (long i = 0; i < count; i++) {
      long key = order.narrow(x + (first + i) * stride);
      Raw.setLong(to + 8 * i, key << 32 | (first + i));
    }
  }

  @Override
  public long differing(long from, long count, long key) {
    return Longs.differing(from, count, key) >>> 32 << 32;
  }

  @Override
  public void count(long from, long count, int shift, int[] counts) {
    Longs.count(from, count, shift, counts);
  }

  @Override
  public void scatter(long from, long count, int shift, long[] next) {
    Longs.scatter(from, count, shift, next);
  }

  @Override
  public void deal(long from, long count, int shift, char[] groups, long[] next) {
    Longs.deal(from, count, shift, groups, next);
  }

  @Override
  public long settle(long from, long first, long count, int shift) {
    return Longs.settle(from, first, count, shift);
  }

  @Override
  public long run(long from, long first, long count, int shift) {
    return Longs.run(from, first, count, shift);
  }

  @Override
  public void decode(SortOrder order, long from, long count, long out, long stride) {
    for (long i = 0; i < count; i++) {
      Raw.setLong(out + i * stride, Raw.getLong(from + 8 * i) & 0xffff_ffffL);
    }
  }
}
