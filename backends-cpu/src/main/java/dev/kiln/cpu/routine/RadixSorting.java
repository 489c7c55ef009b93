package dev.kiln.cpu.routine;

import dev.kiln.spi.Buffer;
import dev.kiln.spi.Memory;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Sorting without vectors: long sequences by radix, on all workers where there are few of them;
 * short ones as packed keys by the JDK's sort. Both leave equal elements in their order.
 */
final class RadixSorting implements Sorting {
  /** The longest sequence for which counting digits does not pay. */
  private static final int SHORT = 1024;

  /** Elements of short sequences that one worker takes at once. */
  private static final long GROUP = 1 << 14;

  private final SortOrder order;
  private final boolean places;
  private final RadixSort.Sizes sizes;
  private final Crew crew;
  private final Memory memory;
  private final Zeros zeros;
  private final ConcurrentLinkedQueue<RadixSort.Room> idle = new ConcurrentLinkedQueue<>();

  /**
   * A way of sorting.
   *
   * @param places whether to tell where elements were, instead of the elements
   */
  RadixSorting(SortOrder order, boolean places, Crew crew, Memory memory) {
    this.order = order;
    this.places = places;
    this.sizes = RadixSort.Sizes.USUAL;
    this.crew = crew;
    this.memory = memory;
    this.zeros = new Zeros(order);
  }

  /** What is moved to sort so many elements. */
  Records.Form form(long n) {
    if (!places) {
      return Records.Form.KEY;
    }
    // A place of 32 bits goes no further.
    return order.isWide() || n > 1L << Integer.SIZE
        ? Records.Form.PLACE
        : Records.Form.PACKED_PLACE;
  }

  @Override
  public void sort(Sequences rows) {
    if (rows.n() <= SHORT && !(places && order.isWide())) {
      sortShort(rows);
    } else {
      sortLong(rows);
    }
  }

  private void sortShort(Sequences rows) {
    long group = Math.max(1, GROUP / rows.n());
    boolean narrow = !places && !order.isWide();
    crew.forEach(
        (rows.count() + group - 1) / group,
        chunk -> {
          int[] keys = new int[narrow ? (int) rows.n() : 0];
          long[] packed = new long[narrow ? 0 : (int) rows.n()];
          long end = Math.min(rows.count(), (chunk + 1) * group);
          for (long row = chunk * group; row < end; row++) {
            if (narrow) {
              shortNarrowRow(rows, row, keys);
            } else {
              shortRow(rows, row, packed);
            }
          }
        });
  }

  private void sortLong(Sequences rows) {
    Records records = new Records(order, form(rows.n()));
    long scratch = 2 * rows.n() * records.bytes();
    long members = Math.min(rows.count(), crew.count());
    boolean together = rows.count() < crew.count();
    Buffer buffer = memory.allocate(together ? scratch : scratch * members);
    try {
      long address = buffer.pin();
      try {
        if (together) {
          RadixSort sort = new RadixSort(records, crew, sizes, idle);
          for (long row = 0; row < rows.count(); row++) {
            longRow(rows, row, sort, crew, address);
          }
        } else {
          Crew alone = Crew.alone();
          RadixSort sort = new RadixSort(records, alone, sizes, idle);
          long each = (rows.count() + members - 1) / members;
          crew.forEach(
              members,
              member -> {
                long end = Math.min(rows.count(), (member + 1) * each);
                for (long row = member * each; row < end; row++) {
                  longRow(rows, row, sort, alone, address + member * scratch);
                }
              });
        }
      } finally {
        buffer.unpin();
      }
    } finally {
      buffer.release();
    }
  }

  private void longRow(Sequences rows, long row, RadixSort sort, Crew together, long scratch) {
    long from = rows.from(row);
    long to = rows.to(row);
    sort.run(from, rows.stride(), rows.n(), to, rows.outStride(), scratch);
    if (!places) {
      zeros.restore(rows, row, together);
    }
  }

  /** Keys of 32 bits alone, which the JDK sorts with vectors where it can. */
  private void shortNarrowRow(Sequences rows, long row, int[] keys) {
    long from = rows.from(row);
    long to = rows.to(row);
    // Keys are unsigned and the JDK sorts signed numbers: the top bit is turned over and back.
    for (int i = 0; i < keys.length; i++) {
      keys[i] = order.narrow(from + i * rows.stride()) ^ Integer.MIN_VALUE;
    }
    Arrays.sort(keys);
    for (int i = 0; i < keys.length; i++) {
      order.put(keys[i] ^ Integer.MIN_VALUE, to + i * rows.outStride());
    }
    zeros.restore(rows, row, Crew.alone());
  }

  private void shortRow(Sequences rows, long row, long[] packed) {
    long from = rows.from(row);
    long to = rows.to(row);
    // Keys are unsigned and the JDK sorts signed numbers: the top bit is turned over and back.
    for (int i = 0; i < packed.length; i++) {
      long address = from + i * rows.stride();
      long key = order.isWide() ? order.wide(address) : order.key(address) << 32 | i;
      packed[i] = key ^ Long.MIN_VALUE;
    }
    Arrays.sort(packed);
    for (int i = 0; i < packed.length; i++) {
      long key = packed[i] ^ Long.MIN_VALUE;
      long address = to + i * rows.outStride();
      if (places) {
        Raw.setLong(address, key & 0xffff_ffffL);
      } else {
        order.put(key, address);
      }
    }
    if (!places) {
      zeros.restore(rows, row, Crew.alone());
    }
  }
}
