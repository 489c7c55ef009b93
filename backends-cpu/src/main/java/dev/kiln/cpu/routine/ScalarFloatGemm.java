package dev.kiln.cpu.routine;

/** Tiles of 4 by 4 elements of float32, without vectors. */
final class ScalarFloatGemm implements Gemm<float[]> {
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
  public float[] panel(int elements) {
    return new float[elements];
  }

  @Override
  public void packRows(
      long x, long rowStride, long stride, int rows, int inner, float[] panel, int at) {
    FloatPanels.pack(x, rowStride, stride, rows, SIDE, inner, panel, at);
  }

  @Override
  public void packColumns(
      long y, long stride, long columnStride, int inner, int columns, float[] panel, int at) {
    FloatPanels.pack(y, columnStride, stride, columns, SIDE, inner, panel, at);
  }

  @Override
  public void tile(float[] left, int at, float[] right, int from, int inner, float[] sums) {
    for (int i = 0; i < SIDE; i++) {
      float c0 = 0;
      float c1 = 0;
      float c2 = 0;
      float c3 = 0;
      for (int k = 0; k < inner; k++) {
        float a = left[at + k * SIDE + i];
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
  public void put(float[] sums, int rows, int columns, long out, long pitch, boolean add) {
    FloatPanels.put(sums, SIDE, rows, columns, out, pitch, add);
  }
}
