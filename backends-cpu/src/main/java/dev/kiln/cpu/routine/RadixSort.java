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
    crew.forEach(
        parts,
        part -> {
          long first = first(n, part, parts);
          long count = first(n, part + 1, parts) - first;
          records.encode(order, x, stride, first, count, from + first * records.bytes());
        });
    long[][] next = new long[parts][Records.RADIX];
    int end = records.digits();
    int begin = 0;
    if (records.front() < end) {
      while (end > records.front() && isSame(from, n, end - 1, next)) {
        end--;
      }
      begin = end - records.front();
    }
    long sorted = sort(from, to, n, begin, end, next);
    if (begin > 0) {
      Runs runs = new Runs(begin);
      long spare = sorted == from ? to : from;
      crew.forEach(
          parts,
          part -> runs.sort(sorted, spare, n, first(n, part, parts), first(n, part + 1, parts)));
    }
    crew.forEach(
        parts,
        part -> {
          long first = first(n, part, parts);
          long count = first(n, part + 1, parts) - first;
          long target = out + first * outStride;
          records.decode(order, sorted + first * records.bytes(), count, target, outStride);
        });
  }

  /** Sorts records by their digits from begin to end − 1; to where they then are, of the two. */
  long sort(long records, long spare, long n, int begin, int end, long[][] next) {
    long from = records;
    long to = spare;
    for (int digit = begin; digit < end; digit++) {
      if (pass(from, to, n, digit, next)) {
        long held = from;
        from = to;
        to = held;
      }
    }
    return from;
  }

  /** Sorts by one digit; false, and nothing done, where all have the same. */
  private boolean pass(long from, long to, long n, int digit, long[][] next) {
    int parts = next.length;
    count(from, n, digit, next);
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

  /** Whether all records have the same digit. */
  private boolean isSame(long from, long n, int digit, long[][] counts) {
    count(from, n, digit, counts);
    for (int value = 0; value < Records.RADIX; value++) {
      long all = 0;
      for (long[] part : counts) {
        all += part[value];
      }
      if (all > 0) {
        return all == n;
      }
    }
    return true;
  }

  private void count(long from, long n, int digit, long[][] counts) {
    int parts = counts.length;
    crew.forEach(
        parts,
        part -> {
          long first = first(n, part, parts);
          long count = first(n, part + 1, parts) - first;
          long[] mine = counts[(int) part];
          Arrays.fill(mine, 0);
          records.count(from + first * records.bytes(), count, digit, mine);
        });
  }

  private static long first(long n, long part, int parts) {
    return n / parts * part + Math.min(part, n % parts);
  }
}
