package dev.kiln.kernel.function;

import dev.kiln.kernel.Body.Value;

/**
 * Rounding to whole numbers, from additions: 2<sup>23</sup> (float32) or 2<sup>52</sup> (float64)
 * added to a smaller magnitude leaves no bits for a fraction, so that the sum is rounded to a whole
 * number, half to even; subtracting it again is exact. Larger magnitudes are whole already and pass
 * through, as do infinities and NaN. The sign is kept: −0.3 rounds to −0.
 */
public final class Rounding {
  private Rounding() {}

  /** To the nearest whole number, half to even. */
  public static Value round(Value x) {
    Value magnitude = x.abs();
    return small(magnitude).select(FloatParts.withSignOf(bits(nearest(magnitude)), x), x);
  }

  /** Towards zero. */
  public static Value trunc(Value x) {
    Value magnitude = x.abs();
    Value nearest = nearest(magnitude);
    Value below = nearest.gt(magnitude).select(nearest.sub(1.0), nearest);
    return small(magnitude).select(FloatParts.withSignOf(bits(below), x), x);
  }

  /** Down. */
  public static Value floor(Value x) {
    Value nearest = round(x);
    return nearest.gt(x).select(nearest.sub(1.0), nearest);
  }

  /** Up. */
  public static Value ceil(Value x) {
    return floor(x.neg()).neg();
  }

  private static Value small(Value magnitude) {
    return magnitude.lt(FloatFormat.of(magnitude).whole());
  }

  private static Value nearest(Value magnitude) {
    double whole = FloatFormat.of(magnitude).whole();
    return magnitude.add(whole).sub(whole);
  }

  private static Value bits(Value x) {
    return x.bitcast(FloatFormat.of(x).bits());
  }
}
