package dev.kiln.kernel.function;

import dev.kiln.DType;
import dev.kiln.kernel.Body.Value;

/**
 * The inverse hyperbolic functions.
 *
 * <ul>
 *   <li>asinh |x| = log(|x| + √(x² + 1))
 *   <li>acosh x = log(x + √(x² − 1))
 *   <li>atanh |x| = log((1 + |x|) / (1 − |x|)) / 2
 * </ul>
 *
 * <p>The logarithm's argument, or numerator and denominator, are sums of two floats, so that
 * nothing is lost where the result is near 0. log(w) = k ln 2 + 2 atanh(s) with w = 2<sup>k</sup>
 * m, s = (m − 1) / (m + 1), and atanh(s) = s + s³ P(s²), P a minimax polynomial.
 */
public final class InverseHyperbolic {
  private InverseHyperbolic() {}

  /** asinh(x): ±∞ for ±∞, −0 for −0. */
  public static Value asinh(Value x) {
    Value a = x.abs();
    Value large = a.gt(large(a));
    TwoFloat square = TwoFloat.product(a, a);
    TwoFloat sum = TwoFloat.sum(square.high(), a.like(1.0)).plusApart(square.low());
    TwoFloat root = sum.sqrt(); // larger than a
    TwoFloat w = TwoFloat.fastSum(root.high(), a).plusApart(root.low());
    Value y = log(large, a, w);
    Value result = a.lt(Double.POSITIVE_INFINITY).select(y, a);
    return FloatParts.withSignOf(result.bitcast(FloatFormat.of(x).bits()), x);
  }

  /** acosh(x): 0 for 1, ∞ for ∞, NaN below 1. */
  public static Value acosh(Value x) {
    Value large = x.gt(large(x));
    TwoFloat square = TwoFloat.product(x, x);
    TwoFloat difference = TwoFloat.fastSum(square.high(), x.like(-1.0)).plusApart(square.low());
    TwoFloat root = difference.sqrt();
    TwoFloat w = TwoFloat.fastSum(x, root.high()).plusApart(root.low());
    Value y = log(large, x, w);
    Value finite = x.lt(Double.POSITIVE_INFINITY).select(y, x); // NaN stays
    Value inside = x.eq(1.0).select(x.like(0.0), finite);
    return x.lt(1.0).select(x.like(Double.NaN), inside);
  }

  /** atanh(x): ±∞ for ±1, NaN beyond, −0 for −0. */
  public static Value atanh(Value x) {
    FloatFormat format = FloatFormat.of(x);
    Value a = x.abs();
    Value one = a.like(1.0);
    TwoFloat sumOf = TwoFloat.fastSum(one, a);
    TwoFloat differenceOf = TwoFloat.fastSum(one, a.neg());
    Value above = sumOf.high();
    Value below = differenceOf.high();
    // The difference of the bits, read as a number with a binary point, is near log2 of the
    // quotient: m lies between 2/3 and 3/2.
    Value aboveBits = above.bitcast(format.bits());
    Value half = aboveBits.like(1L << (format.fraction() - 1));
    Value k = aboveBits.sub(below.bitcast(format.bits())).add(half).shr(format.fraction());
    Value scale = k.shl(format.fraction()).add(k.like(format.one())).bitcast(x.dtype());
    Value scaled = scale.mul(below);
    Value scaledLow = scale.mul(differenceOf.low());
    // The first difference is exact: neither is more than twice the other.
    TwoFloat numerator = TwoFloat.fastSum(above.sub(scaled), sumOf.low().sub(scaledLow));
    TwoFloat denominator = TwoFloat.sum(above, scaled).plusApart(sumOf.low().add(scaledLow));
    Value y = sum(numerator, denominator, toFloat(k, x).mul(0.5), 1.0);
    Value infinite = a.eq(1.0).select(a.like(Double.POSITIVE_INFINITY), y);
    Value result = a.gt(1.0).select(a.like(Double.NaN), infinite);
    return FloatParts.withSignOf(result.bitcast(format.bits()), x);
  }

  /** From here on x² ± 1 is x² as far as the result shows. */
  private static double large(Value x) {
    return x.dtype() == DType.FLOAT32 ? 0x1p14 : 0x1p29;
  }

  /** log(w), or log(2x) where x is large. */
  private static Value log(Value large, Value x, TwoFloat w) {
    FloatFormat format = FloatFormat.of(x);
    Value argument = large.select(x, w.high());
    Value bits = argument.bitcast(format.bits());
    Value lowest = bits.like(x.dtype() == DType.FLOAT32 ? LOWEST_FLOAT32 : LOWEST_FLOAT64);
    Value offset = bits.sub(lowest);
    Value k = offset.shr(format.fraction());
    Value exponent = k.shl(format.fraction());
    Value m = bits.sub(exponent).bitcast(x.dtype());
    Value down = exponent.like(format.one()).sub(exponent).bitcast(x.dtype()); // 2^-k
    Value mLow = large.select(x.like(0.0), w.low().mul(down));
    TwoFloat numerator = TwoFloat.fastSum(m.sub(1.0), mLow);
    TwoFloat denominator = TwoFloat.fastSum(x.like(1.0), m).plusApart(mLow);
    TwoFloat twice =
        new TwoFloat(numerator.high().add(numerator.high()), numerator.low().add(numerator.low()));
    Value whole = toFloat(large.select(k.add(k.like(1L)), k), x);
    return sum(twice, denominator, whole, 0.25);
  }

  /**
   * k ln 2 + 2q atanh(s) with s = (numerator / denominator) / 2q.
   *
   * @param square 1 / 4q²
   */
  private static Value sum(TwoFloat numerator, TwoFloat denominator, Value k, double square) {
    boolean single = k.dtype() == DType.FLOAT32;
    Ln2 ln2 = Ln2.shortFirst(k.dtype());
    TwoFloat s = numerator.over(denominator, k.like(1.0).div(denominator.high()));
    Value z = s.high().mul(square).mul(s.high());
    Value p = Polynomial.horner(z, single ? ATANH_FLOAT32 : ATANH_FLOAT64);
    // k is zero or k ln 2 is larger than s, so that the first sum's error comes out exactly.
    Value large = k.fma(ln2.high(), s.high());
    Value error = k.fma(ln2.high(), large.neg()).add(s.high());
    Value small = s.high().mul(z).fma(p, k.fma(ln2.low(), s.low()));
    return large.add(error.add(small));
  }

  /** A small integer as a float; conversion from 64 bits is slow on much hardware. */
  private static Value toFloat(Value k, Value x) {
    FloatFormat format = FloatFormat.of(x);
    return k.add(k.like(format.magicBits())).bitcast(x.dtype()).sub(format.magic());
  }

  // The bits of the lowest m: sqrt(1/2)
  private static final long LOWEST_FLOAT32 = 0x3f35_04f3L;
  private static final long LOWEST_FLOAT64 = 0x3fe6_a09e_667f_3bcdL;

  // (atanh(s) - s) / s^3 by powers of s^2
  private static final double[] ATANH_FLOAT32 = {
    0.3333348035812378, 0.19978246092796326, 0.15194502472877502
  };
  private static final double[] ATANH_FLOAT64 = {
    0.3333333333333329,
    0.20000000000032211,
    0.14285714277007733,
    0.11111112248074975,
    0.09090827094050605,
    0.07695742896118207,
    0.06583716148460733,
    0.06942033379406251
  };
}
