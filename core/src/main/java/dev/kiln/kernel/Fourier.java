package dev.kiln.kernel;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The discrete Fourier transform of one length, defined as a sequence of additions and
 * multiplications in float64, each rounded by itself: whoever performs it gets the same bits.
 *
 * <p>Lengths that are powers of 2 go by Stockham's passes, four parts at a time, and two in the
 * last pass where needed; other lengths by Bluestein's convolution of such a length. Immutable.
 */
public final class Fourier {
  private final int n;
  private final double[] cos;
  private final double[] sin;
  private final @Nullable Bluestein bluestein;

  /**
   * Complex numbers in two arrays.
   *
   * @param re real parts
   * @param im imaginary parts
   */
  @SuppressWarnings("ArrayRecordComponent") // Worked on in place.
  public record Parts(double[] re, double[] im) {
    /** Zeros. */
    public static Parts of(int size) {
      return new Parts(new double[size], new double[size]);
    }

    private Parts swapped() {
      return new Parts(im, re);
    }
  }

  /** Another length's way, by convolution. */
  private record Bluestein(Fourier longer, Parts factors, Parts transformed) {
    static Bluestein of(int n) {
      Chirp chirp = Chirp.of(n);
      Fourier longer = new Fourier(chirp.size());
      Parts transformed = longer.passes(chirp.around(), Parts.of(chirp.size()));
      return new Bluestein(longer, chirp.factors(), transformed);
    }
  }

  /** The transform of n numbers; n is at least 1. */
  public Fourier(int n) {
    this.n = n;
    boolean powerOf2 = Integer.bitCount(n) == 1;
    this.cos = new double[powerOf2 ? n : 0];
    this.sin = new double[powerOf2 ? n : 0];
    for (int j = 0; j < cos.length; j++) {
      cos[j] = cosine(j, n);
      sin[j] = -sine(j, n);
    }
    this.bluestein = powerOf2 ? null : Bluestein.of(n);
  }

  /** Numbers that {@link #transform} needs in each of its arrays. */
  public int room() {
    return bluestein == null ? n : bluestein.longer.n;
  }

  /**
   * Transforms the first n numbers.
   *
   * @param x the numbers, in arrays of {@link #room}; overwritten
   * @param scratch of the same size; overwritten
   * @return the one of the two that holds the result
   */
  public Parts transform(Parts x, Parts scratch) {
    return bluestein == null ? passes(x, scratch) : convolve(bluestein, x, scratch);
  }

  private Parts passes(Parts start, Parts scratch) {
    Parts x = start;
    Parts y = scratch;
    for (int m = 1; m < n; ) {
      if (n / m == 2) {
        two(x, y, m);
        m *= 2;
      } else {
        four(x, y, m);
        m *= 4;
      }
      Parts held = x;
      x = y;
      y = held;
    }
    return x;
  }

  /** Whether the result is left in the second array: each pass goes from one to the other. */
  boolean endsInScratch() {
    int passes = (Integer.numberOfTrailingZeros(n) + 1) / 2;
    return bluestein == null && passes % 2 == 1;
  }

  private static void two(Parts x, Parts y, int m) {
    for (int k = 0; k < m; k++) {
      y.re[k] = x.re[k] + x.re[k + m];
      y.im[k] = x.im[k] + x.im[k + m];
      y.re[k + m] = x.re[k] - x.re[k + m];
      y.im[k + m] = x.im[k] - x.im[k + m];
    }
  }

  /** The butterflies of a pass; each m of them have the same factors. */
  private void four(Parts x, Parts y, int m) {
    for (int first = 0; first < n / 4; first += m) {
      double c1 = cos[first];
      double s1 = sin[first];
      double c2 = cos[2 * first];
      double s2 = sin[2 * first];
      double c3 = cos[3 * first];
      double s3 = sin[3 * first];
      butterflies(x.re, x.im, y.re, y.im, first, m, n / 4, c1, s1, c2, s2, c3, s3);
    }
  }

