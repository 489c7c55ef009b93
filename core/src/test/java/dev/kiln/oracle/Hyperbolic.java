package dev.kiln.oracle;

/** The hyperbolic functions from expm1, their inverses from log1p. */
final class Hyperbolic {
  private static final double LARGE = 0x1p60;

  private Hyperbolic() {}

  static Exact sinh(double x) {
    double a = Math.abs(x);
    if (!(a < 60)) {
      return half(a).withSignOf(x);
    }
    if (x == 0) {
      return Exact.of(x);
    }
    DoubleDouble t = ExpLog.expm1(DoubleDouble.of(a));
    return Exact.of(t.plus(t.over(t.plus(1))).scaled(0.5)).withSignOf(x);
  }

  static Exact cosh(double x) {
    double a = Math.abs(x);
    if (!(a < 60)) {
      return half(a);
    }
    DoubleDouble power = ExpLog.expm1(DoubleDouble.of(a)).plus(1);
    return Exact.of(power.plus(DoubleDouble.of(1).over(power)).scaled(0.5));
  }

  /** exp(a) / 2. */
  private static Exact half(double a) {
    Exact power = ExpLog.exp(a);
    return new Exact(power.high(), power.low(), power.scale() - 1);
  }

  static Exact tanh(double x) {
    double a = Math.abs(x);
    if (x == 0 || Double.isNaN(x)) {
      return Exact.of(x);
    }
    if (a > 60) {
      return (a > 300 ? Exact.of(1) : new Exact(1, -0x1p-170, 0)).withSignOf(x);
    }
    DoubleDouble t = ExpLog.expm1(DoubleDouble.of(2 * a));
    return Exact.of(a < 0x1p-500 ? DoubleDouble.of(a) : t.over(t.plus(2))).withSignOf(x);
  }

  static Exact asinh(double x) {
    double a = Math.abs(x);
    if (a < 0x1p-60 || !(a < LARGE)) {
      return a < LARGE || Double.isNaN(x) ? Exact.of(x) : ofTwice(a).withSignOf(x);
    }
    DoubleDouble square = DoubleDouble.product(a, a);
    DoubleDouble f = square.over(square.plus(1).sqrt().plus(1)).plus(a);
    return Exact.of(ExpLog.log1p(f)).withSignOf(x);
  }

  static Exact acosh(double x) {
    if (!(x > 1 && x < LARGE)) {
      return x == 1 ? Exact.of(0) : x < 1 ? Exact.of(Double.NaN) : ofTwice(x);
    }
    DoubleDouble t = DoubleDouble.sum(x, -1);
    return Exact.of(ExpLog.log1p(t.times(t.plus(2)).sqrt().plus(t)));
  }

  /** log(2a); nothing that matters is missing. */
  private static Exact ofTwice(double a) {
    Exact log = ExpLog.log(a);
    return Double.isFinite(log.high())
        ? Exact.of(ExpLog.LN2.plus(new DoubleDouble(log.high(), log.low())))
        : log;
  }

  static Exact atanh(double x) {
    double a = Math.abs(x);
    if (a < 0x1p-60 || !(a < 1)) {
      return Exact.of(a < 1 ? x : a == 1 ? x / 0.0 : Double.NaN);
    }
    DoubleDouble f = DoubleDouble.of(2 * a).over(DoubleDouble.sum(1, -a));
    return Exact.of(ExpLog.log1p(f).scaled(0.5)).withSignOf(x);
  }
}
