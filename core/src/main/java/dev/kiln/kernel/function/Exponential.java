package dev.kiln.kernel.function;

import dev.kiln.kernel.Body.Value;

/**
 * The exponential function.
 *
 * <p>exp(x) = 2<sup>n</sup> exp(r) with n the whole number nearest to x / ln 2 and r = x − n ln 2,
 * at most ln(2) / 2 in magnitude. exp(r) = 1 + (r + r² P(r)), P a minimax polynomial.
 */
public final class Exponential {
  private Exponential() {}

  /** exp(x): 0 for −∞ and below the smallest subnormal, ∞ above the largest finite value. */
  public static Value exp(Value x) {
    return switch (x.dtype()) {
      case FLOAT32 -> exp(x, 0x1.62e430p+6, -104.0, EXP_FLOAT32);
      case FLOAT64 -> exp(x, 0x1.62e42fefa39efp+9, -745.2, EXP_FLOAT64);
      default -> throw new AssertionError("exp of " + x.dtype());
    };
  }

  private static Value exp(Value x, double largest, double smallest, double[] coefficients) {
    Ln2Reduction reduction = Ln2Reduction.of(x, Ln2.shortFirst(x.dtype()));
    Value r = reduction.r();
    Value p = Polynomial.horner(r, coefficients).fma(r.mul(r), r).add(1.0);
    Value scaled = PowerOfTwo.of(reduction.shifted()).times(p);
    Value finite = x.gt(largest).select(x.like(Double.POSITIVE_INFINITY), scaled);
    return x.lt(smallest).select(x.like(0.0), finite);
  }

  // (exp(r) - 1 - r) / r^2
  private static final double[] EXP_FLOAT32 = {
    0.5,
    0.16666647791862488,
    0.041666481643915176,
    0.008337878622114658,
    0.0013933276059105992,
    0.00017327966634184122
  };
  static final double[] EXP_FLOAT64 = {
    0.5,
    0.16666666666666688,
    0.041666666666666824,
    0.008333333333313875,
    0.0013888888888777438,
    0.00019841269905652496,
    2.480158757185269e-05,
    2.755722412122384e-06,
    2.75570341153771e-07,
    2.5116166677845737e-08,
    2.0998065154710304e-09
  };
}
