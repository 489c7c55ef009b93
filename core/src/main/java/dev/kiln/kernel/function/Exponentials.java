package dev.kiln.kernel.function;

import dev.kiln.DType;
import dev.kiln.kernel.Body.Value;

/**
 * The exponential function's relatives.
 *
 * <p>exp2(x) = 2<sup>n</sup> 2<sup>r</sup> with n the whole number nearest to x; 2<sup>r</sup> = 1
 * + r P(r).
 *
 * <p>expm1(x) = 2<sup>n</sup> expm1(r) + (2<sup>n</sup> − 1) with r = x − n ln 2 in two parts and
 * expm1(r) = r + (r² P(r) + what r lacks). 2<sup>n</sup> r + (2<sup>n</sup> − 1) is summed with its
 * rounding error kept.
 */
public final class Exponentials {
  private Exponentials() {}

  /** 2<sup>x</sup>: exact for whole x, 0 for −∞, ∞ from the largest exponent + 1 on. */
  public static Value exp2(Value x) {
    FloatFormat format = FloatFormat.of(x);
    Value shifted = x.add(format.magic());
    Value r = x.sub(shifted.sub(format.magic())); // exact
    Value p = exp2Fraction(r);
    Value finite =
        x.ge(format.bias() + 1.0)
            .select(x.like(Double.POSITIVE_INFINITY), PowerOfTwo.of(shifted).times(p));
    // Half of the smallest subnormal rounds to zero.
    return x.lt(-format.bias() - format.fraction()).select(x.like(0.0), finite);
  }

  /** 2<sup>r</sup> for |r| up to ½. */
  static Value exp2Fraction(Value r) {
    return exp2Fraction(r, r.dtype() == DType.FLOAT32 ? EXP2_FLOAT32 : EXP2_FLOAT64);
  }

  /** 2<sup>r</sup> for |r| up to ½, by the given polynomial. */
  static Value exp2Fraction(Value r, double[] coefficients) {
    return Polynomial.horner(r, coefficients).fma(r, 1.0);
  }

  /** exp(x) − 1: −0 for −0, −1 for −∞, ∞ above the largest finite value. */
  public static Value expm1(Value x) {
    return switch (x.dtype()) {
      case FLOAT32 -> expm1(x, EXPM1_FLOAT32, 0x1.62e430p+6, -18, 0x1p-26);
      case FLOAT64 -> expm1(x, EXPM1_FLOAT64, 0x1.62e42fefa39efp+9, -40, 0x1p-55);
      default -> throw new AssertionError("expm1 of " + x.dtype());
    };
  }

  /**
   * @param largest above it the result is infinite
   * @param least below it the result is −1
   * @param tiny below it in magnitude the result is x
   */
  private static Value expm1(
      Value x, double[] coefficients, double largest, double least, double tiny) {
    Value a = x.lt(least).select(x.like(least), x);
    Ln2Reduction reduction = Ln2Reduction.of(a, Ln2.full(x.dtype()));
    Value r = reduction.r();
    Value rLow = reduction.parts().low();
    Value tail =
        Polynomial.horner(r, coefficients).fma(r.mul(r), rLow.fma(r, rLow)); // d expm1 = exp(r) dr
    // Half of 2^n, and the sum doubled: 2^n itself may overflow where the result does not.
    Value half = PowerOfTwo.normal(reduction.shifted(), 1);
    TwoFloat minus = TwoFloat.fastSum(half, x.like(-0.5));
    Value high = half.fma(r, minus.high());
    Value low = half.fma(r, minus.high().sub(high)).add(minus.low()); // the error of that sum
    Value y = high.add(half.fma(tail, low));
    Value finite = x.gt(largest).select(x.like(Double.POSITIVE_INFINITY), y.add(y));
    return x.abs().lt(tiny).select(x, finite);
  }

  /** (expm1(r) − r) / r² for |r| at most ln(2) / 2. */
  static Value expm1Tail(Value r) {
    return Polynomial.horner(r, r.dtype() == DType.FLOAT32 ? EXPM1_FLOAT32 : EXPM1_FLOAT64);
  }

  // (expm1(r) - r) / r^2
  private static final double[] EXPM1_FLOAT32 = {
    0.5,
    0.1666666567325592,
    0.04166635870933533,
    0.008333391509950161,
    0.0013940667267888784,
    0.00019844873168040067
  };
  private static final double[] EXPM1_FLOAT64 = {
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

  // (2^r - 1) / r
  private static final double[] EXP2_FLOAT32 = {
    0.6931471824645996,
    0.24022650718688965,
    0.055504050105810165,
    0.009618088603019714,
    0.0013337923446670175,
    0.00015452403749804944,
    1.4346298485179432e-05
  };
  static final double[] EXP2_FLOAT64 = {
    0.6931471805599453,
    0.24022650695909997,
    0.05550410866482377,
    0.009618129107670738,
    0.0013333558145891913,
    0.00015403530317445438,
    1.5252734316385896e-05,
    1.3215545322084662e-06,
    1.0177876770302587e-07,
    7.0347082872174046e-09,
    4.479657923317871e-10,
    5.1378534819144244e-11
  };
}
