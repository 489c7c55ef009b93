package dev.kiln.interpret;

import dev.kiln.DType;
import dev.kiln.kernel.Bits;

/**
 * What a conversion between dtypes means for one element.
 *
 * <p>Between integers it wraps; to bool it is {@code x != 0}, which is true for NaN; to a float it
 * rounds to nearest even. From a float to an integer it truncates towards zero and saturates at the
 * target's limits, and NaN becomes 0: the standard leaves out-of-range values open and hardware
 * disagrees on them, so one answer is chosen for all backends.
 */
final class CastMeaning {
  private static final double TWO_63 = 0x1p63;
  private static final double TWO_64 = 0x1p64;

  private CastMeaning() {}

  static long apply(DType from, DType to, long x) {
    return switch (to) {
      case BOOL -> (from.isFloat() ? Bits.asDouble(from, x) != 0 : x != 0) ? 1 : 0;
      case INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64 ->
          from.isFloat() ? toInteger(to, Bits.asDouble(from, x)) : Bits.wrap(to, x);
      case FLOAT32 -> Bits.of(toFloat32(from, x));
      case FLOAT64 -> Bits.of(toFloat64(from, x));
      case COMPLEX64, COMPLEX128 -> throw new AssertionError("cast to " + to);
    };
  }

  private static long toInteger(DType to, double value) {
    if (to == DType.UINT64) {
      if (!(value > 0)) {
        return 0;
      }
      // Twice the range of a Java conversion: the upper half is moved down, which is exact, and
      // back.
      return value >= TWO_64
          ? -1L
          : value >= TWO_63 ? (long) (value - TWO_63) + Long.MIN_VALUE : (long) value;
    }
    // Java's conversion to long truncates, saturates and maps NaN to 0; narrower types saturate
    // after it.
    long whole = (long) value;
    long max = (1L << (to.bits() - (to.isUnsigned() ? 0 : 1))) - 1;
    long min = to.isUnsigned() ? 0 : -max - 1;
    return Math.clamp(whole, min, max);
  }

  private static float toFloat32(DType from, long x) {
    if (from.isFloat()) {
      return (float) Bits.asDouble(from, x);
    }
    return from == DType.UINT64 && x < 0 ? (float) halved(x) * 2 : (float) x;
  }

  private static double toFloat64(DType from, long x) {
    if (from.isFloat()) {
      return Bits.asDouble(from, x);
    }
    return from == DType.UINT64 && x < 0 ? (double) halved(x) * 2 : (double) x;
  }

  /**
   * Half of a uint64 of 64 significant bits, the lost bit kept sticky so that rounding to nearest
   * sees it.
   */
  private static long halved(long x) {
    return (x >>> 1) | (x & 1);
  }
}
