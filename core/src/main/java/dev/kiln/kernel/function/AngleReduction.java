package dev.kiln.kernel.function;

import dev.kiln.DType;
import dev.kiln.kernel.Body.Value;
import dev.kiln.kernel.Opcode;

/**
 * An angle x = n π/2 + r with n whole and |r| at most π/4 or hardly more, by Cody and Waite's
 * method: multiples of the pieces of π/2 are subtracted one after another. Where n is too large for
 * that, which is rare, a wider reduction takes its place.
 *
 * @param quadrant n modulo 4 in the lowest bits; an integer as wide as the angle's parts
 * @param angle r
 */
record AngleReduction(Value quadrant, TwoFloat angle) {
  /** In the precision of x, r in two parts. */
  static AngleReduction of(Value x) {
    if (x.dtype() == DType.FLOAT64) {
      return inParts(x, HALF_PI_FLOAT64)
          .unless(x.abs().gt(LARGE_FLOAT64), WideReduction.of(x).asReduction());
    }
    return inParts(x, HALF_PI_FLOAT32).unless(x.abs().gt(LARGE_FLOAT32), inFloat64(x).narrowed());
  }

  /**
   * Of a float32 in float64, where the first part of r suffices: what the second difference leaves
   * is below 2<sup>−64</sup>, while no float32 up to the bound comes nearer than 2<sup>−29</sup> to
   * a multiple of π/2.
   */
  static AngleReduction inFloat64(Value x) {
    Value wide = x.cast(DType.FLOAT64);
    Turns turns = Turns.of(wide);
    Value r = turns.n.fma(-HALF_PI_FLOAT64[1], turns.n.fma(-HALF_PI_FLOAT64[0], wide));
    return new AngleReduction(turns.bits, new TwoFloat(r, r.like(0.0)))
        .unless(wide.abs().gt(LARGE_FLOAT64), WideReduction.of(wide).asReduction());
  }

  /**
   * The first difference is exact: it is a multiple of the last bit of x or of the first piece, and
   * less than 1. The second product is taken as two floats; the first difference is a multiple of
   * the leading one's last bit, so that the error of their difference comes out exactly. What is
   * left is far below the distance of any float up to the bound to a multiple of π/2, and is
   * rounded there.
   */
  private static AngleReduction inParts(Value x, double[] halfPi) {
    Turns turns = Turns.of(x);
    Value n = turns.n;
    Value first = n.fma(-halfPi[0], x);
    Value product = n.mul(halfPi[1]);
    Value productLow = n.fma(halfPi[1], product.neg());
    Value second = first.sub(product);
    Value secondLow = first.sub(second).sub(product);
    Value low = n.fma(-halfPi[2], secondLow.sub(productLow));
    return new AngleReduction(turns.bits, new TwoFloat(second, low));
  }

  /** The whole number nearest to x / (π/2). */
  private record Turns(Value n, Value bits) {
    static Turns of(Value x) {
      FloatFormat format = FloatFormat.of(x);
      Value shifted = x.fma(TWO_OVER_PI, x.like(format.magic()));
      // The magic constant is a multiple of 4: the quadrant is in the low bits as they are.
      return new Turns(shifted.sub(format.magic()), shifted.bitcast(format.bits()));
    }
  }

  /** This, but where a condition that is hardly ever true holds another. */
  private AngleReduction unless(Value condition, AngleReduction rare) {
    Value turns = unless(condition, rare.quadrant, quadrant);
    Value high = unless(condition, rare.angle.high(), angle.high());
    Value low = unless(condition, rare.angle.low(), angle.low());
    return new AngleReduction(turns, new TwoFloat(high, low));
  }

  private static Value unless(Value condition, Value rare, Value usual) {
    return usual.body().apply(Opcode.RARE, usual.dtype(), condition, rare, usual);
  }

  /** From float64 to float32. */
  private AngleReduction narrowed() {
    Value high = angle.high().cast(DType.FLOAT32);
    Value low = angle.high().sub(high.cast(DType.FLOAT64)).cast(DType.FLOAT32);
    return new AngleReduction(quadrant.cast(DType.INT32), new TwoFloat(high, low));
  }

  // Up to here n is right and the first difference exact: the error of 2/pi makes |r| exceed pi/4
  // by less than a thousandth. NaN is not beyond, and stays NaN.
  private static final double LARGE_FLOAT32 = 0x1p15;
  private static final double LARGE_FLOAT64 = 0x1p45;

  private static final double TWO_OVER_PI = 0x1.45f306dc9c883p-1;

  // pi/2 in three pieces of 24 and of 53 bits.
  private static final double[] HALF_PI_FLOAT32 = {0x1.921fb6p+0, -0x1.777a5cp-25, -0x1.ee59dap-50};
  private static final double[] HALF_PI_FLOAT64 = {
    0x1.921fb54442d18p+0, 0x1.1a62633145c07p-54, -0x1.f1976b7ed8fbcp-110
  };
}
