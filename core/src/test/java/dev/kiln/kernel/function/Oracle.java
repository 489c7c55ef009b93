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
    BigInteger fixed = fixed(x);
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
