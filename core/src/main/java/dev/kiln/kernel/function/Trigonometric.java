package dev.kiln.kernel.function;

import dev.kiln.DType;
import dev.kiln.kernel.Body.Value;
import dev.kiln.kernel.Opcode;

/**
 * Sine and cosine.
 *
 * <p>x = n π/2 + r with n whole and |r| at most π/4, by Cody and Waite's method: multiples of the
 * leading pieces of π/2 are subtracted one after another, and what each subtraction rounds away is
 * kept, so that r comes as a sum of two floats even where x is next to a multiple of π/2. n modulo
 * 4 says which of ±sin(r), ±cos(r) the result is:
 *
 * <ul>
 *   <li>sin(r + l) = r + (r³ P(r²) + l)
 *   <li>cos(r + l) = 1 − r²/2 + (r⁴ Q(r²) − r l)
 * </ul>
 *
 * <p>P and Q are minimax polynomials. Beyond the bound of the reduction the library function is
 * called.
 */
public final class Trigonometric {
  private Trigonometric() {}

  /** sin(x): −0 for −0, NaN for infinities. */
  public static Value sin(Value x) {
    Value y = x.eq(0.0).select(x, function(x, 0));
    return unlessLarge(x, Opcode.SIN, y);
  }

  /** cos(x): NaN for infinities. */
  public static Value cos(Value x) {
    return unlessLarge(x, Opcode.COS, function(x, 1));
  }

  private static Value unlessLarge(Value x, Opcode library, Value usual) {
    double bound = x.dtype() == DType.FLOAT32 ? BOUND_FLOAT32 : BOUND_FLOAT64;
    Value large = x.abs().gt(bound); // NaN is not, and stays NaN
    Value exact = x.body().apply(library, x.dtype(), x);
    return x.body().apply(Opcode.RARE, x.dtype(), large, exact, usual);
  }

  /** sin(x + quarters π/2). */
  private static Value function(Value x, long quarters) {
    boolean single = x.dtype() == DType.FLOAT32;
    FloatFormat format = FloatFormat.of(x);
    Value shifted = x.fma(TWO_OVER_PI, x.like(format.magic()));
    Value n = shifted.sub(format.magic());
    Reduced reduced = single ? reduceFloat32(x, n) : reduceFloat64(x, n);
    Value r = reduced.high();
    Value z = r.mul(r);
    Value sin = sin(reduced, z, single ? SIN_FLOAT32 : SIN_FLOAT64);
    Value cos = cos(reduced, z, single ? COS_FLOAT32 : COS_FLOAT64);
    // The magic constant is a multiple of 4: the quadrant is in the low bits as they are.
    Value bits = shifted.bitcast(format.bits());
    Value quadrant = quarters == 0 ? bits : bits.add(bits.like(quarters));
    Value y = quadrant.and(1).eq(quadrant.like(0L)).select(sin, cos);
    Value sign = quadrant.and(2).shl(format.bits().bits() - 2);
    return y.bitcast(format.bits()).xor(sign).bitcast(x.dtype());
  }

  private static Value sin(Reduced reduced, Value z, double[] coefficients) {
    Value r = reduced.high();
    return r.add(r.mul(z).fma(Polynomial.horner(z, coefficients), reduced.low()));
  }

  private static Value cos(Reduced reduced, Value z, double[] coefficients) {
    Value main = z.fma(-0.5, z.like(1.0));
    Value low = z.fma(-0.5, z.like(1.0).sub(main)).sub(reduced.high().mul(reduced.low()));
    return main.add(z.mul(z).fma(Polynomial.horner(z, coefficients), low));
  }

  /** r as the sum of a rounded value and what it lacks. */
  private record Reduced(Value high, Value low) {
    /** The sum of two values, the first the larger. */
    static Reduced of(Value large, Value small) {
      Value high = large.add(small);
      return new Reduced(high, large.sub(high).add(small));
    }
  }

  /**
   * Exact but for the last piece: the first product cancels, those with the short pieces leave a
   * representable error.
   */
  private static Reduced reduceFloat32(Value x, Value n) {
    Value first = n.fma(-HALF_PI_FLOAT32[0], x);
    Value second = n.fma(-HALF_PI_FLOAT32[1], first);
    Value secondLow = n.fma(-HALF_PI_FLOAT32[1], first.sub(second));
    Value third = n.fma(-HALF_PI_FLOAT32[2], second);
    Value thirdLow = n.fma(-HALF_PI_FLOAT32[2], second.sub(third));
    return Reduced.of(third, n.fma(-HALF_PI_FLOAT32[3], secondLow.add(thirdLow)));
  }

  /**
   * The first difference is exact: it is a multiple of 2<sup>−53</sup> and less than 1. The second
   * product is taken as two floats; its leading one is a multiple of no less than the last bit of
   * the first difference has, so that the error of their difference comes out exactly. What is left
   * is below 2<sup>−76</sup> and is rounded at relative 2<sup>−53</sup>, while no float64 up to the
   * bound comes nearer than 2<sup>−61</sup> to a multiple of π/2.
   */
  private static Reduced reduceFloat64(Value x, Value n) {
    Value first = n.fma(-HALF_PI_FLOAT64[0], x);
    Value product = n.mul(HALF_PI_FLOAT64[1]);
    Value productLow = n.fma(HALF_PI_FLOAT64[1], product.neg());
    Value second = first.sub(product);
    Value secondLow = first.sub(second).sub(product);
    return Reduced.of(second, n.fma(-HALF_PI_FLOAT64[2], secondLow.sub(productLow)));
  }

  private static final double BOUND_FLOAT32 = 1e5;
  private static final double BOUND_FLOAT64 = 0x1p30;

  private static final double TWO_OVER_PI = 0x1.45f306dc9c883p-1;

  // pi/2 in pieces of 24, 8, 8 and 24 bits, and in three of 53.
  private static final double[] HALF_PI_FLOAT32 = {
    0x1.921fb6p+0, -0x1.78p-25, 0x1.0cp-34, -0x1.73dcb4p-43
  };
  private static final double[] HALF_PI_FLOAT64 = {
    0x1.921fb54442d18p+0, 0x1.1a62633145c07p-54, -0x1.f1976b7ed8fbcp-110
  };

  // (sin(r) - r) / r^3 by powers of r^2
  private static final double[] SIN_FLOAT32 = {
    -0.16666655242443085, 0.008332189172506332, -0.0001951828453456983
  };
  private static final double[] SIN_FLOAT64 = {
    -0.1666666666666663,
    0.008333333333321839,
    -0.00019841269829356457,
    2.7557313537611263e-06,
    -2.5050734225743275e-08,
    1.5895422836375768e-10
  };

  // (cos(r) - 1 + r^2 / 2) / r^4 by powers of r^2
  private static final double[] COS_FLOAT32 = {
    0.04166664555668831, -0.0013887309469282627, 2.4432330974377692e-05
  };
  private static final double[] COS_FLOAT64 = {
    0.041666666666666595,
    -0.0013888888888873338,
    2.4801587288997448e-05,
    -2.755731421524047e-07,
    2.087570509758222e-09,
    -1.1358731349146086e-11
  };
}
