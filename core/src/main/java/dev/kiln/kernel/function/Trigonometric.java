package dev.kiln.kernel.function;

import dev.kiln.DType;
import dev.kiln.kernel.Body.Value;
import dev.kiln.kernel.Opcode;

/**
 * Sine, cosine and tangent.
 *
 * <p>x = n π/2 + r with n whole and |r| at most π/4 or hardly more, by Cody and Waite's method:
 * multiples of the pieces of π/2 are subtracted one after another. n modulo 4 says which of
 * ±sin(r), ±cos(r) the result is, or of tan(r), −1 / tan(r). Large angles, which are rare, are
 * reduced by {@link WideReduction}.
 *
 * <p>Float32 is computed in float64 and rounded once. In float64 what each subtraction rounds away
 * is kept, so that r comes as a sum of two floats even where x is next to a multiple of π/2:
 *
 * <ul>
 *   <li>sin(r + l) = r + (r³ P(r²) + l)
 *   <li>cos(r + l) = 1 − r²/2 + (r⁴ Q(r²) − r l)
 * </ul>
 *
 * <p>P and Q are minimax polynomials. The tangent is the quotient of the two, each as the sum of
 * two floats, with the division's remainder put back.
 */
public final class Trigonometric {
  private Trigonometric() {}

  /** sin(x): −0 for −0, NaN for infinities. */
  public static Value sin(Value x) {
    return x.eq(0.0).select(x, sine(x, 0));
  }

  /** cos(x): NaN for infinities. */
  public static Value cos(Value x) {
    return sine(x, 1);
  }

  /** tan(x): −0 for −0, NaN for infinities. */
  public static Value tan(Value x) {
    return x.eq(0.0).select(x, tangent(x));
  }

  /** sin(x + quarters π/2). */
  private static Value sine(Value x, long quarters) {
    Circle circle = Circle.of(x);
    Value quadrant = quarters == 0 ? circle.bits : circle.bits.add(circle.bits.like(quarters));
    Value even = quadrant.and(1).eq(quadrant.like(0L));
    Value y = even.select(circle.sin.sum(), circle.cos.sum());
    return changeSign(y, quadrant.and(2).shl(62)).cast(x.dtype());
  }

  private static Value tangent(Value x) {
    Circle circle = Circle.of(x);
    Value odd = circle.bits.and(1);
    Value even = odd.eq(odd.like(0L));
    Value sign = odd.shl(63);
    if (x.dtype() == DType.FLOAT32) {
      Value sin = circle.sin.sum();
      Value cos = circle.cos.sum();
      return changeSign(even.select(sin, cos).div(even.select(cos, sin)), sign).cast(x.dtype());
    }
    Sum n = Sum.select(even, circle.sin, circle.cos).normalised();
    Sum d = Sum.select(even, circle.cos, circle.sin).normalised();
    Value reciprocal = x.like(1.0).div(d.high);
    Value quotient = n.high.mul(reciprocal);
    Value negative = quotient.neg();
    Value remainder = negative.fma(d.high, n.high).add(negative.fma(d.low, n.low));
    return changeSign(remainder.fma(reciprocal, quotient), sign);
  }

  private static Value changeSign(Value y, Value sign) {
    return y.bitcast(DType.INT64).xor(sign).bitcast(DType.FLOAT64);
  }

  /** A number as the sum of two, the first by far the larger. */
  private record Sum(Value high, Value low) {
    static Sum select(Value condition, Sum yes, Sum no) {
      return new Sum(condition.select(yes.high, no.high), condition.select(yes.low, no.low));
    }

    Value sum() {
      return high.add(low);
    }

    /** The first term the sum rounded. */
    Sum normalised() {
      Value sum = sum();
      return new Sum(sum, high.sub(sum).add(low));
    }
  }

