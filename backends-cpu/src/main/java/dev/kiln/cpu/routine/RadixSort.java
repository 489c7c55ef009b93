package dev.kiln.cpu.routine;

import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Stable sorting by radix with one pass over memory: records are dealt to groups by the highest
 * bits in which keys differ, and each group is sorted in the cache, by one worker. A group that is
 * far too large, since most of its keys agree in those bits, is dealt out once more, by all.
 */
final class RadixSort {
  /** The most bits to deal by; their counts stay in the second-level cache. */
  private static final int MOST_BITS = 16;

  /** Records that are looked at together, in arrays that stay in the second-level cache. */
  private static final int BLOCK = 1 << 15;

  private final Records records;
  private final Crew crew;
  private final Sizes sizes;
  private final ConcurrentLinkedQueue<Room> idle;

  /** Arrays for one worker, which grow with what is sorted in them. */
  static final class Room {
    private final int[] ends = new int[1 << MOST_BITS];
    private int[] elements = {};
    private long[] from = {};
    private long[] spare = {};

    private void reserve(int count, int longs) {
      if (elements.length < count) {
        elements = new int[count];
      }
      if (from.length < count * longs) {
        from = new long[count * longs];
        spare = new long[count * longs];
      }
    }
  }

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

  /** Work on a block of a part of the sequence. */
  @FunctionalInterface
  private interface Work {
    void run(int part, long first, int count, Room room);
  }

  /** Where results go. */
  private record Target(long address, long stride) {
    Target from(long first) {
      return new Target(address + first * stride, stride);
    }
  }

  /**
   * A way of sorting.
   *
   * @param idle room that nobody uses
   */
  RadixSort(Records records, Crew crew, Sizes sizes, ConcurrentLinkedQueue<Room> idle) {
    this.records = records;
    this.crew = crew;
    this.sizes = sizes;
    this.idle = idle;
  }

  /**
   * Sorts a sequence.
   *
   * @param scratch room for twice the records
   */
  void run(long x, long stride, long n, long out, long outStride, long scratch) {
    Target target = new Target(out, outStride);
    if (n <= sizes.direct(records.bytes())) {
      Room room = take((int) n);
      records.encode(x, stride, 0, (int) n, room.from, room.elements);
      sort(room, (int) n, target);
      idle.add(room);
      return;
    }
    long[] some = new long[records.form().longs];
    records.encode(x, stride, 0, 1, some, new int[1]);
    int parts = parts(n);
    long[] differing = new long[parts];
    inBlocks(
        n,
        parts,
        (part, first, count, room) -> {
          records.encode(x, stride, first, count, room.from, room.elements);
          records.write(room.from, 0, count, at(scratch, first));
          differing[part] |= records.differing(room.from, 0, count, some[0]);
        });
    sort(scratch, at(scratch, n), n, joined(differing), target);
  }

  /** Sorts records, with as much spare room. */
  private void sort(long from, long spare, long n, long differing, Target target) {
    if (differing == 0) {
      inBlocks(
          n,
          parts(n),
          (part, first, count, room) -> {
            records.read(at(from, first), count, room.from);
            decode(room, room.from, count, target.from(first));
          });
      return;
    }
    if (n <= sizes.direct(records.bytes())) {
      sortAlone(from, n, target);
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
        (part, first, count, room) -> {
          records.read(at(from, first), count, room.from);
          records.count(room.from, 0, count, shift, counts[part]);
        });
    Groups groups = Groups.of(counts, sizes.group(records.bytes(), n));
    long[][] next = groups.places(counts, spare, records.bytes());
    inBlocks(
        n,
        parts,
        (part, first, count, room) -> {
          records.read(at(from, first), count, room.from);
          deal(room, count, shift, groups, next[part]);
        });
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
            sortAlone(at(spare, first), count, target.from(first));
          }
        });
  }

  /**
   * Moves a block's records to where their groups go on: first together in an array, so that memory
   * is written to in stretches.
   */
  private void deal(Room room, int count, int shift, Groups groups, long[] next) {
    char[] ofDigit = groups.ofDigit();
    int[] ends = room.ends;
    records.deal(room.from, count, shift, ofDigit, ends, groups.count(), room.spare);
    int first = 0;
    for (int group = 0; group < groups.count(); group++) {
      int some = ends[group] - first;
      if (some > 0) {
        records.write(room.spare, first, some, next[group]);
        next[group] += (long) some * records.bytes();
        first = ends[group];
      }
    }
  }

  private void sortAlone(long from, long n, Target target) {
    Room room = take((int) n);
    records.read(from, (int) n, room.from);
    sort(room, (int) n, target);
    idle.add(room);
  }

  private void sort(Room room, int n, Target target) {
    long differing = records.differing(room.from, 0, n, room.from[0]);
    boolean moved = Digits.sort(records, room.from, room.spare, 0, n, differing);
    decode(room, moved ? room.spare : room.from, n, target);
  }

  private void decode(Room room, long[] sorted, int count, Target target) {
    records.decode(sorted, count, target.address(), target.stride(), room.elements);
  }

  private Room take(int count) {
    @Nullable Room held = idle.poll();
    Room room = held == null ? new Room() : held;
    room.reserve(count, records.form().longs);
    return room;
  }

  /** The bits in which keys differ. */
  private long differing(long from, long n) {
    long[] some = new long[records.form().longs];
    records.read(from, 1, some);
    long[] differing = new long[parts(n)];
    inBlocks(
        n,
        differing.length,
        (part, first, count, room) -> {
          records.read(at(from, first), count, room.from);
          differing[part] |= records.differing(room.from, 0, count, some[0]);
        });
    return joined(differing);
  }

  private static long joined(long[] differing) {
    return Arrays.stream(differing).reduce(0, (a, b) -> a | b);
  }

  private void inBlocks(long n, int parts, Work work) {
    crew.forEach(
        parts,
        part -> {
          Room room = take(BLOCK);
          long end = first(n, part + 1, parts);
          for (long first = first(n, part, parts); first < end; first += BLOCK) {
            work.run((int) part, first, (int) Math.min(BLOCK, end - first), room);
          }
          idle.add(room);
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
