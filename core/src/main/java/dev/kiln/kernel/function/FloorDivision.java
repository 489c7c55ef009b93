package dev.kiln.kernel.function;

import dev.kiln.kernel.Body.Value;
import dev.kiln.kernel.Opcode;

/**
 * Division rounded down, and its remainder, of floats: bit by bit what {@link Library#floorDivide}
 * and {@link Library#floorMod} compute from the exact remainder of C's {@code fmod}.
 *
 * <p>With Q the whole number nearest to the rounded quotient of the magnitudes, |a| − Q |b| is at
 * most |b| / 2 in magnitude and a multiple of the last bit of either, so that one fma has it
 * exactly; where it is negative, Q was rounded up. Quotients of 2<sup>22</sup> (float32) and
 * 2<sup>51</sup> (float64) or more, and divisors 0, are left to the library function: from there on
 * the library's quotient is not always a whole number before it is rounded down.
 */
public final class FloorDivision {
  private FloorDivision() {}

  /** The quotient, rounded down; a / b for b = 0. */
  public static Value floorDivide(Value a, Value b) {
    Truncated t = Truncated.of(a, b);
    Value one = a.like(1.0);
    Value up = t.signsDiffer.and(t.remainder.ne(0.0)); // NaN's quotient is NaN anyway
    Value magnitude = up.select(t.quotient.add(one), t.quotient);
    FloatFormat format = FloatFormat.of(a);
    Value y = magnitude.bitcast(format.bits()).or(t.sign).bitcast(a.dtype());
    return unlessLarge(t, Opcode.FLOAT_FLOOR_DIV, a, b, y);
  }

  /** What the division leaves, with the divisor's sign, zeros included; NaN for b = 0. */
  public static Value remainder(Value a, Value b) {
    Truncated t = Truncated.of(a, b);
    // of the divisor's sign, taken from |b| where the signs of a and b differ
    Value other = b.abs().sub(t.remainder);
    Value zero = t.remainder.eq(0.0);
    Value magnitude = t.signsDiffer.and(zero.not()).select(other, t.remainder);
    Value y = FloatParts.withSignOf(magnitude.bitcast(FloatFormat.of(a).bits()), b);
    return unlessLarge(t, Opcode.FLOAT_FLOOR_MOD, a, b, y);
  }

  private static Value unlessLarge(Truncated t, Opcode library, Value a, Value b, Value usual) {
    Value exact = a.body().apply(library, a.dtype(), a, b);
    return a.body().apply(Opcode.RARE, a.dtype(), t.large, exact, usual);
  }

  /**
   * Division of the magnitudes, rounded towards zero.
   *
   * @param sign the sign bit of the quotient of a and b, other bits clear
   */
  private record Truncated(
      Value quotient, Value remainder, Value large, Value signsDiffer, Value sign) {
    static Truncated of(Value a, Value b) {
      FloatFormat format = FloatFormat.of(a);
      Value x = a.abs();
      Value y = b.abs();
      Value rounded = x.div(y);
      Value nearest = rounded.add(format.whole()).sub(format.whole());
      // A divisor that is larger leaves all; it may be infinite.
      Value difference = x.lt(y).and(nearest.eq(0.0)).select(x, nearest.neg().fma(y, x));
      Value over = difference.lt(0.0);
      Value quotient = over.select(nearest.sub(1.0), nearest);
      Value remainder = over.select(difference.add(y), difference);
      Value sign = a.bitcast(format.bits()).xor(b.bitcast(format.bits())).and(format.sign());
      Value large = rounded.ge(format.whole() / 2);
      return new Truncated(quotient, remainder, large, sign.ne(sign.like(0L)), sign);
    }
  }
}
