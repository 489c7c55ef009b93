package dev.kiln.kernel.function;

import java.math.BigInteger;

/**
 * Elementary functions to some 200 bits, in fixed point: a number is an integer over
 * 2<sup>256</sup>. Plain series, for tests.
 */
final class Oracle {
  private static final int FRACTION = 256;
  private static final BigInteger ONE = BigInteger.ONE.shiftLeft(FRACTION);
  // ln 2 = 2 atanh(1/3); pi = 16 atan(1/5) - 4 atan(1/239), Machin's formula
  private static final BigInteger LN2 = inverseTangent(3, false).shiftLeft(1);
  private static final BigInteger HALF_PI =
      inverseTangent(5, true).shiftLeft(3).subtract(inverseTangent(239, true).shiftLeft(1));
  private static final BigInteger ROOT_PI = HALF_PI.shiftLeft(FRACTION + 1).sqrt();
  // from here on erfc is computed by its continued fraction
  private static final BigInteger BORDER = ONE.multiply(BigInteger.valueOf(6));

  private static final BigInteger LN10 = log(10).m;

  private Oracle() {}

  /** An exact value m / 2<sup>256</sup> · 2<sup>e</sup>, to compare a double with. */
  record Exact(BigInteger m, int e) {
    /** How far a double is from this value, in units of the last place of doubles of this size. */
    double ulps(double y) {
      if (m.signum() == 0) {
        return y == 0 ? 0 : Double.POSITIVE_INFINITY;
      }
      int exponent = m.bitLength() - 1 - FRACTION + e;
      int ulp = Math.max(exponent, Double.MIN_EXPONENT) - 52;
      // in units of 2^-64 ulp both are integers
      BigInteger exact = shift(m, e - FRACTION - ulp + 64);
      BigInteger given = shift(mantissa(y), exponent(y) - ulp + 64);
      return given.subtract(exact).abs().doubleValue() * 0x1p-64;
    }
  }

  static Exact exp(double x) {
    return exp(fixed(x));
  }

  private static Exact exp(BigInteger fixed) {
    BigInteger n = roundedQuotient(fixed, LN2);
    return new Exact(series(fixed.subtract(n.multiply(LN2)), 0, 1), n.intValueExact());
  }

  /** Corrects an approximation y by log(x / exp(y)). */
  static Exact log(double x) {
    double y = StrictMath.log(x);
    Exact power = exp(y);
    BigInteger quotient = mantissa(x).shiftLeft(2 * FRACTION).divide(power.m);
    BigInteger ratio = shift(quotient, exponent(x) - power.e);
    BigInteger d = ratio.subtract(ONE);
    BigInteger d2 = multiply(d, d);
    BigInteger correction =
        d.subtract(d2.shiftRight(1)).add(multiply(d2, d).divide(BigInteger.valueOf(3)));
    return new Exact(fixed(y).add(correction), 0);
  }

  static Exact exp2(double x) {
    BigInteger fixed = fixed(x);
    BigInteger n = roundedQuotient(fixed, ONE);
    BigInteger r = multiply(fixed.subtract(n.shiftLeft(FRACTION)), LN2);
    return new Exact(series(r, 0, 1), n.intValueExact());
  }

  static Exact expm1(double x) {
    Exact power = exp(x);
    return new Exact(shift(power.m, power.e).subtract(ONE), 0);
  }

  static Exact log2(double x) {
    return new Exact(log(x).m.shiftLeft(FRACTION).divide(LN2), 0);
  }

  static Exact log10(double x) {
    return new Exact(log(x).m.shiftLeft(FRACTION).divide(LN10), 0);
  }

  static Exact log1p(double x) {
    return new Exact(log(ONE.add(fixed(x)), StrictMath.log1p(x)), 0);
  }

  /** Of a positive x. */
  static Exact pow(double x, double y) {
    return expOfFixed(multiply(fixed(y), log(x).m));
  }

  static Exact sigmoid(double x) {
    Exact t = exp(-Math.abs(x));
    BigInteger sum = ONE.add(shift(t.m, t.e));
    BigInteger numerator = x < 0 ? t.m : ONE;
    return new Exact(numerator.shiftLeft(FRACTION).divide(sum), x < 0 ? t.e : 0);
  }

