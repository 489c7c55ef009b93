package dev.kiln.kernel.function;

import dev.kiln.DType;
import dev.kiln.kernel.Body.Value;

/**
 * Powers.
 *
 * <p>x<sup>y</sup> = 2<sup>y log2 |x|</sup>, with the sign put back for odd whole y. With x =
 * 2<sup>k</sup> m, s = (m − 1) / (m + 1) and z = s², log2 |x| = k + s (2 log2(e) + z (⅔ log2(e) + z
 * Q(z))), Q a minimax polynomial. For float64 it is computed in two parts, to some 65 bits, as its
 * absolute error becomes the relative one of the result. float32 is computed in float64, where one
 * part suffices.
 */
public final class Power {
  private Power() {}

  /**
   * x to the power y with the special values of C: 1 for y = 0 or x = 1 whatever the other is, NaN
   * for negative finite x and a fraction as y.
   */
  public static Value pow(Value x, Value y) {
    boolean single = x.dtype() == DType.FLOAT32;
    Value base = x.cast(DType.FLOAT64);
    // Beyond the bound only the sign of the logarithm counts; and 1 to the power of infinity is 1.
    Value exponent = y.cast(DType.FLOAT64).min(base.like(0x1p66)).max(base.like(-0x1p66));
    Value magnitude = base.abs();
    Value power = single ? float32(magnitude, exponent) : float64(magnitude, exponent);
    return special(base, exponent, power).cast(x.dtype());
  }

  /** The right sign, NaN and 1, from the power of |x|. */
  private static Value special(Value x, Value y, Value power) {
    // A multiple of two is equal to itself rounded to one, an odd number is one off.
    Value size = y.abs().min(y.like(0x1p53));
    Value offEven = size.sub(size.add(0x1p53).sub(0x1p53)).abs();
    Value odd = offEven.eq(1.0);
    Value whole = odd.or(offEven.eq(0.0));
    Value undefined = whole.not().and(x.lt(0.0)).and(x.gt(Double.NEGATIVE_INFINITY));
    Value signed = FloatParts.withSignOf(power.bitcast(DType.INT64), x);
    Value defined = undefined.select(x.like(Double.NaN), odd.select(signed, power));
    return x.eq(1.0).or(y.eq(0.0)).select(x.like(1.0), defined);
  }

  /** log2 of 0 is −∞, of infinity and NaN they themselves. */
  private static Value edges(Value x, Value log2) {
    Value positive = x.eq(0.0).select(x.like(Double.NEGATIVE_INFINITY), log2);
    return x.lt(Double.POSITIVE_INFINITY).select(positive, x);
  }

  /** Beyond these powers, infinities among them, the sum below has no meaning. */
  private static Value limits(Value product, double bound, Value power) {
    Value finite = product.gt(bound).select(product.like(Double.POSITIVE_INFINITY), power);
    return product.lt(-bound).select(product.like(0.0), finite);
  }

  /** Of float32 values as float64: neither subnormal, nor is the power. */
  private static Value float32(Value x, Value y) {
    FloatFormat format = FloatFormat.of(x);
    LogarithmParts parts = LogarithmParts.ofNormal(x);
    Value f = parts.f();
    Value s = f.div(f.add(2.0));
    Value z = s.mul(s);
    Value log2 = s.fma(Polynomial.horner(z, LOG2_FLOAT32).fma(z, TWO_LOG2_E[0]), parts.k());
    Value product = edges(x, log2).mul(y);
    Value shifted = product.add(format.magic());
    Value r = product.sub(shifted.sub(format.magic()));
    Value scale = PowerOfTwo.normal(shifted, 0);
    return limits(product, 160.0, Exponentials.exp2Fraction(r, EXP2_FLOAT32).mul(scale));
  }

  private static Value float64(Value x, Value y) {
    FloatFormat format = FloatFormat.of(x);
    TwoFloat log2 = log2(LogarithmParts.of(x));
    Value high = edges(x, log2.high());
    Value product = high.mul(y);
    Value productLow = y.fma(log2.low(), y.fma(high, product.neg()));
    Value shifted = product.add(format.magic());
    Value r = product.sub(shifted.sub(format.magic())).add(productLow);
    Value p = Exponentials.exp2Fraction(r, Exponentials.EXP2_FLOAT64);
    return limits(product, 1100.0, PowerOfTwo.of(shifted).times(p));
  }

  private static TwoFloat log2(LogarithmParts parts) {
    Value f = parts.f();
    Value divisor = f.add(2.0);
    Value divisorLow = f.sub(divisor.sub(2.0)); // exact
    Value reciprocal = f.like(1.0).div(divisor);
    Value sHigh = f.mul(reciprocal);
    Value negative = sHigh.neg();
    Value remainder = negative.fma(divisorLow, negative.fma(divisor, f));
    TwoFloat s = new TwoFloat(sHigh, remainder.mul(reciprocal));
    TwoFloat square = TwoFloat.product(sHigh, sHigh);
    TwoFloat z = new TwoFloat(square.high(), sHigh.add(sHigh).fma(s.low(), square.low()));
    Value q = Polynomial.horner(z.high(), LOG2_FLOAT64);
    Value inner = z.high().fma(q, TWO_THIRDS_LOG2_E[0]);
    Value innerLow = z.high().fma(q, inner.like(TWO_THIRDS_LOG2_E[0]).sub(inner));
    TwoFloat w = z.times(new TwoFloat(inner, innerLow.add(TWO_THIRDS_LOG2_E[1])));
    TwoFloat factor = TwoFloat.fastSum(f.like(TWO_LOG2_E[0]), w.high());
    TwoFloat fraction = s.times(factor.plus(w.low().add(TWO_LOG2_E[1])));
    return TwoFloat.fastSum(parts.k(), fraction.high()).plus(fraction.low());
  }

  // 2 log2(e) and a third of it, each in two parts.
  private static final double[] TWO_LOG2_E = {0x1.71547652b82fep+1, 0x1.777d0ffda0d24p-55};
  private static final double[] TWO_THIRDS_LOG2_E = {0x1.ec709dc3a03fdp-1, 0x1.d27f05548af0cp-55};

  // log2((1 + s) / (1 - s)) / s by powers of s^2, from the second on: good for float32
  private static final double[] LOG2_FLOAT32 = {
    0.9617966791841559, 0.5770828548633271, 0.41170613965802055, 0.34022255238407534
  };
  // the same from the third on
  private static final double[] LOG2_FLOAT64 = {
    0.5770780163555851,
    0.4121985831113458,
    0.3205988979127546,
    0.2623081986634055,
    0.2219522698682123,
    0.19240134520503155,
    0.16845097191527278,
    0.17282240473232416
  };

  // (2^r - 1) / r, good for float32
  private static final double[] EXP2_FLOAT32 = {
    0.693147180703855,
    0.24022651066647738,
    0.05550410367830232,
    0.00961803811910707,
    0.001333393370856378,
    0.00015466760373356001,
    1.5196446214512239e-05
  };
}
