package dev.kiln.kernel.function;

import dev.kiln.kernel.Body.Value;

/**
 * x = n ln 2 + r with n whole and |r| at most ln(2) / 2 or hardly more, by Cody and Waite's method:
 * exp(x) = 2<sup>n</sup> exp(r).
 *
 * @param shifted n in the low bits of a number shifted by the magic constant, for {@link
 *     PowerOfTwo}
 * @param n as a float
 * @param reduced x less n times the first part of ln 2, exact
 * @param ln2 the parts
 */
record Ln2Reduction(Value shifted, Value n, Value reduced, Ln2 ln2) {
  /** Of a finite x. */
  static Ln2Reduction of(Value x, Ln2 ln2) {
    FloatFormat format = FloatFormat.of(x);
    Value shifted = x.fma(LOG2_E, x.like(format.magic()));
    Value n = shifted.sub(format.magic());
    return new Ln2Reduction(shifted, n, n.fma(-ln2.high(), x), ln2);
  }

  /** r, rounded. */
  Value r() {
    return n.fma(-ln2.low(), reduced);
  }

  /** r in two parts. */
  TwoFloat parts() {
    return new TwoFloat(r(), n.fma(-ln2.low(), reduced.sub(r())));
  }

  /** log2(e). */
  static final double LOG2_E = 0x1.71547652b82fep0;
}
