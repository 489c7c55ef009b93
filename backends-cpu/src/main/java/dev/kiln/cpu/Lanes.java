package dev.kiln.cpu;

import dev.kiln.DType;
import dev.kiln.kernel.Bits;
import dev.kiln.kernel.Opcode;
import dev.kiln.kernel.ReduceOp;
import dev.kiln.kernel.ScalarMeaning;

/**
 * The lanes of the canonical order: 128 bytes of partial results, element j going to lane j mod W,
 * and the tree that folds them into one. Sums and products of floats need exactly this order; the
 * other reductions may use any and use this one.
 */
final class Lanes {
  static final int BYTES = 128;

  /** Elements of a block, the canonical order's other number. */
  static final int BLOCK = 4096;

  private Lanes() {}

  /** W. */
  static int count(DType dtype) {
    return BYTES / dtype.bytes();
  }

  /** The operation that takes one more element in; only for SUM, PROD, MIN and MAX. */
  static Opcode combine(ReduceOp op, DType dtype) {
    return switch (op) {
      case SUM -> Opcode.ADD;
      case PROD -> Opcode.MUL;
      case MIN -> dtype == DType.BOOL ? Opcode.AND : Opcode.MIN;
      case MAX -> dtype == DType.BOOL ? Opcode.OR : Opcode.MAX;
      case ARGMIN, ARGMAX, MEAN, SQUARED_DEVIATIONS ->
          throw new AssertionError(op + " does not fold elements");
    };
  }

  /** The bits that change nothing. */
  static long identity(ReduceOp op, DType dtype) {
    return switch (op) {
      case SUM -> dtype.isFloat() ? Bits.ofDouble(dtype, -0.0) : 0;
      case PROD -> Bits.ofLong(dtype, 1);
      case MIN -> extreme(dtype, true);
      case MAX -> extreme(dtype, false);
      case ARGMIN, ARGMAX, MEAN, SQUARED_DEVIATIONS ->
          throw new AssertionError(op + " does not fold elements");
    };
  }

  private static long extreme(DType dtype, boolean largest) {
    if (dtype == DType.BOOL) {
      return largest ? 1 : 0;
    }
    if (dtype.isFloat()) {
      return Bits.ofDouble(dtype, largest ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY);
    }
    if (dtype.isUnsigned()) {
      return largest ? Bits.wrap(dtype, -1) : 0;
    }
    long max = (1L << (dtype.bits() - 1)) - 1;
    return largest ? max : -max - 1;
  }

  /** Makes all lanes of some blocks the identity. */
  static void reset(ReduceOp op, DType dtype, long lanes, int blocks) {
    Raw.fill(dtype, lanes, (long) blocks * count(dtype), identity(op, dtype));
  }

  /**
   * Folds the lanes in place, lane l taking lane l + h in for h = W/2 … 1; the result's bits, a NaN
   * being canonical.
   */
  static long fold(ReduceOp op, DType dtype, long lanes) {
    switch (dtype) {
      case FLOAT32 -> foldFloats(op, lanes);
      case FLOAT64 -> foldDoubles(op, lanes);
      default -> foldAny(op, dtype, lanes);
    }
    return Bits.canonical(dtype, Raw.get(dtype, lanes));
  }

  private static void foldFloats(ReduceOp op, long lanes) {
    for (int h = count(DType.FLOAT32) / 2; h > 0; h >>= 1) {
      for (int l = 0; l < h; l++) {
        long at = lanes + 4L * l;
        float a = Raw.getFloat(at);
        float b = Raw.getFloat(at + 4L * h);
        float both =
            switch (op) {
              case SUM -> a + b;
              case PROD -> a * b;
              case MIN -> Math.min(a, b);
              case MAX -> Math.max(a, b);
              case ARGMIN, ARGMAX, MEAN, SQUARED_DEVIATIONS ->
                  throw new AssertionError(op + " does not fold elements");
            };
        Raw.setFloat(at, both);
      }
    }
  }

  private static void foldDoubles(ReduceOp op, long lanes) {
    for (int h = count(DType.FLOAT64) / 2; h > 0; h >>= 1) {
      for (int l = 0; l < h; l++) {
        long at = lanes + 8L * l;
        double a = Raw.getDouble(at);
        double b = Raw.getDouble(at + 8L * h);
        double both =
            switch (op) {
              case SUM -> a + b;
              case PROD -> a * b;
              case MIN -> Math.min(a, b);
              case MAX -> Math.max(a, b);
              case ARGMIN, ARGMAX, MEAN, SQUARED_DEVIATIONS ->
                  throw new AssertionError(op + " does not fold elements");
            };
        Raw.setDouble(at, both);
      }
    }
  }

  private static void foldAny(ReduceOp op, DType dtype, long lanes) {
    Opcode combine = combine(op, dtype);
    for (int h = count(dtype) / 2; h > 0; h >>= 1) {
      for (int l = 0; l < h; l++) {
        long at = lanes + (long) dtype.bytes() * l;
        long a = Raw.get(dtype, at);
        long b = Raw.get(dtype, at + (long) dtype.bytes() * h);
        Raw.set(dtype, at, ScalarMeaning.apply(combine, dtype, dtype, a, b, 0));
      }
    }
  }
}
