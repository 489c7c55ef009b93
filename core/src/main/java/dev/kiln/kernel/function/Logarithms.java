package dev.kiln.kernel.function;

import dev.kiln.DType;
import dev.kiln.kernel.Body.Value;

/**
 * The logarithm's relatives, all from x = 2<sup>k</sup> (1 + f) and log(1 + f) in two parts.
 *
 * <ul>
 *   <li>log2(x) = k + log2(e) log(1 + f)
 *   <li>log10(x) = k log10(2) + log10(e) log(1 + f)
 *   <li>log1p(x) = log(u) + (x + 1 − u) / u with u = x + 1 rounded; where k = 0, f is x itself
 * </ul>
 *
 * <p>The first term is zero or the larger, so that the error of the sum comes out exactly.
 */
public final class Logarithms {
  private Logarithms() {}

  /** The logarithm to base 2: exact for powers of two, −∞ for zeros, NaN below. */
  public static Value log2(Value x) {
    LogarithmParts parts = LogarithmParts.of(x);
    TwoFloat log = LogarithmParts.log1p(parts.f());
    TwoFloat scaled = log.times(log.like(single(x) ? LOG2_E_FLOAT32 : LOG2_E_FLOAT64));
    Value y = TwoFloat.fastSum(parts.k(), scaled.high()).plus(scaled.low()).rounded();
    return domain(x, y);
  }

  /** The logarithm to base 10: −∞ for zeros, NaN below. */
  public static Value log10(Value x) {
    LogarithmParts parts = LogarithmParts.of(x);
    TwoFloat log = LogarithmParts.log1p(parts.f());
    TwoFloat scaled = log.times(log.like(single(x) ? LOG10_E_FLOAT32 : LOG10_E_FLOAT64));
    double[] log10Of2 = single(x) ? LOG10_2_FLOAT32 : LOG10_2_FLOAT64;
    Value large = parts.k().mul(log10Of2[0]); // exact
    Value low = parts.k().fma(log10Of2[1], scaled.low());
    return domain(x, TwoFloat.fastSum(large, scaled.high()).plus(low).rounded());
  }

  /** log(1 + x): −0 for −0, −∞ for −1, NaN below. */
  public static Value log1p(Value x) {
    TwoFloat u = TwoFloat.sum(x.like(1.0), x);
    LogarithmParts parts = LogarithmParts.ofNormal(u.high());
    Value same = parts.k().eq(0.0);
    Value correction = same.select(x.like(0.0), u.low().div(u.high()));
    TwoFloat log = LogarithmParts.log1p(same.select(x, parts.f()));
    Ln2 ln2 = Ln2.shortFirst(x.dtype());
    Value large = parts.k().mul(ln2.high()); // exact
    Value low = log.low().add(parts.k().fma(ln2.low(), correction));
    Value y = TwoFloat.fastSum(large, log.high()).plus(low).rounded();
    Value finite = x.lt(Double.POSITIVE_INFINITY).select(y, x);
    Value nonzero = x.eq(0.0).select(x, finite);
    Value above = x.eq(-1.0).select(x.like(Double.NEGATIVE_INFINITY), nonzero);
    return x.lt(-1.0).select(x.like(Double.NaN), above);
  }

  /** A logarithm's special values: infinity and NaN stay as they are. */
  static Value domain(Value x, Value y) {
    Value finite = x.lt(Double.POSITIVE_INFINITY).select(y, x);
    Value positive = x.eq(0.0).select(x.like(Double.NEGATIVE_INFINITY), finite);
    return x.lt(0.0).select(x.like(Double.NaN), positive);
  }

  private static boolean single(Value x) {
    return x.dtype() == DType.FLOAT32;
  }

  // log2(e) and log10(e), each in two parts of full precision.
  private static final double[] LOG2_E_FLOAT32 = {0x1.715476p+0, 0x1.4ae0cp-26};
  private static final double[] LOG2_E_FLOAT64 = {0x1.71547652b82fep+0, 0x1.777d0ffda0d24p-56};
  private static final double[] LOG10_E_FLOAT32 = {0x1.bcb7b2p-2, -0x1.5b235ep-27};
  private static final double[] LOG10_E_FLOAT64 = {0x1.bcb7b1526e50ep-2, 0x1.95355baaafad3p-57};

  // log10(2) in two parts, the first of 16 (float32) and 42 (float64) bits.
  private static final double[] LOG10_2_FLOAT32 = {0x1.3442p-2, -0x1.95ec1p-19};
  private static final double[] LOG10_2_FLOAT64 = {0x1.34413509f78p-2, 0x1.fef311f12b358p-46};
}
