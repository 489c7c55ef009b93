package dev.kiln.kernel.function;

import dev.kiln.DType;
import dev.kiln.kernel.Body.Value;

/**
 * The hyperbolic sine and cosine.
 *
 * <p>With |x| = n ln 2 + r, n whole, and A = (2<sup>n</sup> − 2<sup>−n</sup>) / 2, B =
 * (2<sup>n</sup> + 2<sup>−n</sup>) / 2, the addition theorems read
 *
 * <ul>
 *   <li>sinh |x| = A + B r + (A C + B S)
 *   <li>cosh |x| = B + A r + (B C + A S)
 * </ul>
 *
 * <p>where S = sinh(r) − r and C = cosh(r) − 1 are r³ P(r²) and r²/2 + r⁴ Q(r²), P and Q minimax
 * polynomials. The leading sum is formed with its rounding error. A and B are halved, so that they
 * overflow no sooner than the result.
 */
public final class HyperbolicSine {
  private HyperbolicSine() {}

  /** sinh(x): ±∞ for ±∞, −0 for −0. */
  public static Value sinh(Value x) {
    FloatFormat format = FloatFormat.of(x);
    Value a = x.abs();
    Value y = function(a, true);
    // A half of the smallest arguments is not a float.
    Value result = a.lt(x.dtype() == DType.FLOAT32 ? 0x1p-13 : 0x1p-27).select(a, y);
    return FloatParts.withSignOf(result.bitcast(format.bits()), x);
  }

  /** cosh(x): ∞ for ±∞, 1 for zeros. */
  public static Value cosh(Value x) {
    return function(x.abs(), false);
  }

  private static Value function(Value a, boolean sine) {
    boolean single = a.dtype() == DType.FLOAT32;
    FloatFormat format = FloatFormat.of(a);
    Ln2Reduction reduction = Ln2Reduction.of(a, Ln2.shortFirst(a.dtype()));
    Value r = reduction.r();
    Value rLow = reduction.parts().low();

    // 2^(n-2) and 2^(-n-2), the latter 0 where it is too small to matter
    Value exponent = reduction.shifted().bitcast(format.bits());
    Value origin = exponent.like(format.bias() - 2L);
    Value whole = exponent.sub(exponent.like(format.magicBits()));
    Value up = origin.add(whole).shl(format.fraction()).bitcast(a.dtype());
    Value down = origin.sub(whole).max(exponent.like(0L)).shl(format.fraction()).bitcast(a.dtype());
    Value halfA = up.sub(down);
    Value halfB = up.add(down);
    Value main = sine ? halfA : halfB;
    Value other = sine ? halfB : halfA;
    Value mainLow = sine ? up.sub(halfA).sub(down) : up.sub(halfB).add(down);

    Value z = r.mul(r);
    Value s = r.mul(z).fma(Polynomial.horner(z, single ? SINH_FLOAT32 : SINH_FLOAT64), rLow);
    Value c = Polynomial.horner(z, single ? COSH_FLOAT32 : COSH_FLOAT64).fma(z, 0.5).mul(z);
    Value large = other.fma(r, main);
    Value largeLow = other.fma(r, main.sub(large)).add(mainLow);
    Value half = large.add(main.fma(c, other.fma(s, largeLow)));
    double infinite = single ? 89.5 : 710.5; // from here on, and well before A overflows
    return a.gt(infinite).select(a.like(Double.POSITIVE_INFINITY), half.add(half));
  }

  // (sinh(r) - r) / r^3 by powers of r^2
  private static final double[] SINH_FLOAT32 = {
    0.1666666716337204, 0.00833317544311285, 0.00019974085444118828
  };
  private static final double[] SINH_FLOAT64 = {
    0.16666666666666677,
    0.008333333333321374,
    0.0001984126988687685,
    2.7557243361258584e-06,
    2.5109362228996187e-08
  };

  // (cosh(r) - 1 - r^2 / 2) / r^4 by powers of r^2
  private static final double[] COSH_FLOAT32 = {0.041666459292173386, 0.001393545768223703};
  private static final double[] COSH_FLOAT64 = {
    0.04166666666660344, 0.0013888888927026605, 2.4801508375825464e-05, 2.7625314134229376e-07
  };
}
