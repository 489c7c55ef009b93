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
    LogarithmParts parts = ofNormal(subnormal.select(x.mul(0x1p54), x));
    return new LogarithmParts(subnormal.select(parts.k.sub(54.0), parts.k), parts.f);
  }

  /** The parts of a positive normal value. */
  static LogarithmParts ofNormal(Value x) {
    FloatFormat format = FloatFormat.of(x);
    boolean single = x.dtype() == DType.FLOAT32;
    Value bits = x.bitcast(format.bits());
    Value lowest = bits.like(single ? Logarithm.LOWEST_FLOAT32 : Logarithm.LOWEST_FLOAT64);
    Value offset = bits.sub(lowest);
    Value exponent = offset.shr(format.fraction());
    Value m = offset.and((1L << format.fraction()) - 1).add(lowest).bitcast(x.dtype());
    // Small whole numbers fit the low bits of the magic constant.
    Value k =
        single
            ? exponent.cast(x.dtype())
            : exponent
                .add(exponent.like(format.magicBits()))
                .bitcast(x.dtype())
                .sub(format.magic());
    return new LogarithmParts(k, m.sub(1.0));
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
