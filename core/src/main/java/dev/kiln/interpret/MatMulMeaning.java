package dev.kiln.interpret;

import dev.kiln.DType;
import dev.kiln.kernel.Bits;

/**
 * What a product of matrices means.
 *
 * <p>Floats: in blocks of {@value #BLOCK} along the inner axis the products are added by fused
 * multiply-add, in order, from +0 on; then the blocks' sums are added in order. Integers wrap.
 */
final class MatMulMeaning {
  static final int BLOCK = 384;

  private MatMulMeaning() {}

  /** The elements of the product, in row-major order. */
  static long[] of(Values x, Values y) {
    int rank = x.shape().rank();
    int rows = (int) x.shape().extent(rank - 2);
    int inner = (int) x.shape().extent(rank - 1);
    int columns = (int) y.shape().extent(rank - 1);
    int products = 1;
    for (int axis = 0; axis < rank - 2; axis++) {
      products *= (int) x.shape().extent(axis);
    }
    long[] out = new long[products * rows * columns];
    long[] row = new long[inner];
    long[] column = new long[inner];
    for (int p = 0; p < products; p++) {
      for (int j = 0; j < columns; j++) {
        Interrupts.check();
        for (int k = 0; k < inner; k++) {
          column[k] = y.bits()[(p * inner + k) * columns + j];
        }
        for (int i = 0; i < rows; i++) {
          System.arraycopy(x.bits(), (p * rows + i) * inner, row, 0, inner);
          out[(p * rows + i) * columns + j] = dot(x.dtype(), row, column);
        }
      }
    }
    return out;
  }

  private static long dot(DType dtype, long[] x, long[] y) {
    return switch (dtype) {
      case FLOAT32 -> Bits.canonical(dtype, Bits.of(floats(x, y)));
      case FLOAT64 -> Bits.canonical(dtype, Bits.of(doubles(x, y)));
      default -> {
        long sum = 0;
        for (int k = 0; k < x.length; k++) {
          sum += x[k] * y[k];
        }
        yield Bits.wrap(dtype, sum);
      }
    };
  }

  private static float floats(long[] x, long[] y) {
    float total = 0;
    for (int start = 0; start < x.length; start += BLOCK) {
      float sum = 0;
      for (int k = start; k < Math.min(start + BLOCK, x.length); k++) {
        sum = Math.fma(Bits.toFloat(x[k]), Bits.toFloat(y[k]), sum);
      }
      total = start == 0 ? sum : total + sum;
    }
    return total;
  }

  private static double doubles(long[] x, long[] y) {
    double total = 0;
    for (int start = 0; start < x.length; start += BLOCK) {
      double sum = 0;
      for (int k = start; k < Math.min(start + BLOCK, x.length); k++) {
        sum = Math.fma(Bits.toDouble(x[k]), Bits.toDouble(y[k]), sum);
      }
      total = start == 0 ? sum : total + sum;
    }
    return total;
  }
}
