package dev.kiln.kernel.function;

/**
 * The functions that {@link dev.kiln.kernel.Opcode.Group#LIBRARY} operations call, element by
 * element.
 *
 * <p>They are exact, or correctly rounded step by step, so that their results are the same on every
 * machine. Composites leave them what no line of fixed length computes: quotients beyond the exact
 * whole numbers, powers of integers.
 */
public final class Library {
  private Library() {}

  /** Division rounded down, from the exact remainder; a / b for b = 0. */
  public static double floorDivide(double a, double b) {
    if (b == 0) {
      return a / b;
    }
    double remainder = a % b;
    double quotient = (a - remainder) / b; // nearly a whole number
    if (remainder != 0 && (b < 0) != (remainder < 0)) {
      quotient -= 1;
    }
    if (quotient == 0) {
      return StrictMath.copySign(0.0, a / b);
    }
    double floor = Math.floor(quotient);
    return quotient - floor > 0.5 ? floor + 1 : floor;
  }

  /** Division rounded down, from the exact remainder; a / b for b = 0. */
  public static float floorDivide(float a, float b) {
    if (b == 0) {
      return a / b;
    }
    float remainder = a % b;
    float quotient = (a - remainder) / b;
    if (remainder != 0 && (b < 0) != (remainder < 0)) {
      quotient -= 1;
    }
    if (quotient == 0) {
      return StrictMath.copySign(0.0f, a / b);
    }
    float floor = (float) Math.floor(quotient);
    return quotient - floor > 0.5f ? floor + 1 : floor;
  }

  /** Remainder with the sign of the divisor, zeros included; NaN for b = 0. */
  public static double floorMod(double a, double b) {
    double remainder = a % b;
    if (remainder == 0) {
      return StrictMath.copySign(0.0, b);
    }
    return (b < 0) != (remainder < 0) ? remainder + b : remainder;
  }

  /** Remainder with the sign of the divisor, zeros included; NaN for b = 0. */
  public static float floorMod(float a, float b) {
    float remainder = a % b;
    if (remainder == 0) {
      return StrictMath.copySign(0.0f, b);
    }
    return (b < 0) != (remainder < 0) ? remainder + b : remainder;
  }

  /**
   * Power by wrapping multiplication; the caller wraps the result to a narrower dtype. A negative
   * exponent gives 1 for base 1, ±1 for base −1 and 0 otherwise.
   *
   * @param unsigned whether base and exponent are unsigned, so that no exponent is negative
   */
  public static long integerPow(long base, long exponent, boolean unsigned) {
    if (exponent < 0 && !unsigned) {
      if (base == 1 || base == -1) {
        return (exponent & 1) == 0 ? 1 : base;
      }
      return 0;
    }
    long power = 1;
    long square = base;
    for (long rest = exponent; rest != 0; rest >>>= 1) {
      if ((rest & 1) != 0) {
        power *= square;
      }
      square *= square;
    }
    return power;
  }
}
