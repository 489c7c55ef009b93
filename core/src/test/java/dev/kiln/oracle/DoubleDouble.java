package dev.kiln.oracle;

/**
 * A number of some 106 bits: the unevaluated sum of a double and of another that is at most half a
 * unit in the last place of the first. Products and quotients are right to a few 2<sup>−104</sup>,
 * as long as nothing underflows; so are sums.
 */
record DoubleDouble(double high, double low) {
  /** a + b without error. */
  static DoubleDouble sum(double a, double b) {
    double high = a + b;
    double ofB = high - a;
    return new DoubleDouble(high, (a - (high - ofB)) + (b - ofB));
  }

  /** a + b without error, where a is zero or |a| ≥ |b|. */
  static DoubleDouble fastSum(double a, double b) {
    double high = a + b;
    return new DoubleDouble(high, b - (high - a));
  }

  /** a b without error. */
  static DoubleDouble product(double a, double b) {
    double high = a * b;
    return new DoubleDouble(high, Math.fma(a, b, -high));
  }

  static DoubleDouble of(double a) {
    return new DoubleDouble(a, 0);
  }

  DoubleDouble plus(DoubleDouble b) {
    DoubleDouble s = sum(high, b.high);
    DoubleDouble t = sum(low, b.low);
    DoubleDouble u = fastSum(s.high, s.low + t.high);
    return fastSum(u.high, u.low + t.low);
  }

  DoubleDouble plus(double b) {
    DoubleDouble s = sum(high, b);
    return fastSum(s.high, s.low + low);
  }

  DoubleDouble minus(DoubleDouble b) {
    return plus(b.negated());
  }

  DoubleDouble negated() {
    return new DoubleDouble(-high, -low);
  }

  DoubleDouble magnitude() {
    return high < 0 ? negated() : this;
  }

  DoubleDouble times(DoubleDouble b) {
    double p = high * b.high;
    return fastSum(p, Math.fma(high, b.low, Math.fma(low, b.high, Math.fma(high, b.high, -p))));
  }

  DoubleDouble times(double b) {
    double p = high * b;
    return fastSum(p, Math.fma(low, b, Math.fma(high, b, -p)));
  }

  /** This times a power of two. */
  DoubleDouble scaled(double power) {
    return new DoubleDouble(high * power, low * power);
  }

  DoubleDouble over(DoubleDouble b) {
    double first = high / b.high;
    DoubleDouble rest = minus(b.times(first));
    double second = rest.high / b.high;
    double third = rest.minus(b.times(second)).high / b.high;
    return fastSum(first, second).plus(third);
  }

  DoubleDouble sqrt() {
    if (high == 0) {
      return this;
    }
    double root = Math.sqrt(high);
    return fastSum(root, minus(product(root, root)).high / (2 * root));
  }
}
