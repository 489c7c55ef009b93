package dev.kiln.cpu.routine;

import dev.kiln.kernel.Fourier.Parts;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Transforms of n real numbers as {@link dev.kiln.kernel.RealFourier} defines them: tables, and
 * work space that is kept.
 */
final class RealTransform {
  /** Results that one worker takes at least of a shared row. */
  private static final int SHARE = 1 << 12;

  private final int n;
  private final boolean pairs;
  private final boolean single;
  private final int complex;
  private final Passes passes;
  private final @Nullable Bluestein bluestein;
  private final double[] cos;
  private final double[] sin;
  private final ConcurrentLinkedQueue<Work> idle = new ConcurrentLinkedQueue<>();

  private record Work(Parts one, Parts other) {}

  /**
   * The transform of n numbers; n is at least 1.
   *
   * @param single whether they are float32
   */
  RealTransform(int n, boolean single) {
    this.n = n;
    this.pairs = n % 2 == 0;
    this.single = single;
    this.complex = pairs ? n / 2 : n;
    this.bluestein = Integer.bitCount(complex) == 1 ? null : Bluestein.of(complex);
    this.passes = bluestein == null ? new Passes(complex) : bluestein.longer();
    Roots roots = new Roots(n);
    this.cos = new double[pairs ? results() : 0];
    this.sin = new double[cos.length];
    for (int k = 0; k < cos.length; k++) {
      cos[k] = roots.re(k);
      sin[k] = roots.im(k);
    }
  }

  /** The number of results. */
  int results() {
    return n / 2 + 1;
  }

  /** Whether rows are transformed one by one. */
  boolean isLong() {
    return passes.isLong();
  }

  /** How many short rows go side by side. */
  int width() {
    return Passes.width(passes.length());
  }

  /** A row somewhere. */
  RealRow row(long address, long stride) {
    return new RealRow(address, stride, single, pairs);
  }

  /** Transforms a long row. */
  void transform(Butterfly way, RealRow row, long out, Crew crew) {
    Work work = take(passes.length());
    Parts z = work.one;
    if (bluestein == null) {
      passes.transform(way, row, z, crew);
    } else {
      bluestein.transform(way, row, z, work.other, crew);
      share(complex, crew, (from, end) -> bluestein.finish(z, from, end));
    }
    share(results(), crew, (from, end) -> write(z, 0, 1, from, end, out));
    idle.add(work);
  }

  /** Transforms short rows, no more than {@link #width}. */
  void transform(Butterfly way, RealRow[] rows, long[] out) {
    Work work = take(passes.length() * width());
    int width = Math.ceilDiv(rows.length, way.lanes()) * way.lanes();
    for (int l = 0; l < rows.length; l++) {
      rows[l].read(0, complex, work.one, l, width);
    }
    Parts z =
        bluestein == null
            ? passes.sideBySide(way, work.one, work.other, width)
            : bluestein.sideBySide(way, work.one, work.other, width);
    for (int l = 0; l < rows.length; l++) {
      write(z, l, width, 0, results(), out[l]);
    }
    idle.add(work);
  }

  private Work take(int size) {
    Work work = idle.poll();
    boolean alone = isLong() && bluestein == null;
    return work != null ? work : new Work(Parts.of(size), Parts.of(alone ? 0 : size));
  }

  /** Some of a loop's turns. */
  @FunctionalInterface
  private interface Turns {
    void run(int from, int end);
  }

  private static void share(int size, Crew crew, Turns turns) {
    // Twice as many shares as workers, since one of them may be late.
    int share = Math.max(SHARE, Math.ceilDiv(size, 2 * crew.count()));
    crew.forEach(
        Math.ceilDiv(size, share),
        chunk -> {
          int from = (int) chunk * share;
          turns.run(from, Math.min(size, from + share));
        });
  }

  /** Writes some results; number k of the complex transform is at that place, k steps on. */
  private void write(Parts z, int at, int step, int from, int end, long out) {
    if (!pairs) {
      for (int k = from; k < end; k++) {
        put(z.re()[at + k * step], z.im()[at + k * step], out, k);
      }
      return;
    }
    int half = complex;
    for (int k = from; k < end; k++) {
      int a = at + (k == half ? 0 : k) * step;
      int b = at + (k == 0 ? 0 : half - k) * step;
      double er = 0.5 * (z.re()[a] + z.re()[b]);
      double ei = 0.5 * (z.im()[a] - z.im()[b]);
      double or = 0.5 * (z.re()[a] - z.re()[b]);
      double oi = 0.5 * (z.im()[a] + z.im()[b]);
      put(er + (cos[k] * oi + sin[k] * or), ei + (sin[k] * oi - cos[k] * or), out, k);
    }
  }

  private void put(double re, double im, long out, int k) {
    if (single) {
      long address = out + 2L * k * Float.BYTES;
      Raw.setFloat(address, (float) canonical(re));
      Raw.setFloat(address + Float.BYTES, (float) canonical(im));
    } else {
      long address = out + 2L * k * Double.BYTES;
      Raw.setDouble(address, canonical(re));
      Raw.setDouble(address + Double.BYTES, canonical(im));
    }
  }

  private static double canonical(double value) {
    return Double.isNaN(value) ? Double.NaN : value;
  }
}
