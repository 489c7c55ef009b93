package dev.kiln.interpret;

import dev.kiln.DType;
import dev.kiln.kernel.Bits;
import dev.kiln.kernel.Routine.Cumulative.Fold;
import java.util.Arrays;
import java.util.function.LongBinaryOperator;

/**
 * What running sums and products mean.
 *
 * <p>Floats have one order. In blocks of {@value #BLOCK}, in chunks of {@value #CHUNK}: for h = 1,
 * 2, 4, 8 each element of a chunk takes in the one h places before it, if the chunk has one; then
 * all take in the last of the chunk before, if the block has one. Then all of a block take in the
 * last result of the block before. Integers wrap and need no order.
 */
final class CumulativeMeaning {
  static final int BLOCK = CanonicalOrder.BLOCK;
  private static final int CHUNK = 16;

  private final DType dtype;
  private final LongBinaryOperator combine;

  CumulativeMeaning(Fold fold, DType dtype) {
    this.dtype = dtype;
    RealArithmetic real = new RealArithmetic(dtype);
    this.combine =
        switch (fold) {
          case SUM -> dtype.isFloat() ? real::add : (a, b) -> Bits.wrap(dtype, a + b);
          case PROD -> dtype.isFloat() ? real::multiply : (a, b) -> Bits.wrap(dtype, a * b);
        };
  }

  /** The running results of a sequence. */
  long[] of(long[] x) {
    long[] out = new long[x.length];
    for (int start = 0; start < x.length; start += BLOCK) {
      long[] block = Arrays.copyOfRange(x, start, Math.min(start + BLOCK, x.length));
      block(block);
      if (start > 0) {
        takeIn(out[start - 1], block, 0, block.length);
      }
      System.arraycopy(block, 0, out, start, block.length);
    }
    for (int i = 0; i < out.length; i++) {
      out[i] = Bits.canonical(dtype, out[i]);
    }
    return out;
  }

  private void block(long[] v) {
    for (int start = 0; start < v.length; start += CHUNK) {
      int end = Math.min(start + CHUNK, v.length);
      for (int h = 1; h < CHUNK; h *= 2) {
        for (int i = end - 1; i >= start + h; i--) {
          v[i] = combine.applyAsLong(v[i - h], v[i]);
        }
      }
      if (start > 0) {
        takeIn(v[start - 1], v, start, end);
      }
    }
  }

  private void takeIn(long before, long[] v, int from, int to) {
    for (int i = from; i < to; i++) {
      v[i] = combine.applyAsLong(before, v[i]);
    }
  }
}