  private static void butterflies(
      double[] xr,
      double[] xi,
      double[] yr,
      double[] yi,
      int first,
      int m,
      int quarter,
      double c1,
      double s1,
      double c2,
      double s2,
      double c3,
      double s3) {
    for (int k = 0; k < m; k++) {
      int a = first + k;
      int b = a + quarter;
      int c = b + quarter;
      int d = c + quarter;
      double acr = xr[a] + xr[c];
      double aci = xi[a] + xi[c];
      double amr = xr[a] - xr[c];
      double ami = xi[a] - xi[c];
      double bdr = xr[b] + xr[d];
      double bdi = xi[b] + xi[d];
      double bmr = xr[b] - xr[d];
      double bmi = xi[b] - xi[d];
      int o = 4 * first + k;
      yr[o] = acr + bdr;
      yi[o] = aci + bdi;
      double r1 = amr + bmi;
      double i1 = ami - bmr;
      yr[o + m] = c1 * r1 - s1 * i1;
      yi[o + m] = c1 * i1 + s1 * r1;
      double r2 = acr - bdr;
      double i2 = aci - bdi;
      yr[o + 2 * m] = c2 * r2 - s2 * i2;
      yi[o + 2 * m] = c2 * i2 + s2 * r2;
      double r3 = amr - bmi;
      double i3 = ami + bmr;
      yr[o + 3 * m] = c3 * r3 - s3 * i3;
      yi[o + 3 * m] = c3 * i3 + s3 * r3;
    }
  }

  private Parts convolve(Bluestein by, Parts x, Parts scratch) {
    int size = by.longer.n;
    multiply(x, n, by.factors, 1);
    Arrays.fill(x.re, n, size, 0);
    Arrays.fill(x.im, n, size, 0);
    Parts there = by.longer.passes(x, scratch);
    multiply(there, size, by.transformed, 1.0 / size);
    // The way back is the same with real and imaginary parts swapped, and ends in x again.
    Parts other = by.longer.endsInScratch() ? x : scratch;
    Parts back = by.longer.passes(there.swapped(), other.swapped()).swapped();
    multiply(back, n, by.factors, 1);
    return back;
  }

  /** Multiplies some numbers by others, and by a power of 2. */
  private static void multiply(Parts x, int size, Parts by, double scale) {
    for (int k = 0; k < size; k++) {
      double re = x.re[k] * by.re[k] - x.im[k] * by.im[k];
      double im = x.re[k] * by.im[k] + x.im[k] * by.re[k];
      x.re[k] = re * scale;
      x.im[k] = im * scale;
    }
  }

  /** The cosine of that many n-th parts of a turn; the argument lies within an eighth of one. */
  public static double cosine(int parts, int n) {
    long eight = 8L * parts;
    if (eight <= n) {
      return StrictMath.cos(2 * Math.PI * parts / n);
    } else if (eight <= 3L * n) {
      return -StrictMath.sin(Math.PI / 2 * (4L * parts - n) / n);
    } else if (eight <= 5L * n) {
      return -StrictMath.cos(Math.PI * (2L * parts - n) / n);
    } else if (eight <= 7L * n) {
      return StrictMath.sin(Math.PI / 2 * (4L * parts - 3L * n) / n);
    }
    return StrictMath.cos(2 * Math.PI * (n - parts) / n);
  }

  /** The sine, likewise. */
  public static double sine(int parts, int n) {
    long eight = 8L * parts;
    if (eight <= n) {
      return StrictMath.sin(2 * Math.PI * parts / n);
    } else if (eight <= 3L * n) {
      return StrictMath.cos(Math.PI / 2 * (4L * parts - n) / n);
    } else if (eight <= 5L * n) {
      return -StrictMath.sin(Math.PI * (2L * parts - n) / n);
    } else if (eight <= 7L * n) {
      return -StrictMath.cos(Math.PI / 2 * (4L * parts - 3L * n) / n);
    }
    return -StrictMath.sin(2 * Math.PI * (n - parts) / n);
  }
}
