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
      case FLOAT32 -> exp(x, LN2_FLOAT32, 0x1.62e430p+6, -104.0, EXP_FLOAT32);
      case FLOAT64 -> exp(x, LN2_FLOAT64, 0x1.62e42fefa39efp+9, -745.2, EXP_FLOAT64);
      default -> throw new AssertionError("exp of " + x.dtype());
    };
  }

  private static Value exp(
      Value x, double[] ln2, double largest, double smallest, double[] coefficients) {
    FloatFormat format = FloatFormat.of(x);
    Value shifted = x.fma(LOG2_E, x.like(format.magic()));
    Value n = shifted.sub(format.magic());
    // The high part of ln 2 has so few bits that its product with n is exact.
    Value r = n.fma(-ln2[1], n.fma(-ln2[0], x));
    Value p = Polynomial.horner(r, coefficients).fma(r.mul(r), r).add(1.0);
    // 2^n may lie outside the range where exp(x) does not, so it is multiplied in two halves: the
    // first product is exact,
    // the second rounds once even where it is subnormal. The exponents are biased by taking 2 *
    // bias off the magic bits.
    Value bits = shifted.bitcast(format.bits());
    Value exponent = bits.sub(bits.like(format.magicBits() - 2L * format.bias()));
    Value half = exponent.shr(1);
    Value scaled =
        p.mul(half.shl(format.fraction()).bitcast(x.dtype()))
            .mul(exponent.sub(half).shl(format.fraction()).bitcast(x.dtype()));
    Value finite = x.gt(largest).select(x.like(Double.POSITIVE_INFINITY), scaled);
    return x.lt(smallest).select(x.like(0.0), finite);
  }

  static final double LOG2_E = 0x1.71547652b82fep0;

  // ln 2 in two parts, the first of 16 (float32) and 42 (float64) bits.
  private static final double[] LN2_FLOAT32 = {0x1.62e4p-1, 0x1.7f7d1cp-20};
  private static final double[] LN2_FLOAT64 = {0x1.62e42fefa38p-1, 0x1.ef35793c7673p-45};

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
