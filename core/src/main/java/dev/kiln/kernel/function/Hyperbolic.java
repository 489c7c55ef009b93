package dev.kiln.kernel.function;

import dev.kiln.kernel.Body.Value;

/**
 * The hyperbolic tangent.
 *
 * <p>For a = |x| below ¾, tanh(a) = a + a³ P(a²). From there on it is (d − 2) / d with d = exp(2a)
 * + 1: of d's rounding error no more than 2 / d² arrives in the quotient, and d − 2 is exact.
 * exp(2a) = 2<sup>n</sup> (1 + r Q(r)) with r = a − n ln(2) / 2; P and Q are minimax polynomials.
 */
public final class Hyperbolic {
  private Hyperbolic() {}

  /** tanh(x): ±1 for ±∞, −0 for −0. */
  public static Value tanh(Value x) {
    return switch (x.dtype()) {
      case FLOAT32 -> tanh(x, 0x1.154246p3, TANH_FLOAT32, DOUBLED_EXPM1_FLOAT32);
      case FLOAT64 -> tanh(x, 0x1.2b708872320e2p4, TANH_FLOAT64, DOUBLED_EXPM1_FLOAT64);
      default -> throw new AssertionError("tanh of " + x.dtype());
    };
  }

  /**
   * @param one from here on d − 2 is not exact, and the result is 1
   */
  private static Value tanh(Value x, double one, double[] p, double[] q) {
    Value magnitude = x.abs();
    // So large that 2 is nothing beside d, and exp(2a) no overflow.
    Value a = magnitude.ge(one).select(x.like(24.0), magnitude);
    Value square = a.mul(a);
    Value near = square.mul(Polynomial.horner(square, p)).fma(a, a);

    FloatFormat format = FloatFormat.of(x);
    Value shifted = a.fma(2 * Ln2Reduction.LOG2_E, x.like(format.magic()));
    // n is small, and what n times the second part of ln 2 would add to r smaller than d's error.
    Value r = shifted.sub(format.magic()).fma(-Ln2.full(x.dtype()).high() / 2, a);
    Value scale = PowerOfTwo.normal(shifted, 0);
    Value d = scale.mul(r).fma(Polynomial.horner(r, q), scale.add(1.0));
    Value far = d.sub(2.0).div(d);

    Value y = a.lt(0.75).select(near, far);
    // y is not negative but NaN may be: the sign is or-ed into either.
    return FloatParts.withSignOf(y.bitcast(format.bits()), x);
  }

  // (tanh(a) - a) / a^3 by powers of a^2
  private static final double[] TANH_FLOAT32 = {
    -0.3333331346511841,
    0.13332636654376984,
    -0.053887031972408295,
    0.02142864093184471,
    -0.007614819332957268,
    0.0017088084714487195
  };
  private static final double[] TANH_FLOAT64 = {
    -0.3333333333333324,
    0.1333333333332089,
    -0.05396825396227095,
    0.021869488390878954,
    -0.008863233442597165,
    0.003592108687117375,
    -0.0014557125614401624,
    0.0005894904187510639,
    -0.00023744535400961934,
    9.314547561168588e-05,
    -3.329128128467138e-05,
    9.285170247384326e-06,
    -1.4274705886832607e-06
  };

  // expm1(2 r) / r
  private static final double[] DOUBLED_EXPM1_FLOAT32 = {
    2.0, 2.0, 1.3333196640014648, 0.666655421257019, 0.26784735918045044, 0.089413121342659
  };
  private static final double[] DOUBLED_EXPM1_FLOAT64 = {
    2.0,
    2.0000000000000027,
    1.33333333333334,
    0.666666666664983,
    0.2666666666646257,
    0.08888888919368552,
    0.025396825622180874,
    0.0063491838272214975,
    0.0014109240515886373,
    0.00028291495500488983,
    5.1520381957109185e-05
  };
}
