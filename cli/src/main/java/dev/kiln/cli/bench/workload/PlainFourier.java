package dev.kiln.cli.bench.workload;

/**
 * The Fourier transform of real numbers in double, by its definition for prime lengths and by that
 * of its parts for all others.
 */
final class PlainFourier {
  /** A length's largest prime factor: its square is the time of a part. */
  private static final long LARGEST_FACTOR = 1000;

  private final double[] x;

  /** The cosines and sines of all parts of a turn. */
  private final double[] cosines;

  private final double[] sines;
  private final double[] re;
  private final double[] im;

  private PlainFourier(double[] x) {
    int n = x.length;
    this.x = x;
    this.cosines = new double[n];
    this.sines = new double[n];
    this.re = new double[n];
    this.im = new double[n];
    for (int k = 0; k < n; k++) {
      cosines[k] = Math.cos(2 * Math.PI * k / n);
      sines[k] = -Math.sin(2 * Math.PI * k / n);
    }
  }

  /** The transform. */
  static PlainFourier of(double[] x) {
    PlainFourier transform = new PlainFourier(x);
    transform.part(0, 1, 0, x.length);
    return transform;
  }

  /** The longest length up to n that does not take forever. */
  static long length(long n) {
    long length = n;
    while (largestFactor(length) > LARGEST_FACTOR) {
      length--;
    }
    return length;
  }

  private static long largestFactor(long n) {
    long rest = n;
    long factor = 1;
    while (rest > 1) {
      factor = smallestFactor(rest);
      rest /= factor;
    }
    return factor;
  }

  private static long smallestFactor(long n) {
    for (long p = 2; p * p <= n; p++) {
      if (n % p == 0) {
        return p;
      }
    }
    return n;
  }

  double re(int k) {
    return re[k];
  }

  double im(int k) {
    return im[k];
  }

  /**
   * Transforms the elements from, from + step, … into as many places in a row.
   *
   * @param step what the whole length is in parts of this one
   */
  private void part(int from, int step, int to, int count) {
    if (count == 1) {
      re[to] = x[from];
      im[to] = 0;
      return;
    }
    int parts = (int) smallestFactor(count);
    int length = count / parts;
    for (int p = 0; p < parts; p++) {
      part(from + p * step, step * parts, to + p * length, length);
    }
    double[] someRe = new double[parts];
    double[] someIm = new double[parts];
    for (int k = 0; k < length; k++) {
      for (int p = 0; p < parts; p++) {
        someRe[p] = re[to + p * length + k];
        someIm[p] = im[to + p * length + k];
      }
      for (int q = 0; q < parts; q++) {
        int at = k + q * length;
        double sumRe = 0;
        double sumIm = 0;
        for (int p = 0; p < parts; p++) {
          int turn = (int) ((long) p * at % count) * step;
          sumRe += someRe[p] * cosines[turn] - someIm[p] * sines[turn];
          sumIm += someRe[p] * sines[turn] + someIm[p] * cosines[turn];
        }
        re[to + at] = sumRe;
        im[to + at] = sumIm;
      }
    }
  }
}
