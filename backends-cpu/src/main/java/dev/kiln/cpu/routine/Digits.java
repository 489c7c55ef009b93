package dev.kiln.cpu.routine;

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
   * @param spare as much room, at the same place
   * @param differing the bits in which keys differ
   * @return whether they are in what was spare now
   */
  static boolean sort(
      Records records, long[] from, long[] spare, int first, int n, long differing) {
    if (differing == 0) {
      return false;
    }
    int highest = bits(differing);
    int lowest = Long.numberOfTrailingZeros(differing);
    int all = Math.min(highest - lowest, bits(n) + MORE);
    int digits = Math.ceilDiv(all, MOST_BITS);
    int each = Math.ceilDiv(all, digits);
    int shift = Math.max(lowest, highest - digits * each);
    int[] counts = new int[1 << each];
    int[] next = new int[1 << each];
    long[] sorted = from;
    long[] other = spare;
    boolean moved = false;
    for (int at = shift; at < highest; at += each) {
      if ((differing >>> at & (counts.length - 1)) != 0) {
        Arrays.fill(counts, 0);
        records.count(sorted, first, n, at, counts);
        int to = first;
        for (int value = 0; value < counts.length; value++) {
          next[value] = to;
          to += counts[value];
        }
        records.scatter(sorted, first, n, at, next, other);
        long[] held = sorted;
        sorted = other;
        other = held;
        moved = !moved;
      }
    }
    if (lowest < shift) {
      settle(records, sorted, other, first, n, shift);
    }
    return moved;
  }

  /** Puts in order what agrees in all bits from one on; runs that are long by digits again. */
  private static void settle(
      Records records, long[] sorted, long[] other, int first, int n, int shift) {
    int end = first + n;
    int longs = records.form().longs;
    int at = records.settle(sorted, first, end, shift);
    while (at < end) {
      int run = records.run(sorted, at, end, shift);
      long differing = records.differing(sorted, at, run, sorted[at * longs]);
      if (sort(records, sorted, other, at, run, differing)) {
        System.arraycopy(other, at * longs, sorted, at * longs, run * longs);
      }
      at = records.settle(sorted, at + run, end, shift);
    }
  }

  /** The number of bits that a number has. */
  static int bits(long number) {
    return Long.SIZE - Long.numberOfLeadingZeros(number);
  }
}
