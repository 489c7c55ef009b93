package dev.kiln.cpu.routine;

import dev.kiln.DType;
import dev.kiln.kernel.Bits;
import dev.kiln.kernel.Routine.Cumulative;
import dev.kiln.kernel.Routine.Cumulative.Fold;
import dev.kiln.spi.Buffer;
import dev.kiln.spi.Memory;
import dev.kiln.spi.RoutineExecutable;
import dev.kiln.spi.RoutineLaunch;
import java.lang.foreign.MemorySegment;

/**
 * Running sums and products: along the last axis row by row, long rows in spans that wait for each
 * other's last result alone; along another axis on all columns of a tile at once.
 */
final class CumulativeRun implements RoutineExecutable {
  /** Elements that one worker takes at once: a few blocks, which stay in its cache. */
  private static final int SPAN = 8 * Scan.BLOCK;

  /** Spans between two looks at the interrupt flag. */
  private static final int STRETCH = 1024;

  /** Bytes of a tile's rows: sixteen of them, and two more, stay in the nearest cache. */
  private static final int ROW_BYTES = 1024;

  private final Cumulative routine;
  private final DType dtype;
  private final int bytes;
  private final long identity;
  private final Hot<Scan> scan;
  private final Crew crew;
  private final Memory memory;

  CumulativeRun(Cumulative routine, DType dtype, Hot<Scan> scan, Crew crew, Memory memory) {
    this.routine = routine;
    this.dtype = dtype;
    this.bytes = dtype.bytes();
    this.identity = identity(routine.fold(), dtype);
    this.scan = scan;
    this.crew = crew;
    this.memory = memory;
  }

  private static long identity(Fold fold, DType dtype) {
    return switch (fold) {
      // −0 is the exact identity of addition.
      case SUM -> dtype.isFloat() ? Bits.ofDouble(dtype, -0.0) : 0;
      case PROD -> Bits.ofLong(dtype, 1);
    };
  }

  @Override
  public String describe() {
    return scan.describe() + " over blocks of " + Scan.BLOCK + " elements";
  }

  @Override
  public void launch(RoutineLaunch launch) {
    Placed x = Placed.input(launch.inputs().getFirst());
    Placed out = Placed.output(launch.output());
    int axis = routine.axis();
    long inner = x.count(axis + 1, x.extents().length);
    if (inner == 1) {
      rows(x, out);
    } else {
      columns(x, out, inner);
    }
  }

  // Rows

  private void rows(Placed x, Placed out) {
    int axis = routine.axis();
    long n = x.extents()[axis];
    long rows = x.count(0, axis);
    Scan way = scan.get();
    if (n <= SPAN) {
      long group = Math.max(1, SPAN / n);
      crew.forEach(
          (rows + group - 1) / group,
          chunk -> {
            long end = Math.min(rows, (chunk + 1) * group);
            for (long row = chunk * group; row < end; row++) {
              long from = x.address() + x.distance(0, axis, row);
              long to = out.address() + row * n * bytes;
              locals(way, from, x.strides()[axis], to, n);
              shifts(way, to, n, identity);
            }
          });
      return;
    }
    long spans = (n + SPAN - 1) / SPAN;
    Relay relay = new Relay((int) spans + 1, identity);
    for (long row = 0; row < rows; row++) {
      long from = x.address() + x.distance(0, axis, row);
      long to = out.address() + row * n * bytes;
      relay.reset();
      crew.inOrder(
          spans,
          STRETCH,
          span -> {
            long start = span * SPAN;
            long count = Math.min(SPAN, n - start);
            long stride = x.strides()[axis];
            long mine = to + start * bytes;
            locals(way, from + start * stride, stride, mine, count);
            long offset = relay.await((int) span);
            relay.put((int) span + 1, after(mine, count, offset));
            shifts(way, mine, count, offset);
          },
          relay::fail);
    }
  }

  private void locals(Scan way, long x, long stride, long out, long n) {
    for (long start = 0; start < n; start += Scan.BLOCK) {
      int count = (int) Math.min(Scan.BLOCK, n - start);
      long from = x + start * stride;
      long to = out + start * bytes;
      if (stride != bytes) {
        Raw.gather(bytes, from, stride, to, count);
        from = to;
      }
      way.local(from, to, count, identity);
    }
  }

  private void shifts(Scan way, long out, long n, long first) {
    long offset = first;
    for (long start = 0; start < n; start += Scan.BLOCK) {
      int count = (int) Math.min(Scan.BLOCK, n - start);
      long to = out + start * bytes;
      way.shift(to, count, offset);
      offset = Raw.get(dtype, to + (count - 1L) * bytes);
    }
  }