  /**
   * sin(r) and cos(r) in float64.
   *
   * @param bits n modulo 4 in the lowest bits
   */
  private record Circle(Value bits, Sum sin, Sum cos) {
    static Circle of(Value x) {
      Value wide = x.cast(DType.FLOAT64);
      double magic = FloatFormat.of(wide).magic();
      Value shifted = wide.fma(TWO_OVER_PI, wide.like(magic));
      Value n = shifted.sub(magic);
      // The magic constant is a multiple of 4: the quadrant is in the low bits as they are.
      Value bits = shifted.bitcast(DType.INT64);
      Value large = wide.abs().gt(BOUND); // NaN is not, and stays NaN
      if (x.dtype() == DType.FLOAT32) {
        // The first difference is exact, and what the second leaves is below 2^-64, while no
        // float32 up to the bound comes nearer than 2^-29 to a multiple of pi/2.
        Value usual = n.fma(-HALF_PI[1], n.fma(-HALF_PI[0], wide));
        WideReduction rare = WideReduction.of(wide);
        bits = unless(large, rare.quadrant(), bits);
        Value r = unless(large, rare.angle().high(), usual);
        Value z = r.mul(r);
        Sum sin = new Sum(r, r.mul(z).mul(Polynomial.horner(z, SIN_FLOAT32)));
        Value main = z.fma(-0.5, z.like(1.0));
        return new Circle(
            bits, sin, new Sum(main, z.mul(z).mul(Polynomial.horner(z, COS_FLOAT32))));
      }
      Sum usual = reduce(x, n);
      WideReduction rare = WideReduction.of(wide);
      bits = unless(large, rare.quadrant(), bits);
      Sum r =
          new Sum(
              unless(large, rare.angle().high(), usual.high),
              unless(large, rare.angle().low(), usual.low));
      Value z = r.high.mul(r.high);
      return new Circle(bits, sinFloat64(r, z), cosFloat64(r, z));
    }
  }

  private static Value unless(Value large, Value rare, Value usual) {
    return usual.body().apply(Opcode.RARE, usual.dtype(), large, rare, usual);
  }

  private static Sum sinFloat64(Sum r, Value z) {
    Value low = r.high.mul(z).fma(Polynomial.horner(z, SIN_FLOAT64), r.low);
    return new Sum(r.high, low);
  }

  private static Sum cosFloat64(Sum r, Value z) {
    Value main = z.fma(-0.5, z.like(1.0));
    Value rest = z.fma(-0.5, z.like(1.0).sub(main)).sub(r.high.mul(r.low));
    return new Sum(main, z.mul(z).fma(Polynomial.horner(z, COS_FLOAT64), rest));
  }

  /**
   * The first difference is exact: it is a multiple of 2<sup>−53</sup> and less than 1. The second
   * product is taken as two floats; the first difference is a multiple of the leading one's last
   * bit, so that the error of their difference comes out exactly. What is left is below
   * 2<sup>−60</sup> and is rounded at relative 2<sup>−53</sup>, while no float64 up to the bound
   * comes nearer than 2<sup>−61</sup> to a multiple of π/2.
   */
  private static Sum reduce(Value x, Value n) {
    Value first = n.fma(-HALF_PI[0], x);
    Value product = n.mul(HALF_PI[1]);
    Value productLow = n.fma(HALF_PI[1], product.neg());
    Value second = first.sub(product);
    Value secondLow = first.sub(second).sub(product);
    return new Sum(second, n.fma(-HALF_PI[2], secondLow.sub(productLow)));
  }

  // Up to here n is right: the error of 2/pi makes |r| exceed pi/4 by less than a thousandth.
  private static final double BOUND = 0x1p45;

  private static final double TWO_OVER_PI = 0x1.45f306dc9c883p-1;

  // pi/2 in three pieces of 53 bits.
  private static final double[] HALF_PI = {
    0x1.921fb54442d18p+0, 0x1.1a62633145c07p-54, -0x1.f1976b7ed8fbcp-110
  };

  // (sin(r) - r) / r^3 by powers of r^2; for float32 results, and for float64
  private static final double[] SIN_FLOAT32 = {
    -0.16666666640605862, 0.008333329281767388, -0.0001983930464997237, 2.71804771348974e-06
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
    0.04166664555273631, -0.0013887309823735576, 2.443241012399978e-05
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
