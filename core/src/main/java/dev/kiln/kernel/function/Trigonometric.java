package dev.kiln.kernel.function;

import dev.kiln.DType;
import dev.kiln.kernel.Body.Value;

/**
 * Sine, cosine and tangent.
 *
 * <p>x = n π/2 + r by {@link AngleReduction}; n modulo 4 says which of ±sin(r), ±cos(r) the result
 * is, or of tan(r), −1 / tan(r). r comes as a sum of two floats, so that it is right even where x
 * is next to a multiple of π/2:
 *
 * <ul>
 *   <li>sin(r + l) = r + (r³ P(r²) + l)
 *   <li>cos(r + l) = 1 − r²/2 + (r⁴ Q(r²) − r l), in float32 1 + s (s Q(s) − ½) with s = r² + 2 r l
 * </ul>
 *
 * <p>P and Q are minimax polynomials. The tangent is the quotient of the two, each as the sum of
 * two floats, with the division's remainder put back; that of float32 is computed in float64.
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
    AngleReduction r = AngleReduction.of(x);
    Value turns = r.quadrant();
    Value quadrant = quarters == 0 ? turns : turns.add(turns.like(quarters));
    Value even = quadrant.and(1).eq(quadrant.like(0L));
    boolean single = x.dtype() == DType.FLOAT32;
    Value sin = single ? sinFloat32(r.angle()) : sinFloat64(r.angle()).rounded();
    Value cos = single ? cosFloat32(r.angle()) : cosFloat64(r.angle()).rounded();
    return changeSign(even.select(sin, cos), quadrant.and(2).shl(x.dtype().bits() - 2L));
  }

  private static Value tangent(Value x) {
    boolean single = x.dtype() == DType.FLOAT32;
    AngleReduction r = single ? AngleReduction.inFloat64(x) : AngleReduction.of(x);
    Value odd = r.quadrant().and(1);
    Value even = odd.eq(odd.like(0L));
    Value sign = odd.shl(63);
    if (single) {
      Value sin = sinToFloat32(r.angle().high());
      Value cos = cosToFloat32(r.angle().high());
      return changeSign(even.select(sin, cos).div(even.select(cos, sin)), sign).cast(x.dtype());
    }
    TwoFloat sin = sinFloat64(r.angle());
    TwoFloat cos = cosFloat64(r.angle());
    TwoFloat n = select(even, sin, cos);
    TwoFloat d = select(even, cos, sin);
    Value reciprocal = x.like(1.0).div(d.high());
    Value quotient = n.high().mul(reciprocal);
    Value negative = quotient.neg();
    Value remainder = negative.fma(d.high(), n.high()).add(negative.fma(d.low(), n.low()));
    return changeSign(remainder.fma(reciprocal, quotient), sign);
  }

  private static Value changeSign(Value y, Value sign) {
    return y.bitcast(sign.dtype()).xor(sign).bitcast(y.dtype());
  }

  /** One of two sums, its first term the sum rounded. */
  private static TwoFloat select(Value condition, TwoFloat yes, TwoFloat no) {
    return TwoFloat.fastSum(
        condition.select(yes.high(), no.high()), condition.select(yes.low(), no.low()));
  }

  private static Value sinFloat32(TwoFloat r) {
    Value p = Polynomial.horner(square(r), SIN_FLOAT32);
    return r.high().add(r.high().mul(square(r)).fma(p, r.low()));
  }

  private static Value cosFloat32(TwoFloat r) {
    Value z = square(r);
    return Polynomial.horner(z, COS_FLOAT32).fma(z, -0.5).fma(z, 1.0);
  }

  private static Value square(TwoFloat r) {
    return r.high().fma(r.high(), r.low().add(r.low()).mul(r.high()));
  }

  private static TwoFloat sinFloat64(TwoFloat r) {
    Value z = r.high().mul(r.high());
    Value low = r.high().mul(z).fma(Polynomial.horner(z, SIN_FLOAT64), r.low());
    return new TwoFloat(r.high(), low);
  }

  private static TwoFloat cosFloat64(TwoFloat r) {
    Value z = r.high().mul(r.high());
    Value main = z.fma(-0.5, z.like(1.0));
    Value rest = z.fma(-0.5, z.like(1.0).sub(main)).sub(r.high().mul(r.low()));
    return new TwoFloat(main, z.mul(z).fma(Polynomial.horner(z, COS_FLOAT64), rest));
  }

  /** In float64, to the precision of float32. */
  private static Value sinToFloat32(Value r) {
    Value z = r.mul(r);
    return r.mul(z).fma(Polynomial.horner(z, SIN_TO_FLOAT32), r);
  }

  private static Value cosToFloat32(Value r) {
    Value z = r.mul(r);
    return z.mul(z).fma(Polynomial.horner(z, COS_TO_FLOAT32), z.fma(-0.5, z.like(1.0)));
  }

  // (sin(r) - r) / r^3 by powers of r^2; in float32, in float64 to the precision of float32, and in
  // float64
  private static final double[] SIN_FLOAT32 = {
    -0.16666655242443085, 0.008332188241183758, -0.0001951806916622445
  };
  private static final double[] SIN_TO_FLOAT32 = {
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

  // (cos(r) - 1 + r^2 / 2) / r^4 by powers of r^2, likewise
  private static final double[] COS_FLOAT32 = {
    0.04166664555668831, -0.0013887309469282627, 2.4432332793367095e-05
  };
  private static final double[] COS_TO_FLOAT32 = {
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
