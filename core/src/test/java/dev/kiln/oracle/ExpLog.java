package dev.kiln.oracle;

/**
 * Exponentials from a table of 2<sup>j/256</sup> and a short series; logarithms by one of Newton's
 * steps from {@link Math#log}.
 */
final class ExpLog {
  private static final int PARTS = 256;
  private static final DoubleDouble[] POWERS = new DoubleDouble[PARTS];

  static {
    for (int j = 0; j < PARTS; j++) {
      POWERS[j] = BigOracle.exp2((double) j / PARTS).rounded();
    }
  }

  static final DoubleDouble LN2 = BigOracle.log(2).rounded();
  // ln(2) / 256 in pieces; products of the first two with 19-bit numbers are exact
  private static final double STEP_0 = 0x1.62e42fefp-9;
  private static final double STEP_1 = 0x1.473de6afp-42;
  private static final double STEP_2 = 0x1.3c7673007e5edp-77;
  private static final DoubleDouble LOG2_E = DoubleDouble.of(1).over(LN2);
  private static final DoubleDouble LOG10_E = DoubleDouble.of(1).over(BigOracle.log(10).rounded());
  private static final DoubleDouble LOG10_2 = LN2.times(LOG10_E);
  private static final DoubleDouble SIXTH = DoubleDouble.of(1).over(DoubleDouble.of(6));

  private ExpLog() {}

  /** An exponential taken apart: 2<sup>scale</sup> power (1 + q). */
  private record Parts(int scale, DoubleDouble power, DoubleDouble q) {
    DoubleDouble value() {
      return power.plus(power.times(q));
    }
  }

  private static Parts parts(DoubleDouble x) {
    double n = Math.rint(x.high() * (PARTS * 1.4426950408889634));
    DoubleDouble r =
        DoubleDouble.sum(Math.fma(n, -STEP_0, x.high()), -n * STEP_1)
            .plus(DoubleDouble.sum(x.low(), -n * STEP_2));
    return parts((int) n, r);
  }

  private static Parts parts(int n, DoubleDouble r) {
    return new Parts(n >> 8, POWERS[n & (PARTS - 1)], small(r));
  }

  /** expm1(r) for |r| up to ln(2) / 512. */
  private static DoubleDouble small(DoubleDouble r) {
    double h = r.high();
    double tail = 1.0 / 5040 + h * (1.0 / 40320 + h * (1.0 / 362880));
    tail = 1.0 / 24 + h * (1.0 / 120 + h * (1.0 / 720 + h * tail));
    DoubleDouble inner = r.times(SIXTH.plus(h * tail)).plus(0.5);
    return r.plus(r.times(r).times(inner));
  }

  /** For |x| up to a thousand. */
  static Exact exp(DoubleDouble x) {
    Parts parts = parts(x);
    return Exact.of(parts.value(), parts.scale);
  }

  static Exact exp(double x) {
    return Math.abs(x) > 1000 ? beyond(x) : Double.isNaN(x) ? Exact.of(x) : exp(DoubleDouble.of(x));
  }

  /** Something far outside the range of doubles, or what it is at infinity. */
  private static Exact beyond(double x) {
    return Double.isInfinite(x)
        ? Exact.of(x > 0 ? x : 0)
        : new Exact(1, 0, x > 0 ? 10_000 : -10_000);
  }

  static Exact exp2(double x) {
    if (!(Math.abs(x) < 2000)) {
      return Double.isNaN(x) ? Exact.of(x) : beyond(x);
    }
    double n = Math.rint(x * PARTS);
    Parts parts = parts((int) n, LN2.times(x - n / PARTS));
    return Exact.of(parts.value(), parts.scale);
  }

  /** For |x| up to 700. */
  static DoubleDouble expm1(DoubleDouble x) {
    Parts parts = parts(x);
    double scale = Math.scalb(1.0, parts.scale);
    DoubleDouble power = parts.power.scaled(scale);
    return power.plus(-1).plus(power.times(parts.q));
  }

  static Exact expm1(double x) {
    if (!(Math.abs(x) < 700)) {
      return Double.isNaN(x) ? Exact.of(x) : x > 0 ? exp(x) : minusOne(x);
    }
    return x == 0 ? Exact.of(x) : Exact.of(expm1(DoubleDouble.of(x)));
  }

  private static Exact minusOne(double x) {
    return Double.isInfinite(x) ? Exact.of(-1) : new Exact(-1, Double.MIN_NORMAL, 0);
  }

  /** log(1 + f), for f above −1. */
  static DoubleDouble log1p(DoubleDouble f) {
    return f.high() > 0.4 || f.high() < -0.3
        ? log(DoubleDouble.sum(1, f.high()).plus(f.low()))
        : log1pSmall(f);
  }

  private static DoubleDouble log1pSmall(DoubleDouble f) {
    double rough = Math.log(1 + f.high());
    DoubleDouble q = small(-rough);
    DoubleDouble t = f.plus(q).plus(f.times(q)); // (1 + f) exp(-rough) - 1
    double t2 = t.high() * t.high();
    return DoubleDouble.of(rough).plus(t).plus(t2 * (t.high() * (1.0 / 3) - 0.5));
  }

  private static DoubleDouble small(double x) {
    Parts parts = parts(DoubleDouble.of(x));
    DoubleDouble power = parts.power.scaled(parts.scale == 0 ? 1 : 0.5);
    return power.plus(-1).plus(power.times(parts.q));
  }

