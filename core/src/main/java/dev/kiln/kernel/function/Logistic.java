package dev.kiln.kernel.function;

import dev.kiln.DType;
import dev.kiln.kernel.Body.Value;

/**
 * The logistic function and the logarithm of sums of exponentials, all from t = exp(−d), d ≥ 0,
 * which is in (0, 1] and computed in two parts.
 *
 * <ul>
 *   <li>sigmoid(x) = 1 / (1 + t) with d = x, t / (1 + t) with d = −x
 *   <li>logaddexp(x, y) = max(x, y) + log(1 + t) with d = |x − y|
 *   <li>softplus(x) = logaddexp(x, 0)
 * </ul>
 *
 * <p>float32 softplus and logaddexp are computed in float64, where one part suffices.
 */
public final class Logistic {
  private Logistic() {}

  /** 1 / (1 + exp(−x)): 0 for −∞, 1 for ∞. */
  public static Value sigmoid(Value x) {
    boolean single = x.dtype() == DType.FLOAT32;
    TwoFloat t = exp(atLeast(x.abs().neg(), single ? -105.0 : -746.0), x.like(0.0));
    TwoFloat sum = TwoFloat.fastSum(x.like(1.0), t.high()).plus(t.low());
    Value negative = x.lt(0.0);
    Value numerator = negative.select(t.high(), x.like(1.0));
    Value numeratorLow = negative.select(t.low(), x.like(0.0));
    Value reciprocal = x.like(1.0).div(sum.high());
    Value quotient = numerator.mul(reciprocal);
    Value opposite = quotient.neg();
    Value remainder =
        opposite.fma(sum.high(), numerator).add(opposite.fma(sum.low(), numeratorLow));
    return remainder.fma(reciprocal, quotient);
  }

  /** log(1 + exp(x)): 0 for −∞, ∞ for ∞. */
  public static Value softplus(Value x) {
    Value wide = x.cast(DType.FLOAT64);
    Value larger = wide.max(wide.like(0.0));
    Value opposite = wide.abs().neg();
    if (x.dtype() == DType.FLOAT32) {
      return logOfSum(larger, atLeast(opposite, -150.0)).cast(DType.FLOAT32);
    }
    Value low = wide.like(0.0);
    return unlessInfinite(larger, logOfSum(larger, atLeast(opposite, -746.0), low));
  }

  /** log(exp(x) + exp(y)): −∞ where both are, ∞ where either is and neither is NaN. */
  public static Value logaddexp(Value x, Value y) {
    Value wideX = x.cast(DType.FLOAT64);
    Value wideY = y.cast(DType.FLOAT64);
    Value larger = wideX.max(wideY);
    Value smaller = wideX.min(wideY);
    if (x.dtype() == DType.FLOAT32) {
      Value opposite = atLeast(smaller.sub(larger), -150.0);
      return unlessInfinite(larger, logOfSum(larger, opposite)).cast(DType.FLOAT32);
    }
    TwoFloat opposite = TwoFloat.sum(smaller, larger.neg());
    Value far = opposite.high().lt(-746.0);
    Value high = far.select(x.like(-746.0), opposite.high());
    Value low = far.select(x.like(0.0), opposite.low());
    return unlessInfinite(larger, logOfSum(larger, high, low));
  }

  private static Value atLeast(Value x, double least) {
    return x.lt(least).select(x.like(least), x);
  }

  private static Value unlessInfinite(Value larger, Value y) {
    return larger.abs().lt(Double.POSITIVE_INFINITY).select(y, larger);
  }

  /** larger + log(1 + exp(a)) to some 50 bits, by log(1 + t) = 2 atanh(t / (2 + t)). */
  private static Value logOfSum(Value larger, Value a) {
    Ln2Reduction reduction = Ln2Reduction.of(a, Ln2.full(a.dtype()));
    Value r = reduction.r();
    Value p = Polynomial.horner(r, Exponential.EXP_FLOAT64).fma(r.mul(r), r).add(1.0);
    Value t = p.mul(PowerOfTwo.normal(reduction.shifted(), 0));
    Value s = t.div(t.add(2.0));
    Value z = s.mul(s);
    return larger.add(s.fma(Polynomial.horner(z, LOG1P_FLOAT64).mul(z), s.add(s)));
  }

  /** larger + log(1 + exp(a + aLow)), a from −746 to 0. */
  private static Value logOfSum(Value larger, Value a, Value aLow) {
    TwoFloat t = exp(a, aLow);
    // 1 + t = 2 (1 + (t − 1) / 2) where t is large
    Value large = t.high().gt(SQRT2 - 1);
    TwoFloat less = TwoFloat.fastSum(a.like(-1.0), t.high()).plus(t.low());
    Value f = large.select(less.high().mul(0.5), t.high());
    Value fLow = large.select(less.low().mul(0.5), t.low());
    TwoFloat log = LogarithmParts.log1p(f);
    Value slope = f.fma(f.sub(1.0), 1.0); // 1 / (1 + f), nearly
    Ln2 ln2 = Ln2.full(a.dtype());
    Value none = a.like(0.0);
    TwoFloat high = TwoFloat.fastSum(large.select(a.like(ln2.high()), none), log.high());
    Value low =
        fLow.fma(slope, large.select(a.like(ln2.low()), none)).add(log.low()).add(high.low());
    return TwoFloat.sum(larger, high.high()).plus(low).rounded();
  }

  /**
   * exp(a + aLow) in two parts, for a from where exp(a) is zero up to 0, as {@link Exponential} has
   * it with the errors of r and of 1 + r kept.
   */
  private static TwoFloat exp(Value a, Value aLow) {
    Ln2Reduction reduction = Ln2Reduction.of(a, Ln2.full(a.dtype()));
    Value r = reduction.r();
    Value rLow = reduction.parts().low().add(aLow);
    Value p = Exponentials.expm1Tail(r);
    Value square = r.mul(r);
    Value slope =
        rLow.fma(p.fma(square, r), rLow); // rLow exp(r): aLow is large beside other errors
    TwoFloat main = TwoFloat.fastSum(a.like(1.0), r);
    TwoFloat sum = TwoFloat.fastSum(main.high(), p.fma(square, slope).add(main.low()));
    PowerOfTwo scale = PowerOfTwo.of(reduction.shifted());
    return new TwoFloat(scale.times(sum.high()), scale.times(sum.low()));
  }

  private static final double SQRT2 = 0x1.6a09e667f3bcdp0;

  // (2 atanh(s) - 2 s) / s^3 by powers of s^2, for s up to 1/3
  private static final double[] LOG1P_FLOAT64 = {
    0.6666666666667789,
    0.399999999959924,
    0.28571429063826115,
    0.22222192618052128,
    0.18182821860977072,
    0.15364172289202838,
    0.1358744462117169,
    0.0989724936822403,
    0.1775117370931498
  };
}
