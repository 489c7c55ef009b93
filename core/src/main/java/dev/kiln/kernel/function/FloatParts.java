package dev.kiln.kernel.function;

import dev.kiln.kernel.Body.Value;

/** Functions of the sign and of the bit pattern of floats. */
public final class FloatParts {
  private FloatParts() {}

  /** Whether the sign bit is set: true for −0, and for a NaN as its bits say. */
  public static Value signBit(Value x) {
    Value bits = x.bitcast(FloatFormat.of(x).bits());
    return bits.lt(bits.like(0L));
  }

  /** The magnitude of one float with the sign bit of another of the same dtype. */
  public static Value copySign(Value magnitude, Value sign) {
    FloatFormat format = FloatFormat.of(magnitude);
    return withSignOf(magnitude.bitcast(format.bits()).and(format.magnitude()), sign);
  }

  /** The bits of a float whose sign bit is clear, with the sign bit of another, as a float. */
  static Value withSignOf(Value magnitudeBits, Value sign) {
    FloatFormat format = FloatFormat.of(sign);
    return magnitudeBits.or(sign.bitcast(format.bits()).and(format.sign())).bitcast(sign.dtype());
  }

  /**
   * The next float after x in the direction of y; y where they are equal, NaN where either is.
   *
   * <p>Magnitudes are in the order of their bits, so it is one step up or down from the bits of x;
   * from zero it is the smallest subnormal with the sign of y.
   */
  public static Value nextAfter(Value x, Value y) {
    FloatFormat format = FloatFormat.of(x);
    Value bits = x.bitcast(format.bits());
    Value away = x.lt(y).xor(x.lt(0.0)); // from zero
    Value step = away.select(bits.like(1L), bits.like(-1L));
    Value next = bits.add(step).bitcast(x.dtype());
    Value smallest = withSignOf(bits.like(1L), y);
    Value moved = x.eq(0.0).select(smallest, next);
    Value ordered = x.eq(y).select(y, moved);
    Value comparable = x.eq(x).and(y.eq(y));
    return comparable.select(ordered, x.add(y)); // NaN if either is
  }
}
