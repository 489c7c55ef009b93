package dev.kiln.kernel.function;

import dev.kiln.DType;

/** ln 2 in two parts. */
final class Ln2 {
  private Ln2() {}

  /**
   * The first part has so few bits, 16 (float32) or 42 (float64), that its product with an exponent
   * is exact.
   */
  static double[] of(DType dtype) {
    return (dtype == DType.FLOAT32 ? FLOAT32 : FLOAT64).clone();
  }

  private static final double[] FLOAT32 = {0x1.62e4p-1, 0x1.7f7d1cp-20};
  private static final double[] FLOAT64 = {0x1.62e42fefa38p-1, 0x1.ef35793c7673p-45};
}
