package dev.kiln.cpu.routine;

/**
 * Elements as signed keys, which vectors compare: those of {@link SortOrder} with the top bit
 * turned over. Where places are wanted, a place of 32 bits lies below a key of 32.
 *
 * @param passes for keys of that width
 */
record SignedKeys(SortOrder order, boolean places, SortPasses passes) {
  /**
   * Makes the keys of some elements.
   *
   * @param x the first of the whole sequence
   * @param first the number of the first of these
   */
  void encode(long x, long stride, long first, long count, long to) {
    long done = 0;
    if (isDense(stride)) {
      done = count - count % passes.lanes();
      long from = x + first * stride;
      if (order.isReal()) {
        QuickSort.run(passes.ofReal(), from, done, to, order.mask());
      } else {
        QuickSort.run(passes.turn(), from, done, to, turned());
      }
    }
    if (places) {
      for (long i = 0; i < count; i++) {
        long key = order.narrow(x + (first + i) * stride) ^ Integer.MIN_VALUE;
        Raw.setLong(to + Long.BYTES * i, key << 32 | (first + i));
      }
    } else if (order.isWide()) {
      for (long i = done; i < count; i++) {
        long key = order.wide(x + (first + i) * stride) ^ Long.MIN_VALUE;
        Raw.setLong(to + Long.BYTES * i, key);
      }
    } else {
      for (long i = done; i < count; i++) {
        int key = order.narrow(x + (first + i) * stride) ^ Integer.MIN_VALUE;
        Raw.setInt(to + Integer.BYTES * i, key);
      }
    }
  }

  /** Stores the elements of keys, or where they were. */
  void decode(long from, long count, long out, long stride) {
    long done = 0;
    if (isDense(stride)) {
      done = count - count % passes.lanes();
      if (order.isReal()) {
        QuickSort.run(passes.toReal(), from, done, out, order.mask());
      } else {
        QuickSort.run(passes.turn(), from, done, out, turned());
      }
    }
    if (places) {
      for (long i = 0; i < count; i++) {
        Raw.setLong(out + i * stride, Raw.getLong(from + Long.BYTES * i) & 0xffff_ffffL);
      }
    } else if (order.isWide()) {
      for (long i = done; i < count; i++) {
        order.put(Raw.getLong(from + Long.BYTES * i) ^ Long.MIN_VALUE, out + i * stride);
      }
    } else {
      for (long i = done; i < count; i++) {
        order.put(Raw.getInt(from + Integer.BYTES * i) ^ Integer.MIN_VALUE, out + i * stride);
      }
    }
  }

  /** A key. */
  long key(long address) {
    return passes.bytes() == Integer.BYTES ? Raw.getInt(address) : Raw.getLong(address);
  }

  /** Whether elements at that distance lie as keys do. */
  private boolean isDense(long stride) {
    return !places && order.bytes() == passes.bytes() && stride == passes.bytes();
  }

  private long turned() {
    return order.turned() ^ passes.least();
  }
}
