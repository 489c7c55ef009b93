package dev.kiln.kernel.function;

import dev.kiln.DType;
import dev.kiln.kernel.Body.Value;

/**
 * 2<sup>n</sup> as a product of two floats, so that n may lie outside the range of exponents.
 *
 * <p>n is given in the low bits of a number shifted by the magic constant.
 */
record PowerOfTwo(Value first, Value second) {
  /** 2<sup>n</sup>. */
  static PowerOfTwo of(Value shifted) {
    return of(shifted, 0);
  }

  /** 2<sup>n − halvings</sup>. */
  static PowerOfTwo of(Value shifted, int halvings) {
    FloatFormat format = FloatFormat.of(shifted);
    // Unsigned, since many processors have no signed shift of 64 bits; it is not negative.
    Value bits = shifted.bitcast(format.bits().bytes() == 8 ? DType.UINT64 : DType.UINT32);
    // Biased twice, once for each half, by taking that off the magic bits.
    Value exponent = bits.sub(bits.like(format.magicBits() - 2L * format.bias() + halvings));
    Value half = exponent.shr(1);
    return new PowerOfTwo(
        half.shl(format.fraction()).bitcast(shifted.dtype()),
        exponent.sub(half).shl(format.fraction()).bitcast(shifted.dtype()));
  }

  /** 2<sup>n − halvings</sup> as one float, where its exponent is a normal one. */
  static Value normal(Value shifted, int halvings) {
    FloatFormat format = FloatFormat.of(shifted);
    Value bits = shifted.bitcast(format.bits());
    long one = format.one() - ((long) halvings << format.fraction());
    return bits.shl(format.fraction()).add(bits.like(one)).bitcast(shifted.dtype());
  }

  /**
   * p times this, for p around 1: the first product is exact, the second rounds once, even where it
   * is subnormal.
   */
  Value times(Value p) {
    return p.mul(first).mul(second);
  }
}
