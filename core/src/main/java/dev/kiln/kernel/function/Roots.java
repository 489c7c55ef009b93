package dev.kiln.kernel.function;

import dev.kiln.DType;
import dev.kiln.kernel.Body.Value;

/** The hypotenuse, the cube root and the reciprocal square root. */
public final class Roots {
  private Roots() {}

  /**
   * √(x² + y²) without overflow or underflow on the way: infinite where either argument is, even if
   * the other is NaN. Float32 goes through float64; float64 is scaled by a power of two where the
   * larger argument is very large or small.
   */
  public static Value hypot(Value x, Value y) {
    Value a = x.abs();
    Value b = y.abs();
    Value root = x.dtype() == DType.FLOAT32 ? hypotFloat32(a, b) : hypotFloat64(a, b);
    Value infinite = a.eq(Double.POSITIVE_INFINITY).or(b.eq(Double.POSITIVE_INFINITY));
    return infinite.select(x.like(Double.POSITIVE_INFINITY), root);
  }

  private static Value hypotFloat32(Value a, Value b) {
    Value x = a.cast(DType.FLOAT64);
    Value y = b.cast(DType.FLOAT64);
    return x.fma(x, y.mul(y)).sqrt().cast(DType.FLOAT32);
  }

  private static Value hypotFloat64(Value a, Value b) {
    Value larger = a.max(b);
    Value smaller = a.min(b);
    Value one = a.like(1.0);
    Value large = larger.gt(0x1p500);
    Value small = larger.lt(0x1p-400);
    Value scale = large.select(a.like(0x1p-600), small.select(a.like(0x1p600), one));
    Value back = large.select(a.like(0x1p600), small.select(a.like(0x1p-600), one));
    Value x = larger.mul(scale);
    Value y = smaller.mul(scale);
    return x.fma(x, y.mul(y)).sqrt().mul(back);
  }

  /**
   * x<sup>1/3</sup>: −0 for −0, ±∞ for ±∞.
   *
   * <p>A third of the bits, as an integer, taken from a constant gives those of r, an approximation
   * of |x|<sup>−1/3</sup>. With e = 1 − |x| r³ it is refined to r (1 − e)<sup>−1/3</sup> by a
   * minimax polynomial, in float64 once more by the first term of the series; then y = |x| r² takes
   * one of Newton's steps, the remainder |x| − y³ being computed in two parts.
   */
  public static Value cbrt(Value x) {
    FloatFormat format = FloatFormat.of(x);
    boolean single = x.dtype() == DType.FLOAT32;
    Value magnitude = x.abs();
    // Small arguments are scaled by a cube, lest the remainder underflow.
    Value small = magnitude.lt(single ? 0x1p-60 : 0x1p-700);
    Value a = small.select(magnitude.mul(single ? 0x1p72 : 0x1p600), magnitude);
    Value r = refined(a, single ? startFloat32(a) : startFloat64(a), single);
    Value square = r.mul(r);
    Value y = a.mul(square);
    TwoFloat y2 = TwoFloat.product(y, y);
    Value negative = y.neg();
    Value remainder = negative.fma(y2.low(), negative.fma(y2.high(), a));
    Value root = remainder.fma(square.mul(1.0 / 3), y);
    Value scaled = small.select(root.mul(single ? 0x1p-24 : 0x1p-200), root);
    Value regular = magnitude.gt(0.0).and(magnitude.lt(Double.POSITIVE_INFINITY));
    Value result = regular.select(scaled, magnitude); // zeros, infinities and NaN stay
    return FloatParts.withSignOf(result.bitcast(format.bits()), x);
  }

  private static Value refined(Value a, Value start, boolean single) {
    Value e = deviation(a, start);
    Value p = Polynomial.horner(e, single ? CBRT_FLOAT32 : CBRT_FLOAT64);
    Value r = start.mul(e).fma(p, start);
    return single ? r : r.mul(1.0 / 3).fma(deviation(a, r), r);
  }

  /** 1 − a r³. */
  private static Value deviation(Value a, Value r) {
    return r.mul(r).neg().fma(a.mul(r), a.like(1.0));
  }

  private static Value startFloat32(Value a) {
    Value third = a.bitcast(DType.INT32).cast(DType.FLOAT32).mul(1.0 / 3).cast(DType.INT32);
    return third.like(0x54a2_0000L).sub(third).bitcast(DType.FLOAT32);
  }

  /** From the upper halves of the bits, which the magic constant converts to float and back. */
  private static Value startFloat64(Value a) {
    FloatFormat format = FloatFormat.of(a);
    Value bits = a.bitcast(DType.INT64);
    Value upper = bits.shr(32).add(bits.like(format.magicBits())).bitcast(DType.FLOAT64);
    Value start = upper.sub(format.magic()).fma(-1.0 / 3, a.like(format.magic() + 0x553e_e000L));
    return start.bitcast(DType.INT64).shl(32).bitcast(DType.FLOAT64);
  }

  /**
   * 1 / √x: ±∞ for ±0, 0 for ∞, NaN below 0.
   *
   * <p>The square root of the reciprocal: the root halves the reciprocal's relative error. x is
   * scaled by a power of two, so that the reciprocal neither overflows nor loses bits.
   */
  public static Value rsqrt(Value x) {
    double root = x.dtype() == DType.FLOAT32 ? 0x1p20 : 0x1p50;
    Value below = x.lt(1.0);
    Value scale = below.select(x.like(root * root), x.like(1 / (root * root)));
    Value back = below.select(x.like(root), x.like(1 / root));
    Value reciprocal = x.like(1.0).div(x.mul(scale));
    Value y = reciprocal.sqrt().mul(back);
    Value positive = x.eq(0.0).select(reciprocal, y);
    return x.lt(0.0).select(x.like(Double.NaN), positive); // the reciprocal of -∞ has a root
  }

  // ((1 - e)^(-1/3) - 1) / e
  private static final double[] CBRT_FLOAT32 = {
    0.3333289325237274, 0.22221380472183228, 0.1745114028453827, 0.14601846039295197
  };
  private static final double[] CBRT_FLOAT64 = {
    0.33332840504436845, 0.22221277597507438, 0.17461024858220794, 0.1461362361846849
  };
}
