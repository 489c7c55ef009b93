package dev.kiln.cpu.routine;

import dev.kiln.DType;
import dev.kiln.KilnException;
import dev.kiln.kernel.Fourier.Parts;
import dev.kiln.kernel.Fourier.Spread;
import dev.kiln.kernel.Fourier.Turns;
import dev.kiln.kernel.RealFourier;
import dev.kiln.spi.RoutineExecutable;
import dev.kiln.spi.RoutineLaunch;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Fourier transforms of real numbers as they are defined: rows in parallel, and where there are
 * fewer long rows than workers, each row by all of them.
 */
final class FourierRun implements RoutineExecutable {
  /** Numbers that one worker takes at once. */
  private static final long GROUP = 1 << 13;

  /** Rows of at least this length may be shared: a pass over a shorter one is one share. */
  private static final int SHARED = 1 << 15;

  /** Turns of a loop that one worker takes at least. */
  private static final int SHARE = 1 << 12;

  /** The longest row: its work space is made of Java arrays. */
  private static final long LONGEST = 1 << 28;

  /** Lengths whose tables are kept. */
  private static final int KEPT = 16;

  private final DType dtype;
  private final int bytes;
  private final Crew crew;
  private final ConcurrentHashMap<Integer, Length> lengths = new ConcurrentHashMap<>();

  FourierRun(DType dtype, Crew crew) {
    this.dtype = dtype;
    this.bytes = dtype.bytes();
    this.crew = crew;
  }

  /** The tables of a length, and work space for it. */
  private static final class Length {
    final int n;
    final RealFourier fourier;
    final ConcurrentLinkedQueue<Work> idle = new ConcurrentLinkedQueue<>();

    Length(int n) {
      this.n = n;
      this.fourier = new RealFourier(n);
    }

    Work take() {
      Work work = idle.poll();
      int room = fourier.room();
      return work != null ? work : new Work(new double[n], Parts.of(room), Parts.of(room));
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // Worked on in place.
  private record Work(double[] row, Parts one, Parts other) {}

  @Override
  public String describe() {
    return "passes of four parts in float64, rows in parallel, few long rows each by all workers";
  }

  @Override
  public void launch(RoutineLaunch launch) {
    Placed x = Placed.input(launch.inputs().getFirst());
    Placed out = Placed.output(launch.output());
    int axis = x.extents().length - 1;
    long n = x.extents()[axis];
    if (n > LONGEST) {
      throw new KilnException(
          "rfft of " + n + " elements; this backend transforms at most " + LONGEST);
    }
    Length length = length((int) n);
    long rows = x.count(0, axis);
    if (n >= SHARED && rows < crew.count()) {
      rows(length, x, out, 0, rows, this::share);
      return;
    }
    long group = Math.max(1, GROUP / n);
    crew.forEach(
        (rows + group - 1) / group,
        chunk -> {
          long end = Math.min(rows, (chunk + 1) * group);
          rows(length, x, out, chunk * group, end, Spread.ALONE);
        });
  }

  /** Spreads a loop over the workers. */
  private void share(int size, Turns turns) {
    // Twice as many shares as workers, since one of them may be late.
    int share = Math.max(SHARE, Math.ceilDiv(size, 2 * crew.count()));
    crew.forEach(
        Math.ceilDiv(size, share),
        chunk -> {
          int from = (int) chunk * share;
          turns.run(from, from + Math.min(share, size - from));
        });
  }

  private void rows(Length length, Placed x, Placed out, long from, long end, Spread spread) {
    int axis = x.extents().length - 1;
    Work work = length.take();
    for (long row = from; row < end; row++) {
      long at = x.address() + x.distance(0, axis, row);
      long to = out.address() + row * 2 * length.fourier.results() * bytes;
      row(length, work, at, x.strides()[axis], to, spread);
    }
    length.idle.add(work);
  }

  private Length length(int n) {
    if (lengths.size() >= KEPT && !lengths.containsKey(n)) {
      lengths.clear();
    }
    return lengths.computeIfAbsent(n, Length::new);
  }

  private void row(Length length, Work work, long x, long stride, long out, Spread spread) {
    double[] row = work.row;
    spread.forEach(length.n, (from, to) -> read(row, x, stride, from, to));
    Parts z = length.fourier.transform(row, work.one, work.other, spread);
    spread.forEach(length.fourier.results(), (from, to) -> write(z, out, from, to));
  }

  private void read(double[] row, long x, long stride, int from, int to) {
    boolean single = dtype == DType.FLOAT32;
    for (int k = from; k < to; k++) {
      row[k] = single ? Raw.getFloat(x + k * stride) : Raw.getDouble(x + k * stride);
    }
  }

  private void write(Parts z, long out, int from, int to) {
    boolean single = dtype == DType.FLOAT32;
    for (int k = from; k < to; k++) {
      put(z.re()[k], out + 2L * k * bytes, single);
      put(z.im()[k], out + (2L * k + 1) * bytes, single);
    }
  }

  private static void put(double value, long address, boolean single) {
    double canonical = Double.isNaN(value) ? Double.NaN : value;
    if (single) {
      Raw.setFloat(address, (float) canonical);
    } else {
      Raw.setDouble(address, canonical);
    }
  }
}
