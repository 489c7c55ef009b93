package dev.kiln.cpu.routine;

import dev.kiln.kernel.Chirp;
import dev.kiln.kernel.Fourier;
import dev.kiln.kernel.Fourier.Parts;
import java.util.Arrays;

/**
 * Transforms of any length by Bluestein's way, as {@link Fourier} has it: a convolution in a power
 * of 2.
 *
 * @param factors what numbers are multiplied by before and after
 * @param transformed what their transforms are multiplied by
 */
record Bluestein(Passes longer, Parts factors, Parts transformed) {
  static Bluestein of(int n) {
    Chirp chirp = Chirp.of(n);
    int size = chirp.size();
    Passes longer = new Passes(size);
    Butterfly way = new ScalarButterfly();
    if (!longer.isLong()) {
      Parts transformed = longer.sideBySide(way, chirp.around(), Parts.of(size), 1);
      return new Bluestein(longer, chirp.factors(), transformed);
    }
    Parts transformed = Parts.of(size);
    longer.transform(way, copy(chirp.around()), transformed, Crew.alone());
    return new Bluestein(longer, chirp.factors(), transformed);
  }

  private static Passes.Source copy(Parts x) {
    return (from, count, to, at) -> {
      System.arraycopy(x.re(), from, to.re(), at, count);
      System.arraycopy(x.im(), from, to.im(), at, count);
    };
  }

  private int n() {
    return factors.re().length;
  }

  /** Short transforms side by side, as {@link Passes#sideBySide}. */
  Parts sideBySide(Butterfly way, Parts x, Parts scratch, int width) {
    int size = longer.length();
    for (int k = 0; k < n(); k++) {
      multiply(x, k * width, width, factors.re()[k], factors.im()[k], 1);
    }
    Arrays.fill(x.re(), n() * width, size * width, 0);
    Arrays.fill(x.im(), n() * width, size * width, 0);
    Parts there = longer.sideBySide(way, x, scratch, width);
    for (int k = 0; k < size; k++) {
      double re = transformed.re()[k];
      multiply(there, k * width, width, re, transformed.im()[k], 1.0 / size);
    }
    // The way back is the same with real and imaginary parts swapped.
    Parts other = longer.endsInScratch() ? x : scratch;
    Parts back = swapped(longer.sideBySide(way, swapped(there), swapped(other), width));
    for (int k = 0; k < n(); k++) {
      multiply(back, k * width, width, factors.re()[k], factors.im()[k], 1);
    }
    return back;
  }

  /** A long transform but for {@link #finish}; the second array is for what is on the way. */
  void transform(Butterfly way, Passes.Source x, Parts to, Parts scratch, Crew crew) {
    longer.transform(way, before(x), scratch, crew);
    longer.transform(way, between(scratch), swapped(to), crew);
  }

  /** What comes after {@link #transform}, for results from one until another. */
  void finish(Parts x, int from, int end) {
    for (int k = from; k < end; k++) {
      multiply(x, k, 1, factors.re()[k], factors.im()[k], 1);
    }
  }

  private Passes.Source before(Passes.Source x) {
    return (from, count, to, at) -> {
      int some = Math.clamp(n() - from, 0, count);
      if (some > 0) {
        x.read(from, some, to, at);
      }
      for (int k = 0; k < some; k++) {
        multiply(to, at + k, 1, factors.re()[from + k], factors.im()[from + k], 1);
      }
      Arrays.fill(to.re(), at + some, at + count, 0);
      Arrays.fill(to.im(), at + some, at + count, 0);
    };
  }

  private Passes.Source between(Parts x) {
    double scale = 1.0 / longer.length();
    return (from, count, to, at) -> {
      System.arraycopy(x.im(), from, to.re(), at, count);
      System.arraycopy(x.re(), from, to.im(), at, count);
      Parts plain = swapped(to);
      for (int k = 0; k < count; k++) {
        double re = transformed.re()[from + k];
        multiply(plain, at + k, 1, re, transformed.im()[from + k], scale);
      }
    };
  }

  /** Multiplies some numbers by another, and by a power of 2. */
  private static void multiply(Parts x, int at, int count, double re, double im, double scale) {
    double[] xr = x.re();
    double[] xi = x.im();
    for (int k = at; k < at + count; k++) {
      double r = xr[k] * re - xi[k] * im;
      double i = xr[k] * im + xi[k] * re;
      xr[k] = r * scale;
      xi[k] = i * scale;
    }
  }

  private static Parts swapped(Parts x) {
    return new Parts(x.im(), x.re());
  }
}
