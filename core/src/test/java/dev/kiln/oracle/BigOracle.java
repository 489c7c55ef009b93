package dev.kiln.oracle;

import java.math.BigInteger;

/**
 * Some functions to 200 bits, in fixed point: a number is an integer over 2<sup>256</sup>. Plain
 * series; the fast oracle has its tables from here.
 */
public final class BigOracle {
  private static final int FRACTION = 256;
  private static final BigInteger ONE = BigInteger.ONE.shiftLeft(FRACTION);
  // ln 2 = 2 atanh(1/3)
  private static final BigInteger LN2 = inverseTangent(3, false, FRACTION).shiftLeft(1);
  private static final BigInteger ROOT_PI = pi(2 * FRACTION).sqrt();
  // from here on erfc is computed by its continued fraction
  private static final BigInteger BORDER = ONE.multiply(BigInteger.valueOf(6));

  private BigOracle() {}

  /** A number m / 2<sup>256</sup> · 2<sup>e</sup>. */
  record Big(BigInteger m, int e) {
    /** In fixed point, which may lose bits. */
    BigInteger fixed() {
      return shift(m, e);
    }

    DoubleDouble rounded() {
      return BigOracle.rounded(m).scaled(Math.scalb(1.0, e));
    }

    Exact exact() {
      int excess = Math.max(0, m.bitLength()) - FRACTION;
      return Exact.of(BigOracle.rounded(shift(m, -excess)), e + excess);
    }
  }

  /** A number in fixed point to 106 bits. */
  static DoubleDouble rounded(BigInteger m) {
    double high = m.doubleValue();
    double low = high == 0 ? 0 : m.subtract(shift(mantissa(high), exponent(high))).doubleValue();
    return new DoubleDouble(Math.scalb(high, -FRACTION), Math.scalb(low, -FRACTION));
  }

  /** π by Machin's formula, 16 atan(1/5) − 4 atan(1/239), over 2<sup>bits</sup>. */
  public static BigInteger pi(int bits) {
    return inverseTangent(5, true, bits + 32)
        .shiftLeft(4)
        .subtract(inverseTangent(239, true, bits + 32).shiftLeft(2))
        .shiftRight(32);
  }

  static Big exp(double x) {
    return exp(fixed(x));
  }

  private static Big exp(BigInteger x) {
    BigInteger n = roundedQuotient(x, LN2);
    return new Big(series(x.subtract(n.multiply(LN2)), 0, 1), n.intValueExact());
  }

  static Big exp2(double x) {
    double n = Math.rint(x);
    return new Big(series(times(LN2, x - n), 0, 1), (int) n);
  }

  static Big log(double x) {
    return new Big(log(fixed(x), Math.log(x)), 0);
  }

  /** Corrects an approximation y by log(x / exp(y)). */
  private static BigInteger log(BigInteger x, double y) {
    Big power = exp(y);
    BigInteger d = shift(x.shiftLeft(FRACTION).divide(power.m), -power.e).subtract(ONE);
    BigInteger d2 = multiply(d, d);
    BigInteger cubic = multiply(d2, d).divide(BigInteger.valueOf(3));
    return fixed(y).add(d).subtract(d2.shiftRight(1)).add(cubic);
  }

  static Big logaddexp(double x, double y) {
    BigInteger larger = fixed(Math.max(x, y));
    BigInteger t = exp(fixed(Math.min(x, y)).subtract(larger)).fixed();
    double approximation = Math.log1p(Math.scalb(t.doubleValue(), -FRACTION));
    return new Big(larger.add(log(ONE.add(t), approximation)), 0);
  }

  /** For |x| up to 1. */
  static Big sin(double x) {
    return new Big(series(fixed(x), 1, -1), 0);
  }

  /** For |x| up to 1. */
  static Big cos(double x) {
    return new Big(series(fixed(x), 0, -1), 0);
  }

  /** 2 exp(−x²) / √π, the derivative of erf, in fixed point. */
  static BigInteger erfSlope(double x) {
    BigInteger square = times(fixed(x), x);
    return exp(square.negate()).fixed().shiftLeft(FRACTION + 1).divide(ROOT_PI);
  }

  static Big erf(double x) {
    BigInteger a = fixed(Math.abs(x));
    BigInteger y = a.compareTo(BORDER) < 0 ? erfNearZero(a) : ONE.subtract(erfc(a).fixed());
    return new Big(x < 0 ? y.negate() : y, 0);
  }

  static Big erfc(double x) {
    Big tail = erfc(fixed(Math.abs(x)));
    return x >= 0 ? tail : new Big(ONE.shiftLeft(1).subtract(tail.fixed()), 0);
  }

  static Big normalCdf(double x) {
    Big tail = erfc(fixed(Math.abs(x)).shiftLeft(FRACTION).divide(rootOfTwo()));
    return x <= 0
        ? new Big(tail.m, tail.e - 1)
        : new Big(ONE.subtract(shift(tail.m, tail.e - 1)), 0);
  }

  private static BigInteger rootOfTwo() {
    return ONE.multiply(ONE).shiftLeft(1).sqrt();
  }

  /** exp(x²) erfc(x) for x not negative, in fixed point. */
  static BigInteger scaledErfc(double x) {
    BigInteger a = fixed(x);
    return a.compareTo(BORDER) < 0
        ? divide(erfc(a).m, exp(times(a, -x)))
        : divide(ONE, new Big(multiply(fraction(a), ROOT_PI), 0));
  }

  private static BigInteger divide(BigInteger a, Big b) {
    return shift(a.shiftLeft(FRACTION).divide(b.m), -b.e);
  }

  /** For x ≥ 0: by the series of erf, from 6 on by the continued fraction of exp(x²) erfc(x). */
  private static Big erfc(BigInteger x) {
    if (x.compareTo(BORDER) < 0) {
      return new Big(ONE.subtract(erfNearZero(x)), 0);
    }
    Big power = exp(multiply(x, x).negate());
    return new Big(power.m.shiftLeft(FRACTION).divide(multiply(fraction(x), ROOT_PI)), power.e);
  }

  private static BigInteger fraction(BigInteger x) {
    BigInteger fraction = x;
    for (int k = 150; k > 0; k--) {
      fraction =
          x.add(ONE.multiply(ONE).multiply(BigInteger.valueOf(k)).divide(fraction.shiftLeft(1)));
    }
    return fraction;
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
    return multiply(sum, exp(square.negate()).fixed()).shiftLeft(FRACTION + 1).divide(ROOT_PI);
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
  private static BigInteger inverseTangent(long k, boolean alternating, int bits) {
    BigInteger power = BigInteger.ONE.shiftLeft(bits).divide(BigInteger.valueOf(k));
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

  /** A number in fixed point times a double. */
  public static BigInteger times(BigInteger a, double x) {
    return shift(a.multiply(mantissa(x)), exponent(x));
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