  /** x / 2<sup>exponent</sup>, between ¾ and 3/2. */
  private record Fraction(int exponent, DoubleDouble minusOne) {
    static Fraction of(DoubleDouble x) {
      int exponent = Math.getExponent(x.high() * (4.0 / 3));
      double scale = Double.longBitsToDouble((long) (1023 - exponent) << 52);
      DoubleDouble m = x.scaled(scale);
      return new Fraction(exponent, DoubleDouble.fastSum(m.high() - 1, m.low()));
    }
  }

  /** For normal positive x not above half of the largest. */
  static DoubleDouble log(DoubleDouble x) {
    Fraction fraction = Fraction.of(x);
    return LN2.times(fraction.exponent).plus(log1pSmall(fraction.minusOne));
  }

  static Exact log(double x) {
    return logarithm(x, LN2, DoubleDouble.of(1));
  }

  static Exact log2(double x) {
    return logarithm(x, DoubleDouble.of(1), LOG2_E);
  }

  static Exact log10(double x) {
    return logarithm(x, LOG10_2, LOG10_E);
  }

  private static Exact logarithm(double x, DoubleDouble ofTwo, DoubleDouble ofE) {
    if (!(x > 0 && x <= Double.MAX_VALUE)) {
      return Exact.of(Math.log(x));
    }
    return Exact.of(logarithmOfFinite(x, ofTwo, ofE));
  }

  private static DoubleDouble logarithmOfFinite(double x, DoubleDouble ofTwo, DoubleDouble ofE) {
    int scaled = x < 0x1p-1000 ? 100 : x > 0x1p1000 ? -100 : 0;
    Fraction fraction = Fraction.of(DoubleDouble.of(x * Math.scalb(1.0, scaled)));
    return ofTwo.times(fraction.exponent - scaled).plus(log1pSmall(fraction.minusOne).times(ofE));
  }

  static Exact log1p(double x) {
    if (!(x > -1 && x < 0x1p100) || x == 0) {
      return x < 0x1p100 || Double.isNaN(x) ? Exact.of(Math.log1p(x)) : log(x);
    }
    return Exact.of(log1p(DoubleDouble.of(x)));
  }

  static Exact pow(double x, double y) {
    double a = Math.abs(x);
    boolean whole = Math.rint(y) == y;
    if (x == 1 || (x == -1 && Double.isInfinite(y))) {
      return Exact.of(1); // where Java has NaN
    }
    if (!(a > 0 && a <= Double.MAX_VALUE && Math.abs(y) <= Double.MAX_VALUE)
        || y == 0
        || (x < 0 && !whole)) {
      return Exact.of(StrictMath.pow(x, y));
    }
    double sign = x < 0 && Math.abs(y) < 0x1p53 && ((long) y & 1) != 0 ? -1 : 1;
    DoubleDouble log = logarithmOfFinite(a, LN2, DoubleDouble.of(1));
    double rough = log.high() * y;
    Exact power = Math.abs(rough) > 1000 ? beyondFinite(rough) : exp(log.times(y));
    return power.withSignOf(sign);
  }

  private static Exact beyondFinite(double x) {
    return new Exact(1, 0, x > 0 ? 10_000 : -10_000);
  }

  static Exact sigmoid(double x) {
    if (!(Math.abs(x) < 900)) {
      return Double.isNaN(x) || x == Double.NEGATIVE_INFINITY
          ? Exact.of(x < 0 ? 0 : x)
          : x > 0 ? Exact.of(1) : beyond(x);
    }
    Parts parts = parts(DoubleDouble.of(-Math.abs(x)));
    DoubleDouble t = parts.value();
    DoubleDouble divisor = t.scaled(Math.scalb(1.0, parts.scale)).plus(1);
    return x < 0
        ? Exact.of(t.over(divisor), parts.scale)
        : Exact.of(DoubleDouble.of(1).over(divisor));
  }

  static Exact softplus(double x) {
    if (!(Math.abs(x) < 700)) {
      return x > 0 || Double.isNaN(x) ? Exact.of(x) : exp(x);
    }
    return x < -80
        ? exp(x) // log(1 + t) = t (1 - t / 2 + ...)
        : Exact.of(log1p(expOf(-Math.abs(x))).plus(Math.max(x, 0)));
  }

  private static DoubleDouble expOf(double x) {
    Parts parts = parts(DoubleDouble.of(x));
    return parts.value().scaled(Math.scalb(1.0, parts.scale));
  }

  static Exact logaddexp(double x, double y) {
    double larger = Math.max(x, y);
    DoubleDouble difference = DoubleDouble.sum(Math.min(x, y), -larger);
    if (!(Math.abs(larger) <= Double.MAX_VALUE)) {
      return Exact.of(larger);
    }
    if (!(difference.high() > -900)) { // next to nothing is missing
      return larger == 0 ? beyondFinite(-1) : Exact.of(larger);
    }
    Parts parts = parts(difference);
    if (difference.high() < -80) { // log(1 + t) = t (1 - t / 2 + ...)
      return Math.abs(larger) < 0x1p-500
          ? Exact.of(parts.value().plus(Math.scalb(larger, -parts.scale)), parts.scale)
          : Exact.of(parts.value().scaled(Math.scalb(1.0, parts.scale)).plus(larger));
    }
    DoubleDouble t = parts.value().scaled(Math.scalb(1.0, parts.scale));
    DoubleDouble sum = log1p(t).plus(larger);
    boolean cancelled = Math.abs(sum.high()) < 0x1p-16 * Math.abs(larger);
    return cancelled ? BigOracle.logaddexp(x, y).exact() : Exact.of(sum);
  }
}
