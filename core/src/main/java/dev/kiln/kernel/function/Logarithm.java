package dev.kiln.kernel.function;

import dev.kiln.DType;
import dev.kiln.kernel.Body.Value;

/**
 * The natural logarithm.
 *
 * <p>log(x) = k ln 2 + log(m) with x = 2<sup>k</sup> m and m around 1: in [2/3, 4/3) for float32,
 * where log(1 + f) = f − f²/2 + f³ P(f), and in [√½, √2) for float64, where with s = f / (2 + f), z
 * = s² log(1 + f) = 2 atanh(s) = f − f²/2 + s (f²/2 + z Q(z)). P and Q are minimax polynomials. k
 * times the high part of ln 2 is added to f with its rounding error kept, and all small terms are
 * collected before they meet the large one.
 */
public final class Logarithm {
  private Logarithm() {}

  /** log(x): −∞ for zeros, NaN below. */
  public static Value log(Value x) {
    FloatFormat format = FloatFormat.of(x);
    boolean single = x.dtype() == DType.FLOAT32;
    // Subnormals are scaled to normal numbers first.
    Value subnormal = x.lt(format.minNormal());
    Value normal = subnormal.select(x.mul(0x1p54), x);
    // Bits less those of the lowest mantissa: above the fraction stands k, in the fraction m's bits
    // less the same.
    Value bits = normal.bitcast(format.bits());
    Value lowest = bits.like(single ? LOWEST_FLOAT32 : LOWEST_FLOAT64);
    Value offset = bits.sub(lowest);
    Value exponent = offset.shr(format.fraction());
    Value m = offset.and((1L << format.fraction()) - 1).add(lowest).bitcast(x.dtype());
    Value whole = toFloat(exponent, x.dtype(), format);
    Value k = subnormal.select(whole.sub(54.0), whole);
    Value f = m.sub(1.0);
    Value y = single ? float32(k, f) : float64(k, f);
    // Infinity and NaN stay as they are.
    Value finite = x.lt(Double.POSITIVE_INFINITY).select(y, x);
    Value positive = x.eq(0.0).select(x.like(Double.NEGATIVE_INFINITY), finite);
    return x.lt(0.0).select(x.like(Double.NaN), positive);
  }

  private static Value toFloat(Value exponent, DType dtype, FloatFormat format) {
    if (dtype == DType.FLOAT32) {
      return exponent.cast(dtype);
    }
    // Conversion from 64-bit integers is slow on much hardware; small ones fit the low bits of the
    // magic constant.
    return exponent.add(exponent.like(format.magicBits())).bitcast(dtype).sub(format.magic());
  }

  private static Value float32(Value k, Value f) {
    Value square = f.mul(f);
    Value cubic = square.mul(f).fma(Polynomial.horner(f, LOG_FLOAT32), k.mul(LN2_FLOAT32[1]));
    Value small = square.fma(-0.5, cubic);
    return sum(k, LN2_FLOAT32[0], f, small);
  }

  private static Value float64(Value k, Value f) {
    Value s = f.div(f.add(2.0));
    Value z = s.mul(s);
    Value tail = Polynomial.horner(z, LOG_FLOAT64).mul(z);
    Value halfSquare = f.mul(0.5).mul(f);
    Value small = s.fma(halfSquare.add(tail), k.mul(LN2_FLOAT64[1])).sub(halfSquare);
    return sum(k, LN2_FLOAT64[0], f, small);
  }

  /**
   * k ln2 + f + small; k ln2 is zero or larger than f, so that the error of the first sum comes out
   * exactly.
   */
  private static Value sum(Value k, double ln2, Value f, Value small) {
    Value large = k.fma(ln2, f);
    Value error = f.sub(k.fma(-ln2, large));
    return large.add(error.add(small));
  }

  // The bits of the lowest m: 2/3 and sqrt(1/2).
  static final long LOWEST_FLOAT32 = 0x3f2a_aaabL;
  static final long LOWEST_FLOAT64 = 0x3fe6_a09e_667f_3bcdL;

  // ln 2 in two parts, the first of 16 (float32) and 42 (float64) bits: its product with k is
  // exact.
  static final double[] LN2_FLOAT32 = {0x1.62e4p-1, 0x1.7f7d1cp-20};
  static final double[] LN2_FLOAT64 = {0x1.62e42fefa38p-1, 0x1.ef35793c7673p-45};

  // (log(1 + f) - f + f^2 / 2) / f^3
  static final double[] LOG_FLOAT32 = {
    0.3333321511745453,
    -0.24999797344207764,
    0.20010414719581604,
    -0.16680505871772766,
    0.14005719125270844,
    -0.12183906883001328,
    0.13985216617584229,
    -0.12893499433994293
  };

  // (2 atanh(s) - 2 s) / s^3 by powers of s^2
  static final double[] LOG_FLOAT64 = {
    0.6666666666666734,
    0.39999999999416397,
    0.285714287421364,
    0.22222198589468684,
    0.18183563848741163,
    0.15314055367825657,
    0.14795961796640522
  };
}