  /** What the last of some local results will be when all offsets are in. */
  private long after(long out, long n, long first) {
    long offset = first;
    for (long start = 0; start < n; start += Scan.BLOCK) {
      long count = Math.min(Scan.BLOCK, n - start);
      long last = Raw.get(dtype, out + (start + count - 1) * bytes);
      offset = combine(offset, last);
    }
    return offset;
  }

  private long combine(long a, long b) {
    boolean sum = routine.fold() == Fold.SUM;
    return switch (dtype) {
      case FLOAT32 -> {
        float x = Bits.toFloat(a);
        float y = Bits.toFloat(b);
        yield Bits.of(sum ? x + y : x * y);
      }
      case FLOAT64 -> {
        double x = Bits.toDouble(a);
        double y = Bits.toDouble(b);
        yield Bits.of(sum ? x + y : x * y);
      }
      default -> Bits.wrap(dtype, sum ? a + b : a * b);
    };
  }

  // Columns

  private void columns(Placed x, Placed out, long inner) {
    int axis = routine.axis();
    long width = Math.min(inner, ROW_BYTES / bytes);
    long tiles = (inner + width - 1) / width;
    long outer = x.count(0, axis);
    Buffer scratch = memory.allocate((long) crew.count() * 2 * ROW_BYTES);
    try {
      long rows = scratch.pin();
      try {
        Scan way = scan.get();
        crew.forEach(
            outer * tiles,
            (chunk, worker) -> {
              long first = chunk % tiles * width;
              int count = (int) Math.min(width, inner - first);
              Tile tile = new Tile(x, out, chunk / tiles, first, inner, count);
              tile.run(way, rows + (long) worker * 2 * ROW_BYTES);
            });
      } finally {
        scratch.unpin();
      }
    } finally {
      scratch.release();
    }
  }

  /** Some neighbouring columns. */
  private final class Tile {
    private final int width;
    private final long n;
    private final Placed x;
    private final long first;
    private final long from;
    private final long step;
    private final boolean dense;
    private final long to;
    private final long pitch;

    Tile(Placed x, Placed out, long outer, long first, long inner, int width) {
      int axis = routine.axis();
      int rank = x.extents().length;
      this.width = width;
      this.x = x;
      this.first = first;
      n = x.extents()[axis];
      dense = x.isDense(axis + 1, rank, bytes);
      from = x.address() + x.distance(0, axis, outer) + (dense ? first * bytes : 0);
      step = x.strides()[axis];
      pitch = inner * bytes;
      to = out.address() + outer * n * pitch + first * bytes;
    }

    void run(Scan way, long scratch) {
      long offset = scratch;
      long carry = scratch + ROW_BYTES;
      fill(offset);
      for (long block = 0; block < n; block += Scan.BLOCK) {
        long end = Math.min(n, block + Scan.BLOCK);
        fill(carry);
        for (long start = block; start < end; start += Scan.CHUNK) {
          int count = (int) Math.min(Scan.CHUNK, end - start);
          chunk(way, start, count);
          for (int i = 0; i < count; i++) {
            long row = to + (start + i) * pitch;
            way.combine(carry, row, row, width);
          }
          copy(to + (start + count - 1) * pitch, carry);
          for (int i = 0; i < count; i++) {
            long row = to + (start + i) * pitch;
            way.finish(offset, row, row, width);
          }
        }
        copy(to + (end - 1) * pitch, offset);
      }
    }

    /** Hillis and Steele's steps, of rows instead of elements. */
    private void chunk(Scan way, long start, int count) {
      for (int i = count - 1; i >= 0; i--) {
        row(start + i, to + (start + i) * pitch);
      }
      for (int h = 1; h < count; h *= 2) {
        for (int i = count - 1; i >= h; i--) {
          long row = to + (start + i) * pitch;
          way.combine(row - h * pitch, row, row, width);
        }
      }
    }

    private void row(long number, long target) {
      long source = from + number * step;
      if (dense) {
        copy(source, target);
        return;
      }
      int axis = routine.axis();
      int rank = x.extents().length;
      for (int i = 0; i < width; i++) {
        long at = source + x.distance(axis + 1, rank, first + i);
        Raw.set(dtype, target + (long) i * bytes, Raw.get(dtype, at));
      }
    }

    private void copy(long source, long target) {
      MemorySegment.copy(Raw.ALL, source, Raw.ALL, target, (long) width * bytes);
    }

    private void fill(long row) {
      for (int i = 0; i < width; i++) {
        Raw.set(dtype, row + (long) i * bytes, identity);
      }
    }
  }
}
