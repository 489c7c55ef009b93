package dev.kiln.cpu.routine;

import dev.kiln.spi.Buffer;
import dev.kiln.spi.Memory;
import dev.kiln.spi.RoutineExecutable;
import dev.kiln.spi.RoutineLaunch;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Sorting: long sequences by radix, on all workers where there are few of them; short ones as
 * packed keys by the JDK's sort. Both leave equal elements in their order.
 */
final class SortRun implements RoutineExecutable {
  /** The longest sequence for which counting digits does not pay. */
  private static final int SHORT = 1024;

  /** Elements of short sequences that one worker takes at once. */
  private static final long GROUP = 1 << 14;

  private final int axis;
  private final boolean places;
  private final SortOrder order;
  private final Crew crew;
  private final RadixSort.Sizes sizes;
  private final Memory memory;

  /**
   * A way of sorting.
   *
   * @param places whether to tell where elements were, instead of the elements
   */
  SortRun(int axis, boolean places, SortOrder order, Crew crew, Memory memory) {
    this(axis, places, order, RadixSort.Sizes.USUAL, crew, memory);
  }

  /** A way of sorting with that much at once. */
  SortRun(
      int axis, boolean places, SortOrder order, RadixSort.Sizes sizes, Crew crew, Memory memory) {
    this.axis = axis;
    this.places = places;
    this.order = order;
    this.sizes = sizes;
    this.crew = crew;
    this.memory = memory;
  }

  /** What is moved to sort so many elements. */
  Records records(long n) {
    if (places) {
      // A place of 32 bits goes no further.
      return order.isWide() || n > 1L << Integer.SIZE ? new WidePlaces() : new Places();
    }
    return order.isWide() ? new WideKeys() : new Keys();
  }

  @Override
  public String describe() {
    return "radix sort, groups of records in the cache; up to "
        + SHORT
        + " elements the JDK's sort";
  }

  @Override
  public void launch(RoutineLaunch launch) {
    Placed x = Placed.input(launch.inputs().getFirst());
    Placed out = Placed.output(launch.output());
    Rows rows = new Rows(x, out);
    if (rows.n <= SHORT && !(places && order.isWide())) {
      long group = Math.max(1, GROUP / rows.n);
      crew.forEach(
          (rows.count + group - 1) / group,
          chunk -> {
            boolean narrow = !places && !order.isWide();
            int[] keys = new int[narrow ? (int) rows.n : 0];
            long[] packed = new long[narrow ? 0 : (int) rows.n];
            long end = Math.min(rows.count, (chunk + 1) * group);
            for (long row = chunk * group; row < end; row++) {
              if (narrow) {
                shortNarrowRow(rows, row, keys);
              } else {
                shortRow(rows, row, packed);
              }
            }
          });
      return;
    }
    Records records = records(rows.n);
    long scratch = 2 * rows.n * records.bytes();
    long members = Math.min(rows.count, crew.count());
    boolean together = rows.count < crew.count();
    Buffer buffer = memory.allocate(together ? scratch : scratch * members);
    try {
      long address = buffer.pin();
      try {
        if (together) {
          RadixSort sort = new RadixSort(records, crew, sizes);
          for (long row = 0; row < rows.count; row++) {
            longRow(rows, row, sort, crew, address);
          }
        } else {
          Crew alone = Crew.alone();
          RadixSort sort = new RadixSort(records, alone, sizes);
          long each = (rows.count + members - 1) / members;
          crew.forEach(
              members,
              member -> {
                long end = Math.min(rows.count, (member + 1) * each);
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

  private void restoreZeros(Rows rows, long from, long to, Crew readers) {
    if (order.hasZero(to, rows.outStride, rows.n) && hasNegativeZero(rows, from, readers)) {
      order.restoreZeros(from, rows.stride, rows.n, to, rows.outStride);
    }
  }

  private boolean hasNegativeZero(Rows rows, long from, Crew readers) {
    AtomicBoolean found = new AtomicBoolean();
    readers.forEach(
        Math.ceilDiv(rows.n, GROUP),
        group -> {
          long first = group * GROUP;
          long count = Math.min(GROUP, rows.n - first);
          if (order.hasNegativeZero(from + first * rows.stride, rows.stride, count)) {
            found.set(true);
          }
        });
    return found.get();
  }

  private void longRow(Rows rows, long row, RadixSort sort, Crew together, long scratch) {
    long from = rows.from(row);
    long to = rows.to(row);
    sort.run(order, from, rows.stride, rows.n, to, rows.outStride, scratch);
    if (!places) {
      restoreZeros(rows, from, to, together);
    }
  }

  /** Keys of 32 bits alone, which the JDK sorts with vectors where it can. */
  private void shortNarrowRow(Rows rows, long row, int[] keys) {
    long from = rows.from(row);
    long to = rows.to(row);
    // Keys are unsigned and the JDK sorts signed numbers: the top bit is turned over and back.
    for (int i = 0; i < keys.length; i++) {
      keys[i] = order.narrow(from + i * rows.stride) ^ Integer.MIN_VALUE;
    }
    Arrays.sort(keys);
    for (int i = 0; i < keys.length; i++) {
      order.put(keys[i] ^ Integer.MIN_VALUE, to + i * rows.outStride);
    }
    restoreZeros(rows, from, to, Crew.alone());
  }

  private void shortRow(Rows rows, long row, long[] packed) {
    long from = rows.from(row);
    long to = rows.to(row);
    // Keys are unsigned and the JDK sorts signed numbers: the top bit is turned over and back.
    for (int i = 0; i < packed.length; i++) {
      long address = from + i * rows.stride;
      long key = order.isWide() ? order.wide(address) : order.key(address) << 32 | i;
      packed[i] = key ^ Long.MIN_VALUE;
    }
    Arrays.sort(packed);
    for (int i = 0; i < packed.length; i++) {
      long key = packed[i] ^ Long.MIN_VALUE;
      long address = to + i * rows.outStride;
      if (places) {
        Raw.setLong(address, key & 0xffff_ffffL);
      } else {
        order.put(key, address);
      }
    }
    if (!places) {
      restoreZeros(rows, from, to, Crew.alone());
    }
  }

  /** The sequences along the axis. */
  private final class Rows {
    final long n;
    final long count;
    final long stride;
    final long outStride;
    private final Placed x;
    private final Placed out;
    private final long inner;

    Rows(Placed x, Placed out) {
      int rank = x.extents().length;
      this.x = x;
      this.out = out;
      n = x.extents()[axis];
      inner = x.count(axis + 1, rank);
      count = x.count(0, axis) * inner;
      stride = x.strides()[axis];
      outStride = out.strides()[axis];
    }

    long from(long row) {
      return at(x, row);
    }

    long to(long row) {
      return at(out, row);
    }

    private long at(Placed array, long row) {
      return array.address()
          + array.distance(0, axis, row / inner)
          + array.distance(axis + 1, array.extents().length, row % inner);
    }
  }
}
