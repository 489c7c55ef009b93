package dev.kiln.interpret;

import dev.kiln.DType;
import dev.kiln.kernel.Bits;

/**
 * Floating-point arithmetic on scalars in the form of {@link Bits}, every operation rounded to the
 * dtype by itself.
 *
 * @param dtype float32 or float64
 */
record RealArithmetic(DType dtype) {
  long add(long a, long b) {
    return dtype == DType.FLOAT32
        ? Bits.of(Bits.toFloat(a) + Bits.toFloat(b))
        : Bits.of(Bits.toDouble(a) + Bits.toDouble(b));
  }

  long subtract(long a, long b) {
    return dtype == DType.FLOAT32
        ? Bits.of(Bits.toFloat(a) - Bits.toFloat(b))
        : Bits.of(Bits.toDouble(a) - Bits.toDouble(b));
  }

  long multiply(long a, long b) {
    return dtype == DType.FLOAT32
        ? Bits.of(Bits.toFloat(a) * Bits.toFloat(b))
        : Bits.of(Bits.toDouble(a) * Bits.toDouble(b));
  }

  long divide(long a, long b) {
    return dtype == DType.FLOAT32
        ? Bits.of(Bits.toFloat(a) / Bits.toFloat(b))
        : Bits.of(Bits.toDouble(a) / Bits.toDouble(b));
  }

  /** The larger, NaN winning. */
  long max(long a, long b) {
    return Bits.ofDouble(dtype, Math.max(Bits.asDouble(dtype, a), Bits.asDouble(dtype, b)));
  }

  boolean isFinite(long a) {
    return Double.isFinite(Bits.asDouble(dtype, a));
  }

  /** A number, rounded to the dtype. */
  long of(double value) {
    return Bits.ofDouble(dtype, value);
  }
}
