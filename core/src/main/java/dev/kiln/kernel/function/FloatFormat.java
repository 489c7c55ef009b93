package dev.kiln.kernel.function;

import dev.kiln.DType;
import dev.kiln.kernel.Body.Value;

/**
 * What formulas need to know of a binary floating-point format.
 *
 * @param bits the signed integer dtype of the same width
 * @param fraction the number of fraction bits
 * @param bias of the exponent
 */
record FloatFormat(DType bits, int fraction, int bias) {
  private static final FloatFormat BINARY32 = new FloatFormat(DType.INT32, 23, 127);
  private static final FloatFormat BINARY64 = new FloatFormat(DType.INT64, 52, 1023);

  /** The format of float32 or float64. */
  static FloatFormat of(DType dtype) {
    return switch (dtype) {
      case FLOAT32 -> BINARY32;
      case FLOAT64 -> BINARY64;
      default -> throw new AssertionError("not a floating-point dtype: " + dtype);
    };
  }

  /** The format of a value. */
  static FloatFormat of(Value x) {
    return of(x.dtype());
  }

  /** The sign bit alone, sign-extended: the least integer. */
  long sign() {
    return -1L << (bits.bits() - 1);
  }

  /** All bits but the sign. */
  long magnitude() {
    return ~sign();
  }

  /** The bits of 1.0. */
  long one() {
    return (long) bias << fraction;
  }

  /** 2<sup>fraction</sup>: from here on every value is a whole number. */
  double whole() {
    return 1L << fraction;
  }

  /**
   * 1.5 · 2<sup>fraction</sup>, the magic constant: adding it rounds a value of either sign to a
   * whole number, which then stands in the sum's low bits.
   */
  double magic() {
    return 1.5 * whole();
  }

  /** The bits of {@link #magic}. */
  long magicBits() {
    return (long) (bias + fraction) << fraction | 1L << (fraction - 1);
  }

  /** The smallest normal value. */
  double minNormal() {
    return StrictMath.scalb(1.0, 1 - bias);
  }
}
