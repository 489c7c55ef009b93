package dev.kiln.cpu.routine;

import java.lang.foreign.MemorySegment;

/**
 * Tiles of float64 by plain loops along a row, which the JIT compiler turns into vector code by
 * itself within milliseconds: what serves until better code is hot.
 */
final class ScalarDoubleGemm implements Gemm<double[]> {
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
  public double[] panel(int elements) {
    return new double[elements];
  }

  @Override
  public void packRows(
      long x, long rowStride, long stride, int rows, int inner, double[] panel, int at) {
    DoublePanels.packRows(x, rowStride, stride, rows, ROWS, inner, panel, at);
  }

  @Override
  public void packColumns(
      long y, long stride, long columnStride, int inner, int columns, double[] panel, int at) {
    DoublePanels.packColumns(y, stride, columnStride, inner, columns, COLUMNS, panel, at);
  }

  @Override
  public void tile(
      double[] left,
      int at,
      double[] right,
      int from,
      int inner,
      int rows,
      int columns,
      double[] sums) {
    // Arrays that are used from their beginning: with other offsets the compiler has to fear that
    // what is stored is what is loaded next, and makes no vectors.
    double[][] tile = new double[rows][columns];
    double[] b0 = new double[columns];
    double[] b1 = new double[columns];
    double[] b2 = new double[columns];
    double[] b3 = new double[columns];
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

  private static void add(double a, double[] b, double[] row) {
    for (int j = 0; j < row.length; j++) {
      row[j] = Math.fma(a, b[j], row[j]);
    }
  }

  /** Four products, in their order. */
  private static void add(
      double a0,
      double a1,
      double a2,
      double a3,
      double[] b0,
      double[] b1,
      double[] b2,
      double[] b3,
      double[] row) {
    for (int j = 0; j < row.length; j++) {
      double sum = Math.fma(a0, b0[j], row[j]);
      sum = Math.fma(a1, b1[j], sum);
      sum = Math.fma(a2, b2[j], sum);
      row[j] = Math.fma(a3, b3[j], sum);
    }
  }

  @Override
  public void put(double[] sums, int rows, int columns, long out, long pitch, boolean add) {
    double[] row = new double[columns];
    double[] before = new double[add ? columns : 0];
    for (int i = 0; i < rows; i++) {
      long to = out + i * pitch;
      System.arraycopy(sums, i * COLUMNS, row, 0, columns);
      if (add) {
        MemorySegment.copy(Raw.ALL, DoublePanels.ELEMENT, to, before, 0, columns);
        add(before, row);
      }
      DoubleLanes.canonicalise(row);
      MemorySegment.copy(row, 0, Raw.ALL, DoublePanels.ELEMENT, to, columns);
    }
  }

  private static void add(double[] before, double[] row) {
    for (int j = 0; j < row.length; j++) {
      row[j] += before[j];
    }
  }
}