  static Exact softplus(double x) {
    return x < -60 ? exp(x) : logaddexp(x, 0); // log(1 + t) = t (1 - t / 2 + ...)
  }

  static Exact logaddexp(double x, double y) {
    BigInteger larger = fixed(Math.max(x, y));
    Exact t = expOfFixed(fixed(Math.min(x, y)).subtract(larger));
    BigInteger fixed = shift(t.m, t.e);
    double approximation = StrictMath.log1p(shift(fixed, 64 - FRACTION).doubleValue() * 0x1p-64);
    return new Exact(larger.add(log(ONE.add(fixed), approximation)), 0);
  }

  private static Exact expOfFixed(BigInteger fixed) {
    BigInteger n = roundedQuotient(fixed, LN2);
    return new Exact(series(fixed.subtract(n.multiply(LN2)), 0, 1), n.intValueExact());
  }

  /** The logarithm of a number in fixed point, near y. */
  private static BigInteger log(BigInteger v, double y) {
    Exact power = exp(y);
    BigInteger d = shift(v.shiftLeft(FRACTION).divide(power.m), -power.e).subtract(ONE);
    BigInteger d2 = multiply(d, d);
    return fixed(y)
        .add(d)
        .subtract(d2.shiftRight(1))
        .add(multiply(d2, d).divide(BigInteger.valueOf(3)));
  }

  static Exact tanh(double x) {
    Exact power = exp(2 * Math.abs(x));
    BigInteger m = shift(power.m, power.e);
    BigInteger y = m.subtract(ONE).shiftLeft(FRACTION).divide(m.add(ONE));
    return new Exact(x < 0 ? y.negate() : y, 0);
  }

  static Exact sin(double x) {
    return circular(x, 0);
  }

  static Exact cos(double x) {
    return circular(x, 1);
  }

  static Exact tan(double x) {
    BigInteger fixed = fixed(x);
    BigInteger n = roundedQuotient(fixed, HALF_PI);
    BigInteger r = fixed.subtract(n.multiply(HALF_PI));
    BigInteger sin = series(r, 1, -1);
    BigInteger cos = series(r, 0, -1);
    BigInteger y = n.testBit(0) ? quotient(cos.negate(), sin) : quotient(sin, cos);
    return new Exact(y, 0);
  }

  static Exact atan(double x) {
    return atan2(x, 1);
  }

  static Exact asin(double x) {
    BigInteger y = fixed(x);
    return angle(y, sideOfUnit(y));
  }

  static Exact acos(double x) {
    BigInteger fixed = fixed(x);
    return angle(sideOfUnit(fixed), fixed);
  }

  /** For finite arguments, not both 0. */
  static Exact atan2(double y, double x) {
    int least = Math.min(exponent(y), exponent(x));
    return angle(
        mantissa(y).shiftLeft(exponent(y) - least), mantissa(x).shiftLeft(exponent(x) - least));
  }

  /** The other side of a right triangle with hypotenuse 1. */
  private static BigInteger sideOfUnit(BigInteger a) {
    return ONE.multiply(ONE).subtract(a.multiply(a)).sqrt();
  }

  /** Corrects an approximation by the angle from there. */
  private static Exact angle(BigInteger y, BigInteger x) {
    int digits = x.bitLength() - y.bitLength();
    if (x.signum() > 0 && digits > 90) { // y / x to 180 bits
      return new Exact(y.shiftLeft(FRACTION + digits).divide(x), -digits);
    }
    int scale = FRACTION - Math.max(x.bitLength(), y.bitLength());
    BigInteger a = shift(x, scale);
    BigInteger b = shift(y, scale);
    BigInteger rough = fixed(StrictMath.atan2(b.doubleValue(), a.doubleValue()));
    BigInteger sin = series(rough, 1, -1);
    BigInteger cos = series(rough, 0, -1);
    BigInteger d =
        quotient(
            multiply(b, cos).subtract(multiply(a, sin)), multiply(a, cos).add(multiply(b, sin)));
    BigInteger cube = multiply(multiply(d, d), d);
    return new Exact(rough.add(d).subtract(cube.divide(BigInteger.valueOf(3))), 0);
  }

