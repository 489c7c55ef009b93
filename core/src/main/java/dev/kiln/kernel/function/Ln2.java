package dev.kiln.kernel.function;

import dev.kiln.DType;

/** ln 2 as the sum of two floats. */
record Ln2(double high, double low) {
  /**
   * The first part has so few bits, 16 (float32) or 42 (float64), that its product with any
   * exponent is exact.
   */
  static Ln2 shortFirst(DType dtype) {
    return dtype == DType.FLOAT32 ? SHORT_FLOAT32 : SHORT_FLOAT64;
  }

  /** Both parts of full precision: for exponents of a few bits, or where none is involved. */
  static Ln2 full(DType dtype) {
    return dtype == DType.FLOAT32 ? FULL_FLOAT32 : FULL_FLOAT64;
  }

  private static final Ln2 SHORT_FLOAT32 = new Ln2(0x1.62e4p-1, 0x1.7f7d1cp-20);
  private static final Ln2 SHORT_FLOAT64 = new Ln2(0x1.62e42fefa38p-1, 0x1.ef35793c7673p-45);
  private static final Ln2 FULL_FLOAT32 = new Ln2(0x1.62e430p-1, -0x1.05c610p-29);
  private static final Ln2 FULL_FLOAT64 = new Ln2(0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56);
}
