package dev.kiln.kernel.function;

import dev.kiln.DType;
import dev.kiln.kernel.Body.Value;

/**
 * The inverse sine and cosine.
 *
 * <p>asin(t) = t + t³ P(t²) for |t| up to 1/2, P a minimax polynomial. Beyond, with s = √((1 − |x|)
 * / 2): asin(|x|) = π/2 − 2 asin(s), acos(x) = 2 asin(s) or π − 2 asin(s). What the square root
 * rounds away is put back, and π is taken as the sum of two floats.
 */
public final class Arcsine {
  private Arcsine() {}

  /** asin(x): NaN beyond ±1, −0 for −0. */
  public static Value asin(Value x) {
    Value a = x.abs();
    Value large = a.gt(0.5);
    Value y =
        sum(
            a,
            a,
            large,
            large.select(x.like(2.0), x.like(0.0)),
            large.select(x.like(-2.0), x.like(1.0)));
    return FloatParts.withSignOf(y.bitcast(FloatFormat.of(x).bits()), x);
  }

  /** acos(x): NaN beyond ±1, +0 for 1. */
  public static Value acos(Value x) {
    Value a = x.abs();
    Value large = a.gt(0.5);
    Value positive = x.gt(0.0);
    Value eighths = positive.select(x.like(0.0), x.like(4.0));
    Value factor = positive.select(x.like(2.0), x.like(-2.0));
    return sum(x, a, large, large.select(eighths, x.like(2.0)), large.select(factor, x.like(-1.0)));
  }

  /** eighths π/4 + factor asin(s), where large is false asin(x) for asin(s); a is |x|. */
  private static Value sum(Value x, Value a, Value large, Value eighths, Value factor) {
    boolean single = x.dtype() == DType.FLOAT32;
    FloatFormat format = FloatFormat.of(x);
    Value z = large.select(a.fma(-0.5, a.like(0.5)), a.mul(a)); // the former exact
    Value s = z.sqrt();
    // s + d is the root for 2 s d = z - s^2. Bits are about a logarithm: taking them off a
    // constant gives 1/(2s) within an eighth, which does for so small a term, and no fault for 0.
    Value bits = s.bitcast(format.bits());
    Value half = bits.like(halfReciprocal(format)).sub(bits).bitcast(x.dtype());
    Value sLow = s.neg().fma(s, z).mul(half);
    Value t = large.select(s, x);
    Value tLow = large.select(sLow, x.like(0.0));
    Value p = Polynomial.horner(z, single ? ASIN_FLOAT32 : ASIN_FLOAT64);
    Value low = t.mul(z).fma(p, tLow);
    return Arctangent.sum(eighths, t.mul(factor), low.mul(factor));
  }

  /** The bits of 1/2 times those of 1, less what the two logarithms' bends come to on average. */
  private static long halfReciprocal(FloatFormat format) {
    return 2 * format.one() - (long) (1.086 * format.whole());
  }

  // (asin(t) - t) / t^3 by powers of t^2, for |t| up to 1/2
  private static final double[] ASIN_FLOAT32 = {
    0.16666752099990845,
    0.07495307177305222,
    0.045469630509614944,
    0.024181613698601723,
    0.04216482862830162
  };
  private static final double[] ASIN_FLOAT64 = {
    0.16666666666665408,
    0.07500000000337208,
    0.04464285682815168,
    0.030381959144783414,
    0.022371757849646057,
    0.01735970801668974,
    0.013885200870222264,
    0.012169456132772621,
    0.006526839584256233,
    0.019531591588903614,
    -0.016229815767885528,
    0.03191631550769395
  };
}
