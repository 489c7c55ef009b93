package dev.kiln.cpu.routine;

import dev.kiln.DType;
import dev.kiln.kernel.Bits;

/** Tiles of integers of every dtype, which wrap: 64 bits hold the low bits of all sums. */
final class IntegerGemm implements Gemm<long[]> {
  private static final int SIDE = 4;

  private final DType dtype;
  private final int bytes;

  IntegerGemm(DType dtype) {
    this.dtype = dtype;
    this.bytes = dtype.bytes();
  }

  @Override
  public int rows() {
    return SIDE;
  }

  @Override
  public int columns() {
    return SIDE;
  }

  @Override
  public long[] panel(int elements) {
    return new long[elements];
  }

  @Override
  public void packRows(
      long x, long rowStride, long stride, int rows, int inner, long[] panel, int at) {
    for (int k = 0; k < inner; k++) {
      for (int i = 0; i < SIDE; i++) {
        panel[at + i * INNER + k] = i < rows ? Raw.get(dtype, x + i * rowStride + k * stride) : 0;
      }
    }
  }

  @Override
  public void packColumns(
      long y, long stride, long columnStride, int inner, int columns, long[] panel, int at) {
    for (int k = 0; k < inner; k++) {
      for (int j = 0; j < SIDE; j++) {
        panel[at + k * SIDE + j] =
            j < columns ? Raw.get(dtype, y + j * columnStride + k * stride) : 0;
      }
    }
  }

  @Override
  public void tile(
      long[] left, int at, long[] right, int from, int inner, int rows, int columns, long[] sums) {
    for (int i = 0; i < SIDE; i++) {
      long c0 = 0;
      long c1 = 0;
      long c2 = 0;
      long c3 = 0;
      for (int k = 0; k < inner; k++) {
        long a = left[at + i * INNER + k];
        int column = from + k * SIDE;
        c0 += a * right[column];
        c1 += a * right[column + 1];
        c2 += a * right[column + 2];
        c3 += a * right[column + 3];
      }
      sums[i * SIDE] = c0;
      sums[i * SIDE + 1] = c1;
      sums[i * SIDE + 2] = c2;
      sums[i * SIDE + 3] = c3;
    }
  }

  @Override
  public void put(long[] sums, int rows, int columns, long out, long pitch, boolean add) {
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        long to = out + i * pitch + (long) j * bytes;
        long sum = sums[i * SIDE + j];
        long value = add ? Raw.get(dtype, to) + sum : sum;
        Raw.set(dtype, to, Bits.wrap(dtype, value));
      }
    }
  }
}
