package dev.kiln.cpu.routine;

import java.util.Arrays;

/** Stable sorting digit by digit, the lowest first, each worker on its parts of the sequence. */
final class RadixSort {
  /** Records below which a part is not worth another worker. */
  private static final long FEW = 1 << 15;

  private final Records records;
  private final Crew crew;

  RadixSort(Records records, Crew crew) {
    this.records = records;
    this.crew = crew;
  }

  /**
   * Sorts a sequence.
   *
   * @param scratch room for twice the records
   */
  void run(SortOrder order, long x, long stride, long n, long out, long outStride, long scratch) {
    int parts = (int) Math.clamp(n / FEW, 1, crew.count() == 1 ? 1 : 4L * crew.count());
    long from = scratch;
    long to = scratch + n * records.bytes();
    long start = from;
    crew.forEach(
        parts,
        part -> {
          long first = first(n, part, parts);
          long count = first(n, part + 1, parts) - first;
          records.encode(order, x, stride, first, count, start + first * records.bytes());
        });
    long[][] next = new long[parts][Records.RADIX];
    for (int digit = 0; digit < records.digits(); digit++) {
      if (pass(from, to, n, digit, next)) {
        long held = from;
        from = to;
        to = held;
      }
    }
    long sorted = from;
    crew.forEach(
        parts,
        part -> {
          long first = first(n, part, parts);
          long count = first(n, part + 1, parts) - first;
          long target = out + first * outStride;
          records.decode(order, sorted + first * records.bytes(), count, target, outStride);
        });
  }

  /** Sorts by one digit; false, and nothing done, where all have the same. */
  private boolean pass(long from, long to, long n, int digit, long[][] next) {
    int parts = next.length;
    crew.forEach(
        parts,
        part -> {
          long first = first(n, part, parts);
          long count = first(n, part + 1, parts) - first;
          long[] counts = next[(int) part];
          Arrays.fill(counts, 0);
          records.count(from + first * records.bytes(), count, digit, counts);
        });
    long at = to;
    for (int value = 0; value < Records.RADIX; value++) {
      long before = at;
      for (long[] counts : next) {
        long count = counts[value];
        counts[value] = at;
        at += count * records.bytes();
      }
      if (at - before == n * records.bytes()) {
        return false;
      }
    }
    crew.forEach(
        parts,
        part -> {
          long first = first(n, part, parts);
          long count = first(n, part + 1, parts) - first;
          records.scatter(from + first * records.bytes(), count, digit, next[(int) part]);
        });
    return true;
  }

  private static long first(long n, long part, int parts) {
    return n / parts * part + Math.min(part, n % parts);
  }
}
