package dev.kiln.contract;

import dev.kiln.DType;
import dev.kiln.graph.ElementOp;
import dev.kiln.kernel.Bits;

/**
 * How far a result may be from another library's: the one home of tolerances. Kiln's own backends
 * have none: they agree bit by bit.
 */
public final class Tolerance {
  private Tolerance() {}

  /**
   * The largest distance of a function's result from the true value's nearest float, in units in
   * the last place.
   */
  public static long ulps(ElementOp function) {
    return switch (function) {
      case ACOS, ACOSH, ASIN, ASINH, ATAN, ATAN2, ATANH, COS, COSH, EXP, EXPM1, HYPOT, LOG -> 2;
      case LOG1P, LOG2, LOG10, LOGADDEXP, SIN, SINH, TAN, TANH -> 2;
      case RELAXED_ATAN, RELAXED_LOG10, RELAXED_LOG2, RELAXED_SIGMOID -> 4;
      case POW, CBRT, ERF, ERFC, EXP2, NORMAL_CDF, RSQRT, SIGMOID, SOFTPLUS -> 2;
      case ABS, ADD, CAST, CEIL, COPYSIGN, DIVIDE, EQUAL, FLOOR, FLOOR_DIVIDE, GREATER -> 0;
      case GREATER_EQUAL, ISFINITE, ISINF, ISNAN, LESS, LESS_EQUAL, MAXIMUM, MINIMUM -> 0;
      case MULTIPLY, NEGATIVE, NEXTAFTER, NOT_EQUAL, REMAINDER, ROUND, SIGN, SIGNBIT, SQRT -> 0;
      case SUBTRACT, TRUNC, WHERE, BITWISE_AND, BITWISE_INVERT, BITWISE_LEFT_SHIFT -> 0;
      case BITWISE_OR, BITWISE_RIGHT_SHIFT, BITWISE_XOR -> 0;
    };
  }

  /**
   * The largest error of a reduction of n floats, relative to the sum of the magnitudes that it
   * adds.
   */
  public static double of(DType dtype, long elementsReduced) {
    double epsilon =
        switch (dtype) {
          case FLOAT32 -> Math.ulp(1f);
          case FLOAT64 -> Math.ulp(1.0);
          default -> throw new AssertionError("sums of " + dtype + " are exact");
        };
    return elementsReduced * epsilon;
  }

  /** How many floats of a dtype lie between two, which are not NaN; −0 and +0 are the same. */
  public static long distance(DType dtype, long a, long b) {
    return Math.abs(Math.subtractExact(place(dtype, a), place(dtype, b)));
  }

  /** The number of a float in the order of all floats, 0 for both zeros. */
  private static long place(DType dtype, long bits) {
    long sign = 1L << (dtype.bits() - 1);
    if (Double.isNaN(Bits.asDouble(dtype, bits))) {
      throw new AssertionError("NaN has no place");
    }
    return (bits & sign) == 0 ? bits : -(bits & ~sign);
  }
}
