package dev.kiln.cpu.routine;

import java.lang.foreign.MemorySegment;

/**
 * Tiles of float32 by plain loops along a row, which the JIT compiler turns into vector code by
 * itself within milliseconds: what serves until better code is hot.
 */
final class ScalarFloatGemm implements Gemm<float[]> {
  private static final int ROWS = 8;
  private static final int COLUMNS = 256;

  @Override
  public int rows() {
    return ROWS;
  }

  @Override
  public int columns() {
    return COLUMNS;
  }

  @Override
  public float[] panel(int elements) {
    return new float[elements];
  }

  @Override
  public void packRows(
      long x, long rowStride, long stride, int rows, int inner, float[] panel, int at) {
    FloatPanels.packRows(x, rowStride, stride, rows, ROWS, inner, panel, at);
  }

  @Override
  public void packColumns(
      long y, long stride, long columnStride, int inner, int columns, float[] panel, int at) {
    FloatPanels.packColumns(y, stride, columnStride, inner, columns, COLUMNS, panel, at);
  }

  @Override
  public void tile(
      float[] left,
      int at,
      float[] right,
      int from,
      int inner,
      int rows,
      int columns,
      float[] sums) {
    // Arrays that are used from their beginning: with other offsets the compiler has to fear that
    // what is stored is what is loaded next, and makes no vectors.
    float[][] tile = new float[rows][columns];
    float[] b0 = new float[columns];
    float[] b1 = new float[columns];
    float[] b2 = new float[columns];
    float[] b3 = new float[columns];
    int k = 0;
    for (; k + 4 <= inner; k += 4) {
      int column = from + k * COLUMNS;
      System.arraycopy(right, column, b0, 0, columns);
      System.arraycopy(right, column + COLUMNS, b1, 0, columns);
      System.arraycopy(right, column + 2 * COLUMNS, b2, 0, columns);
      System.arraycopy(right, column + 3 * COLUMNS, b3, 0, columns);
      for (int i = 0; i < rows; i++) {
        int a = at + i * INNER + k;
        add(left[a], left[a + 1], left[a + 2], left[a + 3], b0, b1, b2, b3, tile[i]);
      }
    }
    for (; k < inner; k++) {
      System.arraycopy(right, from + k * COLUMNS, b0, 0, columns);
      for (int i = 0; i < rows; i++) {
        add(left[at + i * INNER + k], b0, tile[i]);
      }
    }
    for (int i = 0; i < rows; i++) {
      System.arraycopy(tile[i], 0, sums, i * COLUMNS, columns);
    }
  }

  private static void add(float a, float[] b, float[] row) {
    for (int j = 0; j < row.length; j++) {
      row[j] = Math.fma(a, b[j], row[j]);
    }
  }

  /** Four products, in their order. */
  private static void add(
      float a0,
      float a1,
      float a2,
      float a3,
      float[] b0,
      float[] b1,
      float[] b2,
      float[] b3,
      float[] row) {
    for (int j = 0; j < row.length; j++) {
      float sum = Math.fma(a0, b0[j], row[j]);
      sum = Math.fma(a1, b1[j], sum);
      sum = Math.fma(a2, b2[j], sum);
      row[j] = Math.fma(a3, b3[j], sum);
    }
  }

  @Override
  public void put(float[] sums, int rows, int columns, long out, long pitch, boolean add) {
    float[] row = new float[columns];
    float[] before = new float[add ? columns : 0];
    for (int i = 0; i < rows; i++) {
      long to = out + i * pitch;
      System.arraycopy(sums, i * COLUMNS, row, 0, columns);
      if (add) {
        MemorySegment.copy(Raw.ALL, FloatPanels.ELEMENT, to, before, 0, columns);
        add(before, row);
      }
      FloatLanes.canonicalise(row);
      MemorySegment.copy(row, 0, Raw.ALL, FloatPanels.ELEMENT, to, columns);
    }
  }

  private static void add(float[] before, float[] row) {
    for (int j = 0; j < row.length; j++) {
      row[j] += before[j];
    }
  }
}
