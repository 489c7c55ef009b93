package dev.kiln.cpu.routine;

import dev.kiln.kernel.Fourier;

/**
 * Roots of unity, clockwise. Where the eighth of a turn is a whole number of them, one eighth is
 * computed, and the others are its mirror images, as they are in their definition.
 */
final class Roots {
  private final int count;
  private final double[] cos;
  private final double[] sin;

  /** The roots of that count. */
  Roots(int count) {
    this.count = count;
    int size = count % 8 == 0 ? count / 8 + 1 : 0;
    this.cos = new double[size];
    this.sin = new double[size];
    for (int j = 0; j < size; j++) {
      cos[j] = Fourier.cosine(j, count);
      sin[j] = Fourier.sine(j, count);
    }
  }

  int count() {
    return count;
  }

  /** The real part of the j-th; j is below {@link #count}. */
  double re(int j) {
    if (cos.length == 0) {
      return Fourier.cosine(j, count);
    }
    int eighth = count / 8;
    int quarter = count / 4;
    int half = count / 2;
    if (j <= eighth) {
      return cos[j];
    } else if (j <= 3 * eighth) {
      return j < quarter ? sin[quarter - j] : -sin[j - quarter];
    } else if (j <= 5 * eighth) {
      return -cos[Math.abs(j - half)];
    } else if (j <= 7 * eighth) {
      int past = j - half - quarter;
      return past < 0 ? -sin[-past] : sin[past];
    }
    return cos[count - j];
  }

  /** The imaginary part, likewise. */
  double im(int j) {
    if (cos.length == 0) {
      return -Fourier.sine(j, count);
    }
    int eighth = count / 8;
    int quarter = count / 4;
    int half = count / 2;
    if (j <= eighth) {
      return -sin[j];
    } else if (j <= 3 * eighth) {
      return -cos[Math.abs(j - quarter)];
    } else if (j <= 5 * eighth) {
      return j < half ? -sin[half - j] : sin[j - half];
    } else if (j <= 7 * eighth) {
      return cos[Math.abs(j - half - quarter)];
    }
    return sin[count - j];
  }
}
