package dev.kiln.cpu.routine;

/** Tiles of 4 by 4 elements of float64, without vectors. */
final class ScalarDoubleGemm implements Gemm<double[]> {
  private static final int SIDE = 4;

  @Override
  public int rows() {
    return SIDE;
  }

  @Override
  public int columns() {
    return SIDE;
  }

  @Override
  public double[] panel(int elements) {
    return new double[elements];
  }

  @Override
  public void packRows(
      long x, long rowStride, long stride, int rows, int inner, double[] panel, int at) {
    DoublePanels.pack(x, rowStride, stride, rows, SIDE, inner, panel, at);
  }

  @Override
  public void packColumns(
      long y, long stride, long columnStride, int inner, int columns, double[] panel, int at) {
    DoublePanels.pack(y, columnStride, stride, columns, SIDE, inner, panel, at);
  }

  @Override
  public void tile(double[] left, int at, double[] right, int from, int inner, double[] sums) {
    for (int i = 0; i < SIDE; i++) {
      double c0 = 0;
      double c1 = 0;
      double c2 = 0;
      double c3 = 0;
      for (int k = 0; k < inner; k++) {
        double a = left[at + k * SIDE + i];
        int column = from + k * SIDE;
        c0 = Math.fma(a, right[column], c0);
        c1 = Math.fma(a, right[column + 1], c1);
        c2 = Math.fma(a, right[column + 2], c2);
        c3 = Math.fma(a, right[column + 3], c3);
      }
      sums[i * SIDE] = c0;
      sums[i * SIDE + 1] = c1;
      sums[i * SIDE + 2] = c2;
      sums[i * SIDE + 3] = c3;
    }
  }

  @Override
  public void put(double[] sums, int rows, int columns, long out, long pitch, boolean add) {
    DoublePanels.put(sums, SIDE, rows, columns, out, pitch, add);
  }
}
