package dev.kiln.cpu.routine;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Stable sorting of records in the cache, digit by digit, the lowest first: by the highest bits in
 * which keys differ, as many as tell most keys apart. The few that these leave equal are next to
 * each other then, and are inserted one by one.
 */
final class Digits {
  /** The most bits of a digit; each value's place is written to by turns. */
  private static final int MOST_BITS = 9;

  /** Bits beyond those that would tell all keys apart if these were evenly spread. */
  private static final int MORE = 3;

  private Digits() {}

  /**
   * Sorts records.
   *
   * @param spare as much room
   * @param differing the bits in which keys differ
   * @return where they are now, one of the two
   */
  static long sort(Records records, long from, long spare, long n, long differing) {
    if (differing == 0) {
      return from;
    }
    int highest = bits(differing);
    int lowest = Long.numberOfTrailingZeros(differing);
    int all = Math.min(highest - lowest, bits(n) + MORE);
    int digits = Math.ceilDiv(all, MOST_BITS);
    int each = Math.ceilDiv(all, digits);
    int shift = Math.max(lowest, highest - digits * each);
    int[] counts = new int[1 << each];
    long[] next = new long[1 << each];
    long sorted = from;
    long other = spare;
    for (int at = shift; at < highest; at += each) {
      if ((differing >>> at & (counts.length - 1)) != 0) {
        Arrays.fill(counts, 0);
        records.count(sorted, n, at, counts);
        long to = other;
        for (int value = 0; value < counts.length; value++) {
          next[value] = to;
          to += (long) counts[value] * records.bytes();
        }
        records.scatter(sorted, n, at, next);
        long held = sorted;
        sorted = other;
        other = held;
      }
    }
    if (lowest < shift) {
      settle(records, sorted, other, n, shift);
    }
    return sorted;
  }

  /** Puts in order what agrees in all bits from one on; runs that are long by digits again. */
  private static void settle(Records records, long sorted, long other, long n, int shift) {
    long first = records.settle(sorted, 0, n, shift);
    while (first < n) {
      long count = records.run(sorted, first, n, shift);
      long from = sorted + first * records.bytes();
      long spare = other + first * records.bytes();
      long differing = records.differing(from, count, records.key(from));
      if (sort(records, from, spare, count, differing) != from) {
        MemorySegment.copy(Raw.ALL, spare, Raw.ALL, from, count * records.bytes());
      }
      first = records.settle(sorted, first + count, n, shift);
    }
  }

  /** The number of bits that a number has. */
  static int bits(long number) {
    return Long.SIZE - Long.numberOfLeadingZeros(number);
  }
}
