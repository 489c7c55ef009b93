package dev.kiln.kernel.function;

import dev.kiln.DType;
import dev.kiln.kernel.Body.Value;

/**
 * x = 2<sup>k</sup> (1 + f), with 1 + f around 1 as {@link Logarithm} has it.
 *
 * @param k a whole number as a float
 * @param f exact
 */
record LogarithmParts(Value k, Value f) {
  /** The parts of a positive finite value; anything else gives parts without meaning. */
  static LogarithmParts of(Value x) {
    FloatFormat format = FloatFormat.of(x);
    Value subnormal = x.lt(format.minNormal());
    Value bits = subnormal.select(x.mul(0x1p54), x).bitcast(format.bits());
    Value lowest = bits.like(lowest(x.dtype()));
    // 54 more in the exponent of what is subtracted
    Value subtracted =
        subnormal.select(lowest.like(lowest(x.dtype()) + (54L << format.fraction())), lowest);
    return of(bits, subtracted);
  }

  /** The parts of a positive normal value. */
  static LogarithmParts ofNormal(Value x) {
    Value bits = x.bitcast(FloatFormat.of(x).bits());
    return of(bits, bits.like(lowest(x.dtype())));
  }

  /**
   * Bits less those of the lowest mantissa: above the fraction stands k, in the fraction m's bits
   * less the same.
   */
  private static LogarithmParts of(Value bits, Value subtracted) {
    DType dtype = bits.dtype() == DType.INT32 ? DType.FLOAT32 : DType.FLOAT64;
    FloatFormat format = FloatFormat.of(dtype);
    Value offset = bits.sub(subtracted);
    Value fraction = offset.and((1L << format.fraction()) - 1);
    Value m = fraction.add(fraction.like(lowest(dtype))).bitcast(dtype);
    return new LogarithmParts(toFloat(offset.shr(format.fraction()), dtype), m.sub(1.0));
  }

  private static Value toFloat(Value exponent, DType dtype) {
    if (dtype == DType.FLOAT32) {
      return exponent.cast(dtype);
    }
    // Conversion from 64-bit integers is slow on much hardware; small ones fit the low bits of the
    // magic constant.
    FloatFormat format = FloatFormat.of(dtype);
    return exponent.add(exponent.like(format.magicBits())).bitcast(dtype).sub(format.magic());
  }

  /** The bits of the lowest m: 2/3 and √½. */
  private static long lowest(DType dtype) {
    return dtype == DType.FLOAT32 ? 0x3f2a_aaabL : 0x3fe6_a09e_667f_3bcdL;
  }

  /**
   * log(1 + f) for f in the range of this record's: f − f²/2 without error, and the rest of the
   * series, which is a hundredth of f, by the polynomials of {@link Logarithm}.
   */
  static TwoFloat log1p(Value f) {
    Value halfF = f.mul(0.5);
    Value halfSquare = halfF.mul(f);
    Value error = halfF.fma(f, halfSquare.neg());
    Value rest;
    if (f.dtype() == DType.FLOAT32) {
      rest = f.mul(f).mul(f).mul(Polynomial.horner(f, Logarithm.LOG_FLOAT32)).sub(error);
    } else {
      Value s = f.div(f.add(2.0));
      Value z = s.mul(s);
      Value tail = Polynomial.horner(z, Logarithm.LOG_FLOAT64).fma(z, halfSquare);
      rest = s.fma(tail, error.neg());
    }
    return TwoFloat.fastSum(f, halfSquare.neg()).plus(rest);
  }
}
