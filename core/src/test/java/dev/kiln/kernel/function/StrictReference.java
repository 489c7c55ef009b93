package dev.kiln.kernel.function;

/**
 * Functions through StrictMath in double precision, rounded once for float32: what composites are
 * compared with.
 */
final class StrictReference {
  private static final double LN2 = 0x1.62e42fefa39efp-1;
  private static final double LOG2_E = 0x1.71547652b82fep0;
  private static final double LOG2_E_LOW = 0x1.777d0ffda0d24p-56;
  private static final double SQRT2 = 0x1.6a09e667f3bcdp0;
  private static final double LARGE = 0x1p28;

  private StrictReference() {}

  static double acos(double x) {
    return StrictMath.acos(x);
  }

  static float acos(float x) {
    return (float) acos((double) x);
  }

  /** NaN below 1. */
  static double acosh(double x) {
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

  static float acosh(float x) {
    return (float) acosh((double) x);
  }

  static double asin(double x) {
    return StrictMath.asin(x);
  }

  static float asin(float x) {
    return (float) asin((double) x);
  }

  static double asinh(double x) {
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

  static float asinh(float x) {
    return (float) asinh((double) x);
  }

  static double atan(double x) {
    return StrictMath.atan(x);
  }

  static float atan(float x) {
    return (float) atan((double) x);
  }

  /** The angle of the point (x, y): the first argument is y. */
  static double atan2(double y, double x) {
    return StrictMath.atan2(y, x);
  }

  static float atan2(float y, float x) {
    return (float) atan2((double) y, (double) x);
  }

  /** NaN beyond ±1, infinite at ±1. */
  static double atanh(double x) {
    double a = Math.abs(x);
    // log((1 + a) / (1 - a)) / 2
    return StrictMath.copySign(0.5 * StrictMath.log1p(2 * a / (1 - a)), x);
  }

  static float atanh(float x) {
    return (float) atanh((double) x);
  }

  static double cosh(double x) {
    return StrictMath.cosh(x);
  }

  static float cosh(float x) {
    return (float) cosh((double) x);
  }

  static double expm1(double x) {
    return StrictMath.expm1(x);
  }

  static float expm1(float x) {
    return (float) expm1((double) x);
  }

  /** Infinite where either argument is, even if the other is NaN. */
  static double hypot(double x, double y) {
    return StrictMath.hypot(x, y);
  }

  static float hypot(float x, float y) {
    return (float) hypot((double) x, (double) y);
  }

  static double log1p(double x) {
    return StrictMath.log1p(x);
  }

  static float log1p(float x) {
    return (float) log1p((double) x);
  }

  /** Exact for powers of two. */
  static double log2(double x) {
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

  static float log2(float x) {
    return (float) log2((double) x);
  }

  static double log10(double x) {
    return StrictMath.log10(x);
  }

  static float log10(float x) {
    return (float) log10((double) x);
  }

  /** log(exp(x) + exp(y)) without overflow. */
  static double logaddexp(double x, double y) {
    if (x == y) {
      return x + LN2; // infinities of one sign too, whose difference is NaN
    }
    return Math.max(x, y) + StrictMath.log1p(StrictMath.exp(-Math.abs(x - y)));
  }

  static float logaddexp(float x, float y) {
    return (float) logaddexp((double) x, (double) y);
  }

  static double pow(double x, double y) {
    if (x == 1 || (x == -1 && Double.isInfinite(y))) {
      return 1; // here Java has NaN
    }
    return StrictMath.pow(x, y);
  }

  static float pow(float x, float y) {
    return (float) pow((double) x, (double) y);
  }

  static double sinh(double x) {
    return StrictMath.sinh(x);
  }

  static float sinh(float x) {
    return (float) sinh((double) x);
  }
}
