package dev.kiln.kernel.function;

/**
 * The functions that {@link dev.kiln.kernel.Opcode.Group#LIBRARY} operations call, element by
 * element.
 *
 * <p>They are built on {@link StrictMath}, whose results are the same on every machine, and never
 * on {@link Math}, whose are not. The float32 ones compute in double and round once, but for {@code
 * floorDivide} and {@code floorMod}, which work in their own precision as NumPy's do. Special
 * values are those of the array API standard 2024.12.
 */
public final class Library {
  private static final double LN2 = 0x1.62e42fefa39efp-1;
  // 1 / ln 2 as the sum of two doubles.
  private static final double LOG2_E = 0x1.71547652b82fep0;
  private static final double LOG2_E_LOW = 0x1.777d0ffda0d24p-56;
  private static final double SQRT2 = 0x1.6a09e667f3bcdp0;
  // From here on x * x + 1 and x * x - 1 are x * x to the last bit.
  private static final double LARGE = 0x1p28;

  private Library() {}

  public static double acos(double x) {
    return StrictMath.acos(x);
  }

  public static float acos(float x) {
    return (float) acos((double) x);
  }

  /** NaN below 1. */
  public static double acosh(double x) {
    if (x < 1) {
      return Double.NaN;
    }
    if (x >= LARGE) {
      return StrictMath.log(x) + LN2;
    }
    double t = x - 1;
    // log(x + sqrt(x^2 - 1)), written in t so that nothing cancels near 1
    return StrictMath.log1p(t + Math.sqrt(t * (t + 2)));
  }

  public static float acosh(float x) {
    return (float) acosh((double) x);
  }

  public static double asin(double x) {
    return StrictMath.asin(x);
  }

  public static float asin(float x) {
    return (float) asin((double) x);
  }

  public static double asinh(double x) {
    double a = Math.abs(x);
    double y;
    if (a >= LARGE) {
      y = StrictMath.log(a) + LN2;
    } else {
      // log(a + sqrt(a^2 + 1)); sqrt(a^2 + 1) - 1 = a^2 / (sqrt(a^2 + 1) + 1) does not cancel near
      // 0
      y = StrictMath.log1p(a + a * a / (Math.sqrt(a * a + 1) + 1));
    }
    return StrictMath.copySign(y, x);
  }

  public static float asinh(float x) {
    return (float) asinh((double) x);
  }

  public static double atan(double x) {
    return StrictMath.atan(x);
  }

  public static float atan(float x) {
    return (float) atan((double) x);
  }

  /** The angle of the point (x, y): the first argument is y. */
  public static double atan2(double y, double x) {
    return StrictMath.atan2(y, x);
  }

  public static float atan2(float y, float x) {
    return (float) atan2((double) y, (double) x);
  }

  /** NaN beyond ±1, infinite at ±1. */
  public static double atanh(double x) {
    double a = Math.abs(x);
    // log((1 + a) / (1 - a)) / 2
    return StrictMath.copySign(0.5 * StrictMath.log1p(2 * a / (1 - a)), x);
  }

  public static float atanh(float x) {
    return (float) atanh((double) x);
  }

  public static double cos(double x) {
    return StrictMath.cos(x);
  }

  public static float cos(float x) {
    return (float) cos((double) x);
  }

  public static double cosh(double x) {
    return StrictMath.cosh(x);
  }

  public static float cosh(float x) {
    return (float) cosh((double) x);
  }

  public static double expm1(double x) {
    return StrictMath.expm1(x);
  }

  public static float expm1(float x) {
    return (float) expm1((double) x);
  }

  /** Infinite where either argument is, even if the other is NaN. */
  public static double hypot(double x, double y) {
    return StrictMath.hypot(x, y);
  }

  public static float hypot(float x, float y) {
    return (float) hypot((double) x, (double) y);
  }

  public static double log1p(double x) {
    return StrictMath.log1p(x);
  }

  public static float log1p(float x) {
    return (float) log1p((double) x);
  }

  /** Exact for powers of two. */
  public static double log2(double x) {
    if (!(x > 0 && x < Double.POSITIVE_INFINITY)) {
      return StrictMath.log(x);
    }
    int scaled = x < Double.MIN_NORMAL ? 54 : 0;
    double normal = x * (scaled == 0 ? 1 : 0x1p54);
    int exponent = Math.getExponent(normal);
    double fraction = StrictMath.scalb(normal, -exponent);
    if (fraction > SQRT2) {
      fraction /= 2;
      exponent++;
    }
    double ln = StrictMath.log(fraction);
    return exponent - scaled + Math.fma(ln, LOG2_E, ln * LOG2_E_LOW);
  }

  public static float log2(float x) {
    return (float) log2((double) x);
  }

  public static double log10(double x) {
    return StrictMath.log10(x);
  }

  public static float log10(float x) {
    return (float) log10((double) x);
  }

  /** log(exp(x) + exp(y)) without overflow. */
  public static double logaddexp(double x, double y) {
    if (x == y) {
      return x + LN2; // infinities of one sign too, whose difference is NaN
    }
    return Math.max(x, y) + StrictMath.log1p(StrictMath.exp(-Math.abs(x - y)));
  }

  public static float logaddexp(float x, float y) {
    return (float) logaddexp((double) x, (double) y);
  }

  /**
   * As C has it: 1 for x = 1 or y = 0 whatever the other is, NaN included, and for x = −1 with y
   * infinite.
   */
  public static double pow(double x, double y) {
    if (x == 1 || (x == -1 && Double.isInfinite(y))) {
      return 1; // here Java has NaN
    }
    return StrictMath.pow(x, y);
  }

  public static float pow(float x, float y) {
    return (float) pow((double) x, (double) y);
  }

  public static double sin(double x) {
    return StrictMath.sin(x);
  }

  public static float sin(float x) {
    return (float) sin((double) x);
  }

  public static double sinh(double x) {
    return StrictMath.sinh(x);
  }

  public static float sinh(float x) {
    return (float) sinh((double) x);
  }

  public static double tan(double x) {
    return StrictMath.tan(x);
  }

  public static float tan(float x) {
    return (float) tan((double) x);
  }

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
