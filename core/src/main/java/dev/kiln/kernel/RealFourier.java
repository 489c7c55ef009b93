package dev.kiln.kernel;

import dev.kiln.kernel.Fourier.Parts;
import java.util.Arrays;

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
   * Transforms numbers.
   *
   * @param x the n numbers
   * @param one work space of {@link #room}
   * @param other work space of the same size
   * @return the one of the two that begins with the results
   */
  public Parts transform(double[] x, Parts one, Parts other) {
    if (n % 2 != 0) {
      System.arraycopy(x, 0, one.re(), 0, n);
      Arrays.fill(one.im(), 0, n, 0);
      return complex.transform(one, other);
    }
    for (int k = 0; k < n / 2; k++) {
      one.re()[k] = x[2 * k];
      one.im()[k] = x[2 * k + 1];
    }
    Parts z = complex.transform(one, other);
    Parts out = complex.endsInScratch() ? one : other;
    combine(z, out);
    return out;
  }

  private void combine(Parts z, Parts out) {
    int half = n / 2;
    for (int k = 0; k <= half; k++) {
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
