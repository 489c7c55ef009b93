package dev.kiln.oracle;

/** Roots, scaled so that nothing overflows or underflows. */
final class Root {
  private Root() {}

  private static boolean isRegular(double a) {
    return a > 0 && a <= Double.MAX_VALUE;
  }

  private static int exponent(double a) {
    return a < Double.MIN_NORMAL ? Math.getExponent(a * 0x1p100) - 100 : Math.getExponent(a);
  }

  static Exact cbrt(double x) {
    double a = Math.abs(x);
    if (!isRegular(a)) {
      return Exact.of(x);
    }
    int third = Math.floorDiv(exponent(a), 3);
    double cube = Math.scalb(a, -3 * third);
    double root = Math.cbrt(cube);
    DoubleDouble square = DoubleDouble.product(root, root);
    double rest = square.times(root).negated().plus(cube).high();
    return Exact.of(DoubleDouble.fastSum(root, rest / (3 * square.high())), third).withSignOf(x);
  }

  static Exact rsqrt(double x) {
    if (!isRegular(x)) {
      return Exact.of(x == 0 ? 1 / x : x > 0 ? 0 : Double.NaN);
    }
    int half = Math.floorDiv(exponent(x), 2);
    DoubleDouble square = DoubleDouble.of(Math.scalb(x, -2 * half));
    return Exact.of(DoubleDouble.of(1).over(square.sqrt()), -half);
  }

  static Exact hypot(double x, double y) {
    double a = Math.abs(x);
    double b = Math.abs(y);
    if (a == Double.POSITIVE_INFINITY || b == Double.POSITIVE_INFINITY) {
      return Exact.of(Double.POSITIVE_INFINITY);
    }
    double larger = Math.max(a, b);
    if (!isRegular(larger)) {
      return Exact.of(larger);
    }
    int scale = exponent(larger);
    double p = Math.scalb(a, -scale);
    double q = Math.scalb(b, -scale);
    return Exact.of(DoubleDouble.product(p, p).plus(DoubleDouble.product(q, q)).sqrt(), scale);
  }
}
