package dev.kiln.oracle;

import java.math.BigInteger;

/**
 * Sine, cosine and tangent from tables and short series, after a reduction that is right for all
 * doubles; and their inverses, by one of Newton's steps from {@link Math#atan}.
 */
final class Circular {
  private static final int PARTS = 128;
  private static final DoubleDouble[] SIN = new DoubleDouble[PARTS];
  private static final DoubleDouble[] COS = new DoubleDouble[PARTS];

  static {
    for (int j = 0; j < PARTS; j++) {
      SIN[j] = BigOracle.sin((double) j / PARTS).rounded();
      COS[j] = BigOracle.cos((double) j / PARTS).rounded();
    }
  }

  private static final DoubleDouble HALF_PI = BigOracle.rounded(BigOracle.pi(256)).scaled(0.5);
  private static final DoubleDouble PI = HALF_PI.scaled(2);
  private static final DoubleDouble SIXTH = DoubleDouble.of(-1).over(DoubleDouble.of(6));

  private Circular() {}

  /** The sine and cosine of an angle. */
  private record Point(DoubleDouble sin, DoubleDouble cos) {
    /** Of an angle up to π/4 or a little more. */
    static Point of(DoubleDouble r) {
      if (r.high() < 0) {
        Point opposite = of(r.negated());
        return new Point(opposite.sin.negated(), opposite.cos);
      }
      int j = (int) Math.rint(r.high() * PARTS);
      DoubleDouble d = r.plus(-(double) j / PARTS);
      DoubleDouble d2 = d.times(d);
      double z = d2.high();
      double sine = 1.0 / 120 + z * (-1.0 / 5040 + z * (1.0 / 362880));
      DoubleDouble sin = d.plus(d.times(d2).times(SIXTH.plus(z * sine)));
      double cosine = 1.0 / 24 + z * (-1.0 / 720 + z * (1.0 / 40320 + z * (-1.0 / 3628800)));
      DoubleDouble cosMinusOne = d2.times(DoubleDouble.sum(-0.5, z * cosine));
      return new Point(
          SIN[j].plus(SIN[j].times(cosMinusOne).plus(COS[j].times(sin))),
          COS[j].plus(COS[j].times(cosMinusOne).minus(SIN[j].times(sin))));
    }
  }

  /** A non-negative angle as a multiple of π/2, of which the last two bits count, and a rest. */
  private record Reduced(int quadrant, DoubleDouble rest) {
    // 64 zeros, then the bits of 2/pi after the point
    private static final long[] TWO_OVER_PI = bits(1280);

    private static long[] bits(int count) {
      BigInteger value = BigInteger.ONE.shiftLeft(2 * count + 1).divide(BigOracle.pi(count));
      long[] words = new long[2 + count / 64];
      for (int i = 1; i < words.length; i++) {
        words[i] = value.shiftRight(count - 64 * i).longValue();
      }
      return words;
    }

    /** 64 bits from one on. */
    private static long word(int bit) {
      int at = bit >> 6;
      int shift = bit & 63;
      return shift == 0
          ? TWO_OVER_PI[at]
          : TWO_OVER_PI[at] << shift | TWO_OVER_PI[at + 1] >>> (64 - shift);
    }

    static Reduced of(double x) {
      if (x < 0.78) {
        return new Reduced(0, DoubleDouble.of(x));
      }
      // Payne and Hanek: x = m 2^e; of 2/pi only the bits matter whose products with x lie
      // below 4, and of those 256
      long bits = Double.doubleToRawLongBits(x);
      int e = (int) (bits >>> 52) - 1075;
      long m = bits & (1L << 52) - 1 | 1L << 52;
      int first = e + 62;
      long w0 = word(first);
      long w1 = word(first + 64);
      long w2 = word(first + 128);
      long w3 = word(first + 192);
      // m times these, modulo 2^256
      long carried = Math.unsignedMultiplyHigh(m, w3);
      long p2 = m * w2 + carried;
      carried = Math.unsignedMultiplyHigh(m, w2) + (Long.compareUnsigned(p2, carried) < 0 ? 1 : 0);
      long p1 = m * w1 + carried;
      carried = Math.unsignedMultiplyHigh(m, w1) + (Long.compareUnsigned(p1, carried) < 0 ? 1 : 0);
      long p0 = m * w0 + carried;
      // two bits before the point
      int quadrant = (int) (p0 >>> 62);
      long f0 = p0 << 2 | p1 >>> 62;
      long f1 = p1 << 2 | p2 >>> 62;
      long f2 = p2 << 2;
      boolean over = f0 < 0; // above a half: round up
      if (over) {
        f2 = -f2;
        f1 = ~f1 + (f2 == 0 ? 1 : 0);
        f0 = ~f0 + (f1 == 0 && f2 == 0 ? 1 : 0);
      }
      int zeros = Long.numberOfLeadingZeros(f0); // not 0, and not 64 for any double
      long high = f0 << zeros | f1 >>> (64 - zeros);
      long low = f1 << zeros | f2 >>> (64 - zeros);
      DoubleDouble fraction =
          DoubleDouble.fastSum(
                  (high >>> 11) * 0x1p-53, ((high & 0x7ff) << 42 | low >>> 22) * 0x1p-106)
              .scaled(Math.scalb(over ? -1.0 : 1.0, -zeros));
      return new Reduced(quadrant + (over ? 1 : 0), fraction.times(HALF_PI));
    }
  }

