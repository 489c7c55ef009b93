package dev.kiln.oracle;

import java.math.BigInteger;

/**
 * The error function by Taylor series about the multiples of 1/32: of erf up to 1, and of exp(x²)
 * erfc(x) up to 28. The values there are the big oracle's, and the coefficients follow from the
 * differential equations.
 */
final class Erf {
  private static final int PARTS = 32;
  private static final int TERMS = 15;
  private static final int PRECISE = 8;
  private static final int LARGEST = 28;

  // TERMS coefficients for each centre; the first PRECISE of each with low parts
  private static final double[][] ERF = new double[PARTS + 1][];
  private static final double[][] SCALED_ERFC = new double[LARGEST * PARTS + 1][];

  private static final DoubleDouble ROOT_HALF = DoubleDouble.of(0.5).sqrt();

  static {
    for (int j = 0; j <= PARTS; j++) {
      ERF[j] = ofErf((double) j / PARTS);
    }
    for (int j = 0; j <= LARGEST * PARTS; j++) {
      SCALED_ERFC[j] = ofScaledErfc((double) j / PARTS);
    }
  }

  private Erf() {}

  /**
   * With a[k] for derivative k over k!: (k + 1)(k + 2) a[k + 2] = −2 (c (k + 1) a[k + 1] + k a[k]).
   */
  private static double[] ofErf(double c) {
    BigInteger[] a = new BigInteger[TERMS];
    a[0] = BigOracle.erf(c).fixed();
    a[1] = BigOracle.erfSlope(c);
    for (int k = 0; k + 2 < TERMS; k++) {
      BigInteger next =
          BigOracle.times(a[k + 1].multiply(big(k + 1)), c).add(a[k].multiply(big(k)));
      a[k + 2] = next.multiply(big(-2)).divide(big((k + 1) * (k + 2)));
    }
    return table(a);
  }

  /** y' = 2 x y − 2 / √π: (k + 1) a[k + 1] = 2 (c a[k] + a[k − 1]), but for k = 0. */
  private static double[] ofScaledErfc(double c) {
    BigInteger[] a = new BigInteger[TERMS];
    a[0] = BigOracle.scaledErfc(c);
    a[1] = BigOracle.times(a[0], 2 * c).subtract(BigOracle.erfSlope(0));
    for (int k = 1; k + 1 < TERMS; k++) {
      a[k + 1] = BigOracle.times(a[k], c).add(a[k - 1]).shiftLeft(1).divide(big(k + 1));
    }
    return table(a);
  }

  private static BigInteger big(long value) {
    return BigInteger.valueOf(value);
  }

  private static double[] table(BigInteger[] a) {
    double[] table = new double[TERMS + PRECISE];
    for (int k = 0; k < TERMS; k++) {
      DoubleDouble value = BigOracle.rounded(a[k]);
      table[k] = value.high();
      if (k < PRECISE) {
        table[TERMS + k] = value.low();
      }
    }
    return table;
  }

  private static DoubleDouble taylor(double[][] tables, DoubleDouble x) {
    int j = (int) Math.rint(x.high() * PARTS);
    double[] table = tables[j];
    DoubleDouble d = x.plus(-(double) j / PARTS);
    double tail = 0;
    for (int k = TERMS - 1; k >= PRECISE; k--) {
      tail = Math.fma(tail, d.high(), table[k]);
    }
    double high = tail;
    double low = 0;
    for (int k = PRECISE - 1; k >= 0; k--) { // sum = sum d + table[k]
      double p = high * d.high();
      double q = Math.fma(high, d.low(), Math.fma(low, d.high(), Math.fma(high, d.high(), -p)));
      double s = p + table[k];
      double ofC = s - p;
      double error = (p - (s - ofC)) + (table[k] - ofC) + (q + table[TERMS + k]);
      high = s + error;
      low = error - (high - s);
    }
    return new DoubleDouble(high, low);
  }

  /** erfc(a), given a² too, for a up to 28. */
  private static Exact complement(DoubleDouble a, DoubleDouble square) {
    DoubleDouble y = taylor(SCALED_ERFC, a);
    Exact power = ExpLog.exp(square.negated());
    return Exact.of(y.times(new DoubleDouble(power.high(), power.low())), power.scale());
  }

  private static DoubleDouble plain(Exact exact) {
    return new DoubleDouble(exact.high(), exact.low()).scaled(Math.scalb(1.0, exact.scale()));
  }

  static Exact erf(double x) {
    double a = Math.abs(x);
    if (x == 0 || !(a < LARGEST)) {
      return a >= LARGEST ? Exact.of(Math.signum(x)) : Exact.of(x);
    }
    if (a < 0x1p-60) { // scaled, as it may be subnormal
      DoubleDouble slope = new DoubleDouble(ERF[0][1], ERF[0][TERMS + 1]);
      return Exact.of(slope.times(Math.scalb(x, 1000)), -1000);
    }
    DoubleDouble y =
        a < 1
            ? taylor(ERF, DoubleDouble.of(a))
            : plain(complement(DoubleDouble.of(a), DoubleDouble.product(a, a))).negated().plus(1);
    return Exact.of(y).withSignOf(x);
  }

  static Exact erfc(double x) {
    double a = Math.abs(x);
    if (Double.isNaN(x)) {
      return Exact.of(x);
    }
    if (a >= LARGEST) {
      return x > 0 ? tiny(x) : Exact.of(2);
    }
    if (a < 0.5) {
      DoubleDouble y = taylor(ERF, DoubleDouble.of(a));
      return Exact.of(DoubleDouble.of(1).plus(x < 0 ? y : y.negated()));
    }
    Exact y = complement(DoubleDouble.of(a), DoubleDouble.product(a, a));
    return x < 0 ? Exact.of(DoubleDouble.of(2).minus(plain(y))) : y;
  }

  private static Exact tiny(double x) {
    return Double.isInfinite(x) ? Exact.of(0) : new Exact(1, 0, -10_000);
  }

  static Exact normalCdf(double x) {
    double h = Math.abs(x);
    if (Double.isNaN(x)) {
      return Exact.of(x);
    }
    if (h >= 39) {
      return x < 0 ? tiny(h) : Exact.of(1);
    }
    DoubleDouble a = ROOT_HALF.times(h);
    if (h < 0.5) {
      DoubleDouble y = h < 0x1p-120 ? DoubleDouble.of(0) : taylor(ERF, a).scaled(0.5);
      return Exact.of(DoubleDouble.of(0.5).plus(x > 0 ? y : y.negated()));
    }
    Exact y = complement(a, DoubleDouble.product(h / 2, h));
    return x > 0
        ? Exact.of(DoubleDouble.of(1).minus(plain(y).scaled(0.5)))
        : new Exact(y.high(), y.low(), y.scale() - 1);
  }
}
