package dev.kiln.cpu.routine;

import java.util.Arrays;

/**
 * Stable sorting by radix with one pass over memory: records are dealt to groups by the highest
 * bits in which keys differ, and each group is sorted in the cache, by one worker. A group that is
 * far too large, since most of its keys agree in those bits, is dealt out once more, by all.
 */
final class RadixSort {
  /** The most bits to deal by; their counts stay in the second-level cache. */
  private static final int MOST_BITS = 16;

  /** Records in one call of a loop, so that the JIT compiler sees calls and not one long loop. */
  private static final int BLOCK = 1 << 12;

  private final Records records;
  private final Crew crew;
  private final Sizes sizes;

  /**
   * How much is sorted at once.
   *
   * @param groupBytes of a group's records; with as much spare room they should fit the cache
   * @param groups about how many there are at most, since so many places are written to by turns
   */
  record Sizes(int groupBytes, int groups) {
    static final Sizes USUAL = new Sizes(1 << 17, 512);

    /** The longest sequence that needs no groups. */
    long direct(int bytes) {
      return 2L * groupBytes / bytes;
    }

    /** The longest group that one worker sorts, in the cache that all share. */
    long large(int bytes) {
      return 8L * groupBytes / bytes;
    }

    /** Records below which a part is not worth another worker. */
    long few() {
      return Math.max(1, groupBytes / 4);
    }

    /** Records of a group. */
    long group(int bytes, long n) {
      return Math.max(groupBytes / bytes, n / groups);
    }
  }

  /** Work on some records of a part of the sequence. */
  @FunctionalInterface
  private interface Work {
    void run(int part, long first, long count);
  }

  /** Where results go. */
  private record Target(SortOrder order, long address, long stride) {
    Target from(long first) {
      return new Target(order, address + first * stride, stride);
    }
  }

  RadixSort(Records records, Crew crew, Sizes sizes) {
    this.records = records;
    this.crew = crew;
    this.sizes = sizes;
  }

  /**
   * Sorts a sequence.
   *
   * @param scratch room for twice the records
   */
  void run(SortOrder order, long x, long stride, long n, long out, long outStride, long scratch) {
    records.encode(order, x, stride, 0, 1, scratch);
    long key = records.key(scratch);
    int parts = parts(n);
    long[] differing = new long[parts];
    inBlocks(
        n,
        parts,
        (part, first, count) -> {
          long to = at(scratch, first);
          records.encode(order, x, stride, first, count, to);
          differing[part] |= records.differing(to, count, key);
        });
    sort(scratch, at(scratch, n), n, joined(differing), new Target(order, out, outStride));
  }

  /** Sorts records, with as much spare room. */
  private void sort(long from, long spare, long n, long differing, Target target) {
    if (n <= sizes.direct(records.bytes()) || differing == 0) {
      sortAlone(from, spare, n, differing, target);
      return;
    }
    // However few workers there are, no part is so long that its counts overflow.
    int parts = (int) Math.max(Math.min(crew.count(), parts(n)), (n >>> 30) + 1);
    int bits = Math.clamp(Digits.bits(n / (8L * parts)) - 1, 1, MOST_BITS);
    int highest = Long.SIZE - Long.numberOfLeadingZeros(differing);
    int shift = Math.max(Long.numberOfTrailingZeros(differing), highest - bits);
    int[][] counts = new int[parts][1 << bits];
    inBlocks(
        n,
        parts,
        (part, first, count) -> records.count(at(from, first), count, shift, counts[part]));
    Groups groups = Groups.of(counts, sizes.group(records.bytes(), n));
    long[][] next = groups.places(counts, spare, records.bytes());
    inBlocks(
        n,
        parts,
        (part, first, count) ->
            records.deal(at(from, first), count, shift, groups.ofDigit(), next[part]));
    long large = sizes.large(records.bytes());
    for (int group = 0; group < groups.count(); group++) {
      long first = groups.first(group);
      long count = groups.size(group);
      if (count > large) {
        long dealt = at(spare, first);
        sort(dealt, at(from, first), count, differing(dealt, count), target.from(first));
      }
    }
    crew.forEach(
        groups.count(),
        number -> {
          int group = (int) number;
          long first = groups.first(group);
          long count = groups.size(group);
          if (count <= large) {
            long dealt = at(spare, first);
            long differs = records.differing(dealt, count, records.key(dealt));
            sortAlone(dealt, at(from, first), count, differs, target.from(first));
          }
        });
  }

  private void sortAlone(long from, long spare, long n, long differing, Target target) {
    long sorted = Digits.sort(records, from, spare, n, differing);
    for (long first = 0; first < n; first += BLOCK) {
      Target to = target.from(first);
      long count = Math.min(BLOCK, n - first);
      records.decode(to.order, at(sorted, first), count, to.address, to.stride);
    }
  }

  /** The bits in which keys differ. */
  private long differing(long from, long n) {
    long key = records.key(from);
    long[] differing = new long[parts(n)];
    inBlocks(
        n,
        differing.length,
        (part, first, count) -> differing[part] |= records.differing(at(from, first), count, key));
    return joined(differing);
  }

  private static long joined(long[] differing) {
    return Arrays.stream(differing).reduce(0, (a, b) -> a | b);
  }

  private void inBlocks(long n, int parts, Work work) {
    crew.forEach(
        parts,
        part -> {
          long end = first(n, part + 1, parts);
          for (long first = first(n, part, parts); first < end; first += BLOCK) {
            work.run((int) part, first, Math.min(BLOCK, end - first));
          }
        });
  }

  private long at(long address, long number) {
    return address + number * records.bytes();
  }

  private int parts(long n) {
    return (int) Math.clamp(n / sizes.few(), 1, crew.count() == 1 ? 1 : 4L * crew.count());
  }

  private static long first(long n, long part, int parts) {
    return n / parts * part + Math.min(part, n % parts);
  }
}
