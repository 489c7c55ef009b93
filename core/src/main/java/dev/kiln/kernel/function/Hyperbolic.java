package dev.kiln.kernel.function;

import dev.kiln.DType;
import dev.kiln.kernel.Body.Value;

/**
 * The hyperbolic tangent.
 *
 * <p>tanh(a) = (exp(2a) − 1) / (exp(2a) + 1) for a = |x|, with exp(2a) = 2<sup>n</sup> (1 + q) and
 * q = expm1(r), r = 2a − n ln 2: numerator 2<sup>n</sup> q + (2<sup>n</sup> − 1), denominator
 * 2<sup>n</sup> q + (2<sup>n</sup> + 1). Numerator, denominator and quotient are corrected by their
 * rounding errors. For large a it is 1 − 2 / denominator.
 */
public final class Hyperbolic {
  private Hyperbolic() {}

  /** tanh(x): ±1 for ±∞, −0 for −0. */
  public static Value tanh(Value x) {
    return switch (x.dtype()) {
      case FLOAT32 -> tanh(x, 8.0, 9.5, EXPM1_FLOAT32);
      case FLOAT64 -> tanh(x, 17.5, 20.0, EXPM1_FLOAT64);
      default -> throw new AssertionError("tanh of " + x.dtype());
    };
  }

  /**
   * @param large from here on the simple form is exact enough
   * @param one from here on the result is 1
   */
  private static Value tanh(Value x, double large, double one, double[] coefficients) {
    FloatFormat format = FloatFormat.of(x);
    Value magnitude = x.abs();
    Value a = magnitude.gt(one).select(x.like(one), magnitude);

    Ln2Reduction reduction = Ln2Reduction.of(a.add(a), Ln2.full(x.dtype())); // n is small
    Value r = reduction.r();
    Value rLow = reduction.parts().low();
    Value square = r.mul(r);
    Value p = Polynomial.horner(r, coefficients);
    Value q = p.fma(square, r);
    Value qLow = p.fma(square, r.sub(q)).add(rLow.fma(q, rLow)); // d expm1(r) = (1 + q) dr

    Value scale = PowerOfTwo.normal(reduction.shifted(), 0);
    Value minus = scale.sub(1.0);
    Value plus = scale.add(1.0);
    Value numerator = scale.fma(q, minus);
    Value numeratorLow = scale.fma(qLow, scale.fma(q, minus.sub(numerator)));
    Value denominator = scale.fma(q, plus);
    Value denominatorLow = scale.fma(qLow, scale.fma(q, plus.sub(denominator)));

    Value reciprocal = x.like(1.0).div(denominator);
    Value quotient = numerator.mul(reciprocal);
    Value negative = quotient.neg();
    Value remainder =
        negative.fma(denominator, numerator).add(negative.fma(denominatorLow, numeratorLow));
    Value corrected = remainder.fma(reciprocal, quotient);
    Value y = magnitude.gt(large).select(reciprocal.fma(-2.0, x.like(1.0)), corrected);
    // y is not negative but NaN may be: the sign is or-ed into either.
    return FloatParts.withSignOf(y.bitcast(format.bits()), x);
  }

  /** (expm1(r) − r) / r² for |r| at most ln(2) / 2. */
  static Value expm1Tail(Value r) {
    return Polynomial.horner(r, r.dtype() == DType.FLOAT32 ? EXPM1_FLOAT32 : EXPM1_FLOAT64);
  }

  // (expm1(r) - r) / r^2
  static final double[] EXPM1_FLOAT32 = {
    0.5,
    0.1666666567325592,
    0.04166635870933533,
    0.008333391509950161,
    0.0013940667267888784,
    0.00019844873168040067
  };
  static final double[] EXPM1_FLOAT64 = {
    0.5,
    0.16666666666666677,
    0.04166666666666651,
    0.008333333333321657,
    0.0013888888888962524,
    0.00019841269886067435,
    2.4801587172335156e-05,
    2.7557244259874724e-06,
    2.7557402719652554e-07,
    2.510902267192771e-08,
    2.0875339145365554e-09
  };
}
