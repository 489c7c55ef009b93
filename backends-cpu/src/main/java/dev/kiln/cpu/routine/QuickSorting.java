package dev.kiln.cpu.routine;

import dev.kiln.spi.Buffer;
import dev.kiln.spi.Memory;
import java.util.function.LongConsumer;

/**
 * Sorting with vectors: a long sequence by all workers, short ones each by one. Keys alone, which
 * need no order among equal ones, or keys above places, of which none are equal.
 */
final class QuickSorting implements Sorting {
  /** The shortest sequence that is worth several workers. */
  private static final long TOGETHER = 1 << 15;

  /** The longest sequence that one worker sorts, however many there are. */
  private static final long ALONE = 1 << 18;

  /** Elements of short sequences that one worker takes at once. */
  private static final long GROUP = 1 << 14;

  private final QuickSort quick;
  private final SignedKeys keys;
  private final Sorting otherwise;
  private final Crew crew;
  private final Memory memory;
  private final Zeros zeros;

  /**
   * A way of sorting.
   *
   * @param otherwise sorts what this one cannot
   */
  QuickSorting(QuickSort quick, SignedKeys keys, Sorting otherwise, Crew crew, Memory memory) {
    this.quick = quick;
    this.keys = keys;
    this.otherwise = otherwise;
    this.crew = crew;
    this.memory = memory;
    this.zeros = new Zeros(keys.order());
  }

  /** Whether there is room for places in keys of such sequences. */
  static boolean fits(SortOrder order, boolean places, long n) {
    return !places || (!order.isWide() && n <= 1L << Integer.SIZE);
  }

  @Override
  public void sort(Sequences rows) {
    long shortest = rows.count() < crew.count() ? TOGETHER : ALONE;
    if (crew.count() > 1 ? rows.n() > shortest : rows.n() > ALONE) {
      sortTogether(rows);
    } else {
      sortEach(rows);
    }
  }

  private void sortEach(Sequences rows) {
    int bytes = keys.passes().bytes();
    long group = Math.max(1, GROUP / Math.max(1, rows.n()));
    long chunks = Math.ceilDiv(rows.count(), group);
    long room = QuickSort.Room.bytes(rows.n(), bytes);
    with(
        Math.min(chunks, crew.count()) == 1 ? room : room * crew.count(),
        scratch ->
            crew.forEach(
                chunks,
                (chunk, worker) -> {
                  QuickSort.Room own = QuickSort.Room.at(scratch + worker * room, rows.n(), bytes);
                  long end = Math.min(rows.count(), (chunk + 1) * group);
                  for (long row = chunk * group; row < end; row++) {
                    sortOne(rows, row, own);
                  }
                }));
  }

  private void sortOne(Sequences rows, long row, QuickSort.Room room) {
    keys.encode(rows.from(row), rows.stride(), 0, rows.n(), room.data());
    quick.sort(room, rows.n(), keys.passes().least(), keys.passes().greatest());
    keys.decode(room.out(), rows.n(), rows.to(row), rows.outStride());
    if (!keys.places()) {
      zeros.restore(rows, row, Crew.alone());
    }
  }

  private void sortTogether(Sequences rows) {
    SampleSort.Layout layout =
        SampleSort.Layout.usual(rows.n(), crew.count(), keys.passes().bytes());
    SampleSort sort = new SampleSort(quick, keys, crew, layout);
    with(
        sort.scratch(),
        scratch -> {
          for (long row = 0; row < rows.count(); row++) {
            long to = rows.to(row);
            if (!sort.run(rows.from(row), rows.stride(), to, rows.outStride(), scratch)) {
              otherwise.sort(rows.only(row));
            } else if (!keys.places()) {
              zeros.restore(rows, row, crew);
            }
          }
        });
  }

  private void with(long bytes, LongConsumer work) {
    Buffer buffer = memory.allocate(bytes);
    try {
      long address = buffer.pin();
      try {
        work.accept(address);
      } finally {
        buffer.unpin();
      }
    } finally {
      buffer.release();
    }
  }
}
