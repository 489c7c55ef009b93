package dev.kiln.cpu.routine;

import dev.kiln.DType;
import dev.kiln.KilnException;
import dev.kiln.spi.RoutineExecutable;
import dev.kiln.spi.RoutineLaunch;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Fourier transforms of real numbers as they are defined: rows in parallel, and where there are
 * fewer long rows than workers, each row by all of them.
 */
final class FourierRun implements RoutineExecutable {
  /** Numbers that one worker takes at once. */
  private static final long GROUP = 1 << 13;

  /** Rows of at least this length may be shared: a phase of a shorter one is soon done. */
  private static final int SHARED = 1 << 15;

  /** The longest row: its work space is made of Java arrays. */
  private static final long LONGEST = 1 << 28;

  /** Lengths whose tables are kept. */
  private static final int KEPT = 16;

  private final DType dtype;
  private final int bytes;
  private final Hot<Butterfly> butterfly;
  private final Crew crew;
  private final ConcurrentHashMap<Integer, RealTransform> lengths = new ConcurrentHashMap<>();

  FourierRun(DType dtype, Hot<Butterfly> butterfly, Crew crew) {
    this.dtype = dtype;
    this.bytes = dtype.bytes();
    this.butterfly = butterfly;
    this.crew = crew;
  }

  @Override
  public String describe() {
    return "passes of four parts in float64, "
        + butterfly.describe()
        + ", rows in parallel, few long rows each by all workers";
  }

  @Override
  public void launch(RoutineLaunch launch) {
    Rows rows = new Rows(Placed.input(launch.inputs().getFirst()), Placed.output(launch.output()));
    if (rows.length() > LONGEST) {
      throw new KilnException(
          "rfft of " + rows.length() + " elements; this backend transforms at most " + LONGEST);
    }
    int n = (int) rows.length();
    RealTransform transform = transform(n);
    Butterfly way = butterfly.get();
    if (!transform.isLong()) {
      sideBySide(transform, way, rows);
    } else if (n >= SHARED && rows.count() < crew.count()) {
      for (long row = 0; row < rows.count(); row++) {
        transform.transform(way, rows.in(transform, row), rows.out(transform, row), crew);
      }
    } else {
      long group = Math.max(1, GROUP / n);
      crew.forEach(
          Math.ceilDiv(rows.count(), group),
          chunk -> {
            long end = Math.min(rows.count(), (chunk + 1) * group);
            for (long row = chunk * group; row < end; row++) {
              RealRow in = rows.in(transform, row);
              transform.transform(way, in, rows.out(transform, row), Crew.alone());
            }
          });
    }
  }

  private void sideBySide(RealTransform transform, Butterfly way, Rows rows) {
    int width = transform.width();
    long group = Math.ceilDiv(GROUP / rows.length(), width) * (long) width;
    crew.forEach(
        Math.ceilDiv(rows.count(), group),
        chunk -> {
          long end = Math.min(rows.count(), (chunk + 1) * group);
          for (long row = chunk * group; row < end; row += width) {
            int some = (int) Math.min(width, end - row);
            RealRow[] in = new RealRow[some];
            long[] out = new long[some];
            for (int l = 0; l < some; l++) {
              in[l] = rows.in(transform, row + l);
              out[l] = rows.out(transform, row + l);
            }
            transform.transform(way, in, out);
          }
        });
  }

  private RealTransform transform(int n) {
    if (lengths.size() >= KEPT && !lengths.containsKey(n)) {
      lengths.clear();
    }
    return lengths.computeIfAbsent(n, key -> new RealTransform(key, dtype == DType.FLOAT32));
  }

  /** What is transformed, row by row. */
  private final class Rows {
    private final Placed x;
    private final Placed out;
    private final int axis;

    Rows(Placed x, Placed out) {
      this.x = x;
      this.out = out;
      this.axis = x.extents().length - 1;
    }

    long length() {
      return x.extents()[axis];
    }

    long count() {
      return x.count(0, axis);
    }

    RealRow in(RealTransform transform, long row) {
      return transform.row(x.address() + x.distance(0, axis, row), x.strides()[axis]);
    }

    long out(RealTransform transform, long row) {
      return out.address() + row * 2 * transform.results() * bytes;
    }
  }
}
