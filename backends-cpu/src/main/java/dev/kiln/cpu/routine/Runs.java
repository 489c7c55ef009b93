package dev.kiln.cpu.routine;

import java.util.Arrays;

/**
 * Runs of keys of 64 bits that are equal but for their lowest digits, in a sequence that is sorted
 * by the others. They are mostly short, where there are about as many values of the upper digits as
 * keys.
 *
 * @param digits how many digits are still to be sorted by
 */
record Runs(int digits) {
  private static final int BYTES = Long.BYTES;

  /** The longest run that is sorted by insertion. */
  private static final long FEW = 24;

  /** The longest run that the JDK sorts; more keys have their digits counted. */
  private static final long SHORT = 1024;

  /**
   * Sorts the runs that begin in a part of the sequence.
   *
   * @param keys the first key of the whole sequence
   * @param spare room for as many keys
   * @param n the length of the whole sequence
   */
  void sort(long keys, long spare, long n, long first, long end) {
    long start = first;
    while (start > 0 && start < end && upper(keys, start) == upper(keys, start - 1)) {
      start++;
    }
    while (start < end) {
      long value = upper(keys, start);
      long next = start + 1;
      while (next < n && upper(keys, next) == value) {
        next++;
      }
      if (next - start > 1) {
        sort(keys + start * BYTES, spare + start * BYTES, next - start);
      }
      start = next;
    }
  }

  private long upper(long keys, long at) {
    return Raw.getLong(keys + at * BYTES) >>> (8 * digits);
  }

  private void sort(long run, long spare, long n) {
    if (n <= FEW) {
      insert(run, n);
    } else if (n <= SHORT) {
      long[] keys = new long[(int) n];
      for (int i = 0; i < keys.length; i++) {
        keys[i] = Raw.getLong(run + (long) i * BYTES);
      }
      // As signed numbers: the upper digits are equal, and with them the signs.
      Arrays.sort(keys);
      for (int i = 0; i < keys.length; i++) {
        Raw.setLong(run + (long) i * BYTES, keys[i]);
      }
    } else {
      RadixSort alone = new RadixSort(new WideKeys(), Crew.alone());
      long sorted = alone.sort(run, spare, n, 0, digits, new long[1][Records.RADIX]);
      if (sorted != run) {
        Raw.gather(BYTES, sorted, BYTES, run, n);
      }
    }
  }

  private static void insert(long run, long n) {
    for (long i = 1; i < n; i++) {
      long key = Raw.getLong(run + i * BYTES);
      long at = i;
      while (at > 0 && Long.compareUnsigned(Raw.getLong(run + (at - 1) * BYTES), key) > 0) {
        Raw.setLong(run + at * BYTES, Raw.getLong(run + (at - 1) * BYTES));
        at--;
      }
      Raw.setLong(run + at * BYTES, key);
    }
  }
}
