package dev.kiln.cpu.routine;

import dev.kiln.cpu.routine.Butterfly.Walk;
import dev.kiln.kernel.Fourier.Parts;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Transforms of a power of 2 complex numbers by the passes of {@link dev.kiln.kernel.Fourier}, done
 * in another order. Short ones go through their passes side by side, a number of each in a run.
 *
 * <p>A long one is a matrix of rows by columns in row-major order. Its first passes are transforms
 * of the columns, in which each column has factors of its own; the others are transforms of the
 * results' columns, with the same factors. So blocks of columns go through all passes of a phase in
 * a core's own cache, and memory is gone through twice instead of once for each pass.
 */
final class Passes {
  /** Lengths from which on there are two phases. */
  static final int LONG = 1 << 8;

  /** Numbers of a block, where it is not too narrow for that. */
  private static final int BLOCK = 1 << 13;

  /** What arrays used together differ by, so that their parts don't meet in a cache. */
  static final int PADDING = 128;

  private static final int NARROWEST = 16;
  private static final int WIDEST = 64;

  /** Rows of a block that are turned into columns at once. */
  private static final int TURNED = 64;

  private final int n;
  private final int rows;
  private final int columns;
  private final Factors[] own;
  private final Factors[] common;
  private final ConcurrentLinkedQueue<Panels> idle = new ConcurrentLinkedQueue<>();

  /** What a block goes to and fro between. */
  private record Panels(Parts one, Parts other) {}

  /** Where numbers come from. */
  @FunctionalInterface
  interface Source {
    /** Puts numbers into an array from a place on. */
    void read(int from, int count, Parts to, int at);
  }

  /** Transforms of n numbers. */
  Passes(int n) {
    this.n = n;
    int fours = n < LONG ? 0 : (Integer.numberOfTrailingZeros(n) + 2) / 4;
    this.rows = 1 << (2 * fours);
    this.columns = n / rows;
    Roots roots = new Roots(n);
    this.own = new Factors[fours];
    for (int pass = 0; pass < fours; pass++) {
      own[pass] = Factors.of(roots, 1 << (2 * pass));
    }
    this.common = new Factors[Integer.numberOfTrailingZeros(columns) / 2];
    for (int pass = 0; pass < common.length; pass++) {
      common[pass] = Factors.of(roots, rows << (2 * pass));
    }
  }

  int length() {
    return n;
  }

  boolean isLong() {
    return own.length > 0;
  }

  /** How many transforms go side by side at most, or columns of one. */
  static int width(int length) {
    return Math.clamp(BLOCK / length, NARROWEST, WIDEST);
  }

  /**
   * Short transforms side by side: number i of transform l is at i · width + l.
   *
   * @return the one of the two that holds the results
   */
  Parts sideBySide(Butterfly way, Parts x, Parts scratch, int width) {
    Parts result = endsInScratch() ? scratch : x;
    across(way, x, 0, width, result, width, new Panels(scratch, x));
    return result;
  }

  /** Whether {@link #sideBySide} leaves its results in the second array. */
  boolean endsInScratch() {
    return (Integer.numberOfTrailingZeros(n) + 1) / 2 % 2 == 1;
  }

  /** A long transform, its blocks shared by a crew. */
  void transform(Butterfly way, Source x, Parts to, Crew crew) {
    int wide = Math.min(width(rows), columns);
    crew.forEach(
        columns / wide,
        block -> {
          Panels panels = take();
          down(way, x, (int) block * wide, wide, to, panels);
          idle.add(panels);
        });
    int broad = Math.min(width(columns), rows);
    crew.forEach(
        rows / broad,
        block -> {
          Panels panels = take();
          across(way, to, (int) block * broad, rows, to, broad, panels);
          idle.add(panels);
        });
  }

  private Panels take() {
    Panels panels = idle.poll();
    if (panels != null) {
      return panels;
    }
    int size = Math.max(rows * width(rows), columns * width(columns)) + PADDING;
    return new Panels(Parts.of(size), Parts.of(size));
  }

  /** The first phase of some columns, whose results become rows. */
  private void down(Butterfly way, Source from, int first, int width, Parts to, Panels panels) {
    Parts x = panels.one;
    Parts y = panels.other;
    for (int row = 0; row < rows; row++) {
      from.read(row * columns + first, width, x, row * width);
    }
    int m = 1;
    for (Factors factors : own) {
      int turns = rows / 4 / m;
      Walk in = new Walk(0, m * width, rows / 4 * width);
      Walk out = new Walk(0, 4 * m * width, m * width);
      way.each(x, in, y, out, turns, m, width, factors, first, columns);
      Parts held = x;
      x = y;
      y = held;
      m *= 4;
    }
    for (int row = 0; row < rows; row += TURNED) {
      int some = Math.min(TURNED, rows - row);
      turn(x.re(), row * width, width, to.re(), first * rows + row, rows, some);
      turn(x.im(), row * width, width, to.im(), first * rows + row, rows, some);
    }
  }

  /** Turns so many rows of that width into columns. */
  private static void turn(
      double[] x, int from, int width, double[] y, int to, int pitch, int count) {
    for (int column = 0; column < width; column++) {
      int at = from + column;
      int out = to + column * pitch;
      for (int row = 0; row < count; row++) {
        y[out + row] = x[at + row * width];
      }
    }
  }

  /** The second phase of some columns, or all there is; rows are so far apart on both sides. */
  private void across(
      Butterfly way, Parts from, int first, int pitch, Parts to, int width, Panels panels) {
    Parts x = from;
    int pass = 0;
    for (int m = 1; m < columns; pass++) {
      int radix = columns / m == 2 ? 2 : 4;
      int apart = columns / radix;
      boolean begins = m == 1;
      boolean ends = m * radix == columns;
      Parts y = ends ? to : pass % 2 == 0 ? panels.one : panels.other;
      // The factors of the last pass are all the same, and its runs are written apart.
      int turns = ends ? m : apart / m;
      int count = ends ? width : m * width;
      Walk in = begins ? new Walk(first, pitch, apart * pitch) : new Walk(0, count, apart * width);
      Walk out = ends ? new Walk(first, pitch, m * pitch) : new Walk(0, radix * count, count);
      if (radix == 2) {
        way.two(x, in, y, out, turns, count);
      } else {
        way.same(x, in, y, out, turns, count, common[pass], ends ? 0 : 1);
      }
      x = y;
      m *= radix;
    }
  }
}
