package dev.kiln.kernel.function;

import dev.kiln.DType;
import dev.kiln.kernel.Body.Value;
import org.jspecify.annotations.Nullable;

/**
 * The inverse tangent of a number, and the angle of a point.
 *
 * <p>Both are the angle of a point in the first octant, reflected. It is put together from a
 * multiple of π/4 and the angle of a slope |t| of at most 1/2, by atan(n/d) = π/4 + atan((n − d) /
 * (n + d)) for n ≥ d/2; atan(t) = t + t³ P(t²), P a minimax polynomial. The quotient's remainder is
 * put back and π/4 is taken as the sum of two floats, so that the result is rounded once but for
 * small terms.
 */
public final class Arctangent {
  private Arctangent() {}

  /** atan(x): ±π/2 for ±∞, −0 for −0. */
  public static Value atan(Value x) {
    Value a = x.abs();
    Value one = x.like(1.0);
    // Beyond 2^60 the result is pi/2 to the last bit.
    return withSignOf(angle(a.min(one), a.max(one).min(x.like(0x1p60)), a.gt(one), null), x);
  }

  /**
   * The angle of the point (x, y), between −π and π, with the sign of y; zeros count by their sign,
   * and infinities as equally large.
   */
  public static Value atan2(Value y, Value x) {
    Scaling scaling = x.dtype() == DType.FLOAT32 ? Scaling.FLOAT32 : Scaling.FLOAT64;
    Value a = y.abs();
    Value b = x.abs();
    Value n = a.min(b);
    Value d = a.max(b);
    // An infinite d becomes as large as any, a finite n beside it 0; for zeros d is not.
    Value infinity = x.like(Double.POSITIVE_INFINITY);
    Value scale = d.gt(scaling.large).select(x.like(0x1p-4), x.like(scaling.up));
    Value scaledD = d.mul(scale).min(x.like(scaling.largest)).max(x.like(scaling.least));
    Value finiteN = n.mul(d.eq(infinity).select(x.like(0.0), scale));
    Value scaledN = n.eq(infinity).select(scaledD, finiteN);
    return withSignOf(angle(scaledN, scaledD, a.gt(b), FloatParts.signBit(x)), y);
  }

  private static Value withSignOf(Value y, Value sign) {
    return FloatParts.withSignOf(y.bitcast(FloatFormat.of(y).bits()), sign);
  }

  /**
   * How points are scaled so that neither sum nor reciprocal overflows, and that no remainder
   * underflows which counts.
   *
   * @param large from here on by 1/16
   * @param up up to there by this
   * @param largest above all finite coordinates, scaled
   * @param least below all but 0, scaled
   */
  private record Scaling(double large, double up, double largest, double least) {
    static final Scaling FLOAT32 = new Scaling(0x1p40, 0x1p60, 0x1p124, 0x1p-90);
    static final Scaling FLOAT64 = new Scaling(0x1p500, 0x1p500, 0x1p1020, 0x1p-600);
  }

  /**
   * The angle of the point (d, n), 0 ≤ n ≤ d ≠ 0, in the first octant; reflected about the diagonal
   * where swapped is true, and about the vertical axis where left is.
   *
   * @param left null for nowhere
   */
  private static Value angle(Value n, Value d, Value swapped, @Nullable Value left) {
    Value near = n.add(n).ge(d);
    Value zero = n.like(0.0);
    Value sum = n.add(d);
    Value denominator = near.select(sum, d);
    Value denominatorLow = near.select(n.sub(sum.sub(d)), zero);
    Value numerator = near.select(n.sub(d), n); // exact
    // A reflected angle is counted backwards from another multiple of pi/4.
    Value backwards = left == null ? swapped : swapped.xor(left);
    Value signed = backwards.select(numerator.neg(), numerator);
    Value quadrantEighths = near.select(n.like(1.0), swapped.select(n.like(2.0), zero));
    Value eighths =
        left == null
            ? quadrantEighths
            : left.select(n.like(4.0).sub(quadrantEighths), quadrantEighths);

    Value reciprocal = n.like(1.0).div(denominator);
    Value t = signed.mul(reciprocal);
    Value negative = t.neg();
    Value remainder = negative.fma(denominatorLow, negative.fma(denominator, signed));
    Value tLow = remainder.mul(reciprocal);
    Value z = t.mul(t);
    Value p = tail(z);
    // d atan(t) = dt / (1 + t^2), about (1 - t^2) dt
    return sum(eighths, t, t.mul(z).fma(p, tLow.neg().fma(z, tLow)));
  }

  /** (atan(t) − t) / t³ for |t| up to 1/2, z being t². */
  static Value tail(Value z) {
    return Polynomial.horner(z, z.dtype() == DType.FLOAT32 ? ATAN_FLOAT32 : ATAN_FLOAT64);
  }

  /**
   * eighths π/4 + t + low with |t| at most 2/3 of the first term, or that 0, and low much smaller.
   */
  static Value sum(Value eighths, Value t, Value low) {
    double[] eighth = t.dtype() == DType.FLOAT32 ? EIGHTH_FLOAT32 : EIGHTH_FLOAT64;
    Value high = eighths.fma(eighth[0], t);
    Value error = eighths.fma(eighth[0], high.neg()).add(t); // exact
    return high.add(eighths.fma(eighth[1], low).add(error));
  }

  // pi/4 as the sum of two floats.
  private static final double[] EIGHTH_FLOAT32 = {0x1.921fb6p-1, -0x1.777a5cp-26};
  private static final double[] EIGHTH_FLOAT64 = {0x1.921fb54442d18p-1, 0x1.1a62633145c07p-55};

  // (atan(t) - t) / t^3 by powers of t^2, for |t| up to 1/2
  private static final double[] ATAN_FLOAT32 = {
    -0.3333323299884796,
    0.19994167983531952,
    -0.1417420357465744,
    0.10155709832906723,
    -0.05124781280755997
  };
  private static final double[] ATAN_FLOAT64 = {
    -0.3333333333333298,
    0.199999999999031,
    -0.14285714276383552,
    0.11111110659469493,
    -0.09090896239151791,
    0.07692073806662611,
    -0.06663809376702692,
    0.05858289604960767,
    -0.05121960856965031,
    0.04186369456710356,
    -0.027432658457573113,
    0.010115164128467052
  };
}