  private static BigInteger quotient(BigInteger a, BigInteger b) {
    return a.shiftLeft(FRACTION).divide(b);
  }

  static Exact sinh(double x) {
    BigInteger power = exponential(Math.abs(x));
    BigInteger inverse = ONE.shiftLeft(FRACTION).divide(power);
    BigInteger twice = power.subtract(inverse);
    return new Exact(x < 0 ? twice.negate() : twice, -1);
  }

  static Exact cosh(double x) {
    BigInteger power = exponential(Math.abs(x));
    BigInteger inverse = ONE.shiftLeft(FRACTION).divide(power);
    return new Exact(power.add(inverse), -1);
  }

  private static BigInteger exponential(double x) {
    Exact power = exp(x);
    return shift(power.m, power.e);
  }

  static Exact asinh(double x) {
    BigInteger a = fixed(Math.abs(x));
    BigInteger root = a.multiply(a).add(ONE.shiftLeft(FRACTION)).sqrt();
    BigInteger y = log(a.add(root), StrictReference.asinh(Math.abs(x)));
    return new Exact(x < 0 ? y.negate() : y, 0);
  }

  static Exact acosh(double x) {
    BigInteger a = fixed(x);
    BigInteger root = a.multiply(a).subtract(ONE.shiftLeft(FRACTION)).sqrt();
    return new Exact(log(a.add(root), StrictReference.acosh(x)), 0);
  }

  static Exact atanh(double x) {
    BigInteger a = fixed(x);
    BigInteger quotient = ONE.add(a).shiftLeft(FRACTION).divide(ONE.subtract(a));
    return new Exact(log(quotient, 2 * StrictReference.atanh(x)), -1);
  }

  /** Newton's iteration on integers. */
  static Exact cbrt(double x) {
    int third = Math.floorDiv(exponent(x), 3);
    BigInteger cube = shift(mantissa(Math.abs(x)), 3 * FRACTION + exponent(x) - 3 * third);
    BigInteger y = BigInteger.ONE.shiftLeft(cube.bitLength() / 3 + 1);
    while (true) {
      BigInteger next =
          y.shiftLeft(1).add(cube.divide(y.multiply(y))).divide(BigInteger.valueOf(3));
      if (next.compareTo(y) >= 0) {
        return new Exact(x < 0 ? y.negate() : y, third);
      }
      y = next;
    }
  }

  static Exact hypot(double x, double y) {
    int e = Math.min(exponent(x), exponent(y)) - FRACTION;
    BigInteger a = shift(mantissa(x), exponent(x) - e);
    BigInteger b = shift(mantissa(y), exponent(y) - e);
    return new Exact(a.multiply(a).add(b.multiply(b)).sqrt(), e + FRACTION);
  }

  static Exact rsqrt(double x) {
    int half = Math.floorDiv(exponent(x), 2);
    BigInteger radicand = shift(mantissa(x), exponent(x) - 2 * half);
    BigInteger square = BigInteger.ONE.shiftLeft(2 * FRACTION + 400).divide(radicand);
    return new Exact(square.sqrt(), -200 - half);
  }

  static Exact erf(double x) {
    BigInteger a = fixed(Math.abs(x));
    Exact tail = erfc(a);
    BigInteger y = a.compareTo(BORDER) < 0 ? erfNearZero(a) : ONE.subtract(shift(tail.m, tail.e));
    return new Exact(x < 0 ? y.negate() : y, 0);
  }

  static Exact erfc(double x) {
    Exact tail = erfc(fixed(Math.abs(x)));
    return x >= 0 ? tail : new Exact(ONE.shiftLeft(1).subtract(shift(tail.m, tail.e)), 0);
  }

  static Exact normalCdf(double x) {
    BigInteger a =
        fixed(Math.abs(x)).shiftLeft(FRACTION).divide(ONE.multiply(ONE).shiftLeft(1).sqrt());
    Exact tail = erfc(a);
    return x <= 0
        ? new Exact(tail.m, tail.e - 1)
        : new Exact(ONE.subtract(shift(tail.m, tail.e - 1)), 0);
  }

