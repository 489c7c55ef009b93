package dev.kiln.kernel;

import dev.kiln.DType;
import dev.kiln.KilnException;

/**
 * A scalar of any real dtype as the 64 bits of a {@code long}, the one form in which scalars travel
 * through graphs, kernels and launches.
 *
 * <p>Signed integers are sign-extended, unsigned ones zero-extended, bool is 0 or 1; float32 is its
 * bit pattern zero-extended, float64 its bit pattern. Every scalar has exactly one such form, so
 * equality of bits is equality.
 */
public final class Bits {
  private Bits() {}

  /** The bits of a float32. */
  public static long of(float value) {
    return Float.floatToRawIntBits(value) & 0xffff_ffffL;
  }

  /** The bits of a float64. */
  public static long of(double value) {
    return Double.doubleToRawLongBits(value);
  }

  /** The float32 of these bits. */
  public static float toFloat(long bits) {
    return Float.intBitsToFloat((int) bits);
  }

  /** The float64 of these bits. */
  public static double toDouble(long bits) {
    return Double.longBitsToDouble(bits);
  }

  /** Wraps an integer to the range of an integer dtype; for bool, whether it is non-zero. */
  public static long wrap(DType dtype, long value) {
    return switch (dtype) {
      case BOOL -> value != 0 ? 1 : 0;
      case INT8 -> (byte) value;
      case INT16 -> (short) value;
      case INT32 -> (int) value;
      case INT64, UINT64 -> value;
      case UINT8 -> value & 0xffL;
      case UINT16 -> value & 0xffffL;
      case UINT32 -> value & 0xffff_ffffL;
      case FLOAT32, FLOAT64, COMPLEX64, COMPLEX128 ->
          throw new AssertionError("not an integer: " + dtype);
    };
  }

  /**
   * The bits of a whole number in any real dtype: wrapped for integers, rounded for floating point.
   */
  public static long ofLong(DType dtype, long value) {
    return switch (dtype) {
      case FLOAT32 -> of((float) value);
      case FLOAT64 -> of((double) value);
      default -> wrap(dtype, value);
    };
  }

  /** The bits of a number in float32 or float64. */
  public static long ofDouble(DType dtype, double value) {
    return switch (dtype) {
      case FLOAT32 -> of((float) value);
      case FLOAT64 -> of(value);
      default -> throw new AssertionError("not a floating-point dtype: " + dtype);
    };
  }

  /** The value of a float32 or float64 as a double. */
  public static double asDouble(DType dtype, long bits) {
    return switch (dtype) {
      case FLOAT32 -> toFloat(bits);
      case FLOAT64 -> toDouble(bits);
      default -> throw new AssertionError("not a floating-point dtype: " + dtype);
    };
  }

  /** The one NaN that results are allowed to hold: positive, quiet, without payload. */
  public static long canonicalNaN(DType dtype) {
    return ofDouble(dtype, Double.NaN);
  }

  /** Every NaN becomes the canonical one; all other values of every dtype stay as they are. */
  public static long canonical(DType dtype, long bits) {
    return dtype.isFloat() && Double.isNaN(asDouble(dtype, bits)) ? canonicalNaN(dtype) : bits;
  }

  /** The scalar as text that names its value exactly: {@code 1.5}, {@code -3}, {@code true}. */
  public static String toString(DType dtype, long bits) {
    return switch (dtype) {
      case BOOL -> bits != 0 ? "true" : "false";
      case UINT64 -> Long.toUnsignedString(bits);
      case FLOAT32 -> Float.toString(toFloat(bits));
      case FLOAT64 -> Double.toString(toDouble(bits));
      case COMPLEX64, COMPLEX128 ->
          throw new KilnException(dtype + " is not supported yet; use float32 or float64");
      default -> Long.toString(bits);
    };
  }
}
