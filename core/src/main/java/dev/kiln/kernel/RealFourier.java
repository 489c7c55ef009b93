package dev.kiln.kernel;

import dev.kiln.kernel.Fourier.Parts;
import dev.kiln.kernel.Fourier.Spread;

/**
 * The discrete Fourier transform of n real numbers, of which n/2 + 1 results are enough. An even
 * length is half as many complex numbers. Defined like {@link Fourier}; immutable.
 */
public final class RealFourier {
  private final int n;
  private final Fourier complex;
  private final double[] cos;
  private final double[] sin;

  /** The transform of n numbers; n is at least 1. */
  public RealFourier(int n) {
    this.n = n;
    this.complex = new Fourier(n % 2 == 0 ? n / 2 : n);
    this.cos = new double[n % 2 == 0 ? n / 2 + 1 : 0];
    this.sin = new double[cos.length];
    for (int k = 0; k < cos.length; k++) {
      cos[k] = Fourier.cosine(k, n);
      sin[k] = -Fourier.sine(k, n);
    }
  }

  /** The number of results. */
  public int results() {
    return n / 2 + 1;
  }

  /** Numbers in each array of the work space; two of them are needed. */
  public int room() {
    return Math.max(complex.room(), results());
  }

  /**
   * Transforms numbers on the calling thread.
   *
   * @param x the n numbers
   * @param one work space of {@link #room}
   * @param other work space of the same size
   * @return the one of the two that begins with the results
   */
  public Parts transform(double[] x, Parts one, Parts other) {
    return transform(x, one, other, Spread.ALONE);
  }

  /**
   * Transforms numbers; the same bits, whoever does it.
   *
   * @param x the n numbers
   * @param one work space of {@link #room}
   * @param other work space of the same size
   * @param spread who does each loop
   * @return the one of the two that begins with the results
   */
  public Parts transform(double[] x, Parts one, Parts other, Spread spread) {
    if (n % 2 != 0) {
      spread.forEach(n, (from, to) -> single(x, one, from, to));
      return complex.transform(one, other, spread);
    }
    spread.forEach(n / 2, (from, to) -> pairs(x, one, from, to));
    Parts z = complex.transform(one, other, spread);
    Parts out = complex.endsInScratch() ? one : other;
    spread.forEach(n / 2 + 1, (from, to) -> combine(z, out, from, to));
    return out;
  }

  private static void single(double[] x, Parts one, int from, int to) {
    for (int k = from; k < to; k++) {
      one.re()[k] = x[k];
      one.im()[k] = 0;
    }
  }

  private static void pairs(double[] x, Parts one, int from, int to) {
    for (int k = from; k < to; k++) {
      one.re()[k] = x[2 * k];
      one.im()[k] = x[2 * k + 1];
    }
  }

  private void combine(Parts z, Parts out, int from, int to) {
    int half = n / 2;
    for (int k = from; k < to; k++) {
      int at = k == half ? 0 : k;
      int mirror = k == 0 ? 0 : half - k;
      double er = 0.5 * (z.re()[at] + z.re()[mirror]);
      double ei = 0.5 * (z.im()[at] - z.im()[mirror]);
      double or = 0.5 * (z.re()[at] - z.re()[mirror]);
      double oi = 0.5 * (z.im()[at] + z.im()[mirror]);
      out.re()[k] = er + (cos[k] * oi + sin[k] * or);
      out.im()[k] = ei + (sin[k] * oi - cos[k] * or);
    }
  }
}