  /** For x >= 0: by the series of erf, from 6 on by the continued fraction of exp(x²) erfc(x). */
  private static Exact erfc(BigInteger x) {
    if (x.compareTo(BORDER) < 0) {
      return new Exact(ONE.subtract(erfNearZero(x)), 0);
    }
    BigInteger fraction = x;
    for (int k = 150; k > 0; k--) {
      fraction =
          x.add(ONE.multiply(ONE).multiply(BigInteger.valueOf(k)).divide(fraction.shiftLeft(1)));
    }
    Exact power = exp(multiply(x, x).negate());
    return new Exact(power.m.shiftLeft(FRACTION).divide(multiply(fraction, ROOT_PI)), power.e);
  }

  /** 2 exp(−x²) / √π times the sum of 2^k x^(2k+1) / (1 · 3 · … (2k+1)). */
  private static BigInteger erfNearZero(BigInteger x) {
    BigInteger square = multiply(x, x);
    BigInteger term = x;
    BigInteger sum = x;
    for (long k = 1; term.signum() != 0; k++) {
      term = multiply(term, square).shiftLeft(1).divide(BigInteger.valueOf(2 * k + 1));
      sum = sum.add(term);
    }
    Exact power = exp(square.negate());
    return multiply(sum, shift(power.m, power.e + 1)).shiftLeft(FRACTION).divide(ROOT_PI);
  }

  private static Exact circular(double x, int quarters) {
    BigInteger fixed = fixed(x);
    BigInteger n = roundedQuotient(fixed, HALF_PI);
    BigInteger r = fixed.subtract(n.multiply(HALF_PI));
    int quadrant = n.add(BigInteger.valueOf(quarters)).mod(BigInteger.valueOf(4)).intValueExact();
    BigInteger y = series(r, (quadrant & 1) ^ 1, -1);
    return new Exact(quadrant >= 2 ? y.negate() : y, 0);
  }

  /**
   * The sum of r^k / k!: every k from 0 on for sign 1; for sign −1 every second k from the first
   * on, with alternating signs.
   */
  private static BigInteger series(BigInteger r, int first, int sign) {
    BigInteger term = first == 0 ? ONE : r;
    BigInteger sum = term;
    int k = first;
    while (term.bitLength() > 1) {
      int steps = sign < 0 ? 2 : 1;
      for (int step = 0; step < steps; step++) {
        term = multiply(term, r).divide(BigInteger.valueOf(++k));
      }
      if (sign < 0) {
        term = term.negate();
      }
      sum = sum.add(term);
    }
    return sum;
  }

  /** atan(1/k), or atanh(1/k). */
  private static BigInteger inverseTangent(long k, boolean alternating) {
    BigInteger power = ONE.divide(BigInteger.valueOf(k));
    BigInteger sum = BigInteger.ZERO;
    for (long i = 1; power.signum() != 0; i += 2) {
      BigInteger term = power.divide(BigInteger.valueOf(i));
      sum = alternating && i % 4 == 3 ? sum.subtract(term) : sum.add(term);
      power = power.divide(BigInteger.valueOf(k * k));
    }
    return sum;
  }

  private static BigInteger fixed(double x) {
    return shift(mantissa(x), exponent(x) + FRACTION);
  }

  /** The whole number of which a finite double is a multiple by 2<sup>exponent(x)</sup>. */
  private static BigInteger mantissa(double x) {
    long bits = Double.doubleToRawLongBits(x);
    long fraction = bits & (1L << 52) - 1;
    boolean normal = Math.abs(x) >= Double.MIN_NORMAL;
    return BigInteger.valueOf((normal ? fraction | 1L << 52 : fraction) * (bits < 0 ? -1 : 1));
  }

  private static int exponent(double x) {
    return Math.max(Math.getExponent(x), Double.MIN_EXPONENT) - 52;
  }

  private static BigInteger multiply(BigInteger a, BigInteger b) {
    return a.multiply(b).shiftRight(FRACTION);
  }

  private static BigInteger shift(BigInteger a, int left) {
    return left >= 0 ? a.shiftLeft(left) : a.shiftRight(-left);
  }

  private static BigInteger roundedQuotient(BigInteger a, BigInteger b) {
    BigInteger[] parts = a.shiftLeft(1).add(b).divideAndRemainder(b.shiftLeft(1));
    return parts[1].signum() < 0 ? parts[0].subtract(BigInteger.ONE) : parts[0];
  }
}
