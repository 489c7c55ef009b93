package dev.kiln.kernel.function;

import dev.kiln.kernel.Body.Value;

/**
 * The error function.
 *
 * <p>For a = |x| below 1, erf(a) = a + a P(a²). From there on it is 1 − 2<sup>Q(a)</sup>, where
 * Q(a) approximates log2(erfc(a)), as closely as 1 − erfc(a) needs. P and Q are minimax
 * polynomials.
 */
public final class ErrorFunction {
  private ErrorFunction() {}

  /** erf(x): ±1 for ±∞, −0 for −0. */
  public static Value erf(Value x) {
    return switch (x.dtype()) {
      case FLOAT32 -> erf(x, 4.0, NEAR_FLOAT32, FAR_FLOAT32);
      case FLOAT64 -> erf(x, 6.0, NEAR_FLOAT64, FAR_FLOAT64);
      default -> throw new AssertionError("erf of " + x.dtype());
    };
  }

  /**
   * @param one from here on the result is 1
   */
  private static Value erf(Value x, double one, double[] p, double[] q) {
    Value magnitude = x.abs();
    Value a = magnitude.ge(one).select(x.like(one), magnitude);
    Value near = Polynomial.horner(a.mul(a), p).fma(a, a);

    FloatFormat format = FloatFormat.of(x);
    Value logarithm = Polynomial.horner(a, q);
    Value shifted = logarithm.add(format.magic());
    Value r = logarithm.sub(shifted.sub(format.magic())); // exact
    Value negative = PowerOfTwo.normal(shifted, 0).neg();
    Value far = Exponentials.exp2Fraction(r).fma(negative, x.like(1.0));

    Value y = a.lt(1.0).select(near, far);
    // y is not negative but NaN may be: the sign is or-ed into either.
    return FloatParts.withSignOf(y.bitcast(format.bits()), x);
  }

  // erf(a) / a - 1 by powers of a^2
  private static final double[] NEAR_FLOAT32 = {
    0.12837916612625122,
    -0.3761262595653534,
    0.11283578723669052,
    -0.026853341609239578,
    0.005187138915061951,
    -0.0007997538195922971,
    7.805517088854685e-05
  };
  private static final double[] NEAR_FLOAT64 = {
    0.1283791670955126,
    -0.3761263890318409,
    0.11283791670970572,
    -0.02686617064788656,
    0.0052239776508907374,
    -0.0008548328411920461,
    0.00012055381005859312,
    -1.4926742186491106e-05,
    1.6478610580734516e-06,
    -1.652909803971221e-07,
    1.5811895244878154e-08,
    -1.5641226866425845e-09,
    1.2880300773659572e-10
  };

  // log2(1 - erf(a)) by powers of a, to the precision of 1 - erf(a) beside 1
  private static final double[] FAR_FLOAT32 = {
    -0.0004793379339389503,
    -1.626096487045288,
    -0.9205706119537354,
    -0.14881408214569092,
    0.03153325617313385,
    -0.0042589157819747925,
    0.00026948118465952575
  };
  private static final double[] FAR_FLOAT64 = {
    -6.928731817674921e-07,
    -1.6279000050129977,
    -0.9184813064660281,
    -0.14817318783199543,
    0.02740334748548697,
    0.0005839411387730776,
    -0.0027554990985962256,
    0.0011050022137958655,
    -0.0001906300347476531,
    -3.129039013944301e-05,
    3.3715085729203086e-05,
    -1.2742053379374377e-05,
    3.1367019596884565e-06,
    -5.4839922787727e-07,
    6.824880372186642e-08,
    -5.789882525087918e-09,
    3.0129863674004675e-10,
    -7.270630595131356e-12
  };
}