  /** sin(x + quarters π/2) for x ≥ 0. */
  private static DoubleDouble sine(double x, int quarters) {
    Reduced reduced = Reduced.of(x);
    Point point = Point.of(reduced.rest);
    int quadrant = reduced.quadrant + quarters;
    DoubleDouble y = (quadrant & 1) == 0 ? point.sin : point.cos;
    return (quadrant & 2) == 0 ? y : y.negated();
  }

  private static boolean isFinite(double x) {
    return Math.abs(x) <= Double.MAX_VALUE;
  }

  static Exact sin(double x) {
    if (!isFinite(x) || x == 0) {
      return Exact.of(x == 0 ? x : Double.NaN);
    }
    DoubleDouble y = sine(Math.abs(x), 0);
    return Exact.of(x < 0 ? y.negated() : y);
  }

  static Exact cos(double x) {
    return isFinite(x) ? Exact.of(sine(Math.abs(x), 1)) : Exact.of(Double.NaN);
  }

  static Exact tan(double x) {
    if (!isFinite(x) || x == 0) {
      return Exact.of(x == 0 ? x : Double.NaN);
    }
    Reduced reduced = Reduced.of(Math.abs(x));
    Point point = Point.of(reduced.rest);
    DoubleDouble y =
        (reduced.quadrant & 1) == 0
            ? ratio(point.sin, point.cos)
            : point.cos.negated().over(point.sin);
    return Exact.of(x < 0 ? y.negated() : y);
  }

  /** sin over cos, whose remainders may underflow. */
  private static DoubleDouble ratio(DoubleDouble sin, DoubleDouble cos) {
    return Math.abs(sin.high()) < 0x1p-60 ? sin : sin.over(cos);
  }

  static Exact atan(double x) {
    if (!isFinite(x) || x == 0) {
      return x == 0 || Double.isNaN(x) ? Exact.of(x) : Exact.of(HALF_PI).withSignOf(x);
    }
    return angle(Math.abs(x), 1, false).withSignOf(x);
  }

  static Exact atan2(double y, double x) {
    boolean left = Double.doubleToRawLongBits(x) < 0;
    double a = Math.abs(y);
    double b = Math.abs(x);
    if (Double.isNaN(x) || Double.isNaN(y)) {
      return Exact.of(Double.NaN);
    }
    if (a == b && (a == 0 || Double.isInfinite(a))) {
      a = a == 0 ? 0 : 1;
      b = 1;
    }
    if (a == 0 || b == Double.POSITIVE_INFINITY) {
      return (left ? Exact.of(PI) : Exact.of(0)).withSignOf(y);
    }
    return (a == Double.POSITIVE_INFINITY || b == 0 ? Exact.of(HALF_PI) : angle(a, b, left))
        .withSignOf(y);
  }

  /** The angle of the point (±b, a), both positive. */
  private static Exact angle(double a, double b, boolean left) {
    int exponentA = exponent(a);
    int exponentB = exponent(b);
    int scale = exponentA - exponentB;
    DoubleDouble y = DoubleDouble.of(Math.scalb(a, -exponentA));
    DoubleDouble x = DoubleDouble.of(Math.scalb(b, -exponentB));
    if (scale < -60) {
      return left
          ? Exact.of(PI.minus(y.over(x).scaled(Math.scalb(1.0, scale))))
          : Exact.of(small(y.over(x), scale), scale);
    }
    if (scale > 60) {
      DoubleDouble t = x.over(y).scaled(Math.scalb(left ? 1.0 : -1.0, -scale));
      return Exact.of(HALF_PI.plus(t));
    }
    return Exact.of(angle(y.scaled(Math.scalb(1.0, scale)), x, left));
  }

  /** atan(t 2^scale) / 2^scale for what is small. */
  private static DoubleDouble small(DoubleDouble t, int scale) {
    double square = Math.scalb(t.high() * t.high(), 2 * scale);
    return t.plus(t.high() * square / -3);
  }

  private static int exponent(double a) {
    return a < Double.MIN_NORMAL ? Math.getExponent(a * 0x1p100) - 100 : Math.getExponent(a);
  }

  /** The angle of a point in the upper half, x counting as negative where left is true. */
  private static DoubleDouble angle(DoubleDouble y, DoubleDouble x, boolean left) {
    boolean swapped = y.high() > x.high();
    DoubleDouble n = swapped ? x : y;
    DoubleDouble d = swapped ? y : x;
    double rough = Math.atan(n.high() / d.high());
    Point point = Point.of(DoubleDouble.of(rough));
    DoubleDouble sin = n.times(point.cos).minus(d.times(point.sin));
    DoubleDouble octant =
        DoubleDouble.fastSum(
            rough, sin.high() / d.times(point.cos).plus(n.times(point.sin)).high());
    DoubleDouble quadrant = swapped ? HALF_PI.minus(octant) : octant;
    return left ? PI.minus(quadrant) : quadrant;
  }

  static Exact asin(double x) {
    double a = Math.abs(x);
    if (!(a <= 1) || x == 0) {
      return Exact.of(x == 0 ? x : Double.NaN);
    }
    return (a < 0x1p-60 ? Exact.of(x) : Exact.of(angle(DoubleDouble.of(a), otherSide(a), false)))
        .withSignOf(x);
  }

  static Exact acos(double x) {
    double a = Math.abs(x);
    if (!(a <= 1) || x == 1) {
      return Exact.of(x == 1 ? 0 : Double.NaN);
    }
    return Exact.of(angle(otherSide(a), DoubleDouble.of(a), x < 0));
  }

  private static DoubleDouble otherSide(double a) {
    return DoubleDouble.sum(1, -a).times(DoubleDouble.sum(1, a)).sqrt();
  }
}
