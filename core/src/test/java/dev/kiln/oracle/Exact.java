package dev.kiln.oracle;

import dev.kiln.DType;

/**
 * What a function should give: (high + low) 2<sup>scale</sup>, so that it may lie beyond the range
 * of doubles; or NaN, an infinity or a zero, with its sign, where just that is right.
 */
public record Exact(double high, double low, int scale) {
  /** NaN, an infinity or a signed zero; or a number that is a double. */
  static Exact of(double value) {
    return new Exact(value, 0, 0);
  }

  /** A value known to be a double. */
  public static Exact number(double value) {
    return new Exact(value, 0, 0);
  }

  static Exact of(DoubleDouble value) {
    return new Exact(value.high(), value.low(), 0);
  }

  static Exact of(DoubleDouble value, int scale) {
    return new Exact(value.high(), value.low(), scale);
  }

  /** The same with the sign of a number. */
  Exact withSignOf(double sign) {
    return (Double.doubleToRawLongBits(sign) ^ Double.doubleToRawLongBits(high)) < 0
        ? new Exact(-high, -low, scale)
        : this;
  }

  /**
   * How far a value of float32 or float64 is from this, in units of the last place of values of
   * this size. Infinite for a NaN, an infinity, a zero or a sign that should not be, or is not;
   * where this is in range, infinity stands for the power of two after the largest value.
   */
  public double ulps(double y, DType dtype) {
    if (high == 0 || !(Math.abs(high) <= Double.MAX_VALUE)) {
      return Double.compare(y, high) == 0 ? 0 : Double.POSITIVE_INFINITY;
    }
    if (Double.isNaN(y) || (Double.doubleToRawLongBits(y) ^ Double.doubleToRawLongBits(high)) < 0) {
      return Double.POSITIVE_INFINITY;
    }
    boolean single = dtype == DType.FLOAT32;
    int most = single ? Float.MAX_EXPONENT : Double.MAX_EXPONENT;
    int exponent = exponent() + scale;
    if (exponent > most) {
      return Double.isInfinite(y) ? 0 : Double.POSITIVE_INFINITY;
    }
    int least = single ? Float.MIN_EXPONENT : Double.MIN_EXPONENT;
    int ulp = Math.max(exponent, least) - (single ? 23 : 52);
    double given =
        Double.isInfinite(y)
            ? scaled(Math.signum(y), most + 1 - scale)
            : scale == 0 ? y : scaled(y, -scale);
    return scaled(Math.abs((given - high) - low), scale - ulp);
  }

  /** How far a finite number is from this, which is not far beyond the range of doubles. */
  double distance(double y) {
    return scaled(Math.abs((scaled(y, -scale) - high) - low), scale);
  }

  /** The exponent of high + low. */
  private int exponent() {
    long bits = Double.doubleToRawLongBits(high);
    boolean belowPower = (bits & (1L << 52) - 1) == 0 && high * low < 0;
    return Math.getExponent(high) - (belowPower ? 1 : 0);
  }

  private static double scaled(double a, int exponent) {
    return Math.abs(exponent) < Double.MAX_EXPONENT
        ? a * Double.longBitsToDouble((long) (exponent + Double.MAX_EXPONENT) << 52)
        : Math.scalb(a, exponent);
  }
}
