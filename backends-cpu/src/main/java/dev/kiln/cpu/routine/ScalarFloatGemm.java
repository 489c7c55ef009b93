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
    FloatPanels.packRows(x, rowStride, stride, rows, SIDE, inner, panel, at);
  }

  @Override
  public void packColumns(
      long y, long stride, long columnStride, int inner, int columns, long panel) {
    FloatPanels.packColumns(y, stride, columnStride, inner, columns, SIDE, panel);
  }

  @Override
  public void tile(float[] left, int at, long right, int inner, long out, long pitch, boolean add) {
    for (int i = 0; i < SIDE; i++) {
      float c0 = 0;
      float c1 = 0;
      float c2 = 0;
      float c3 = 0;
      long from = right;
      for (int k = 0; k < inner; k++) {
        float a = left[at + k * SIDE + i];
        c0 = Math.fma(a, Raw.getFloat(from), c0);
        c1 = Math.fma(a, Raw.getFloat(from + Float.BYTES), c1);
        c2 = Math.fma(a, Raw.getFloat(from + 2 * Float.BYTES), c2);
        c3 = Math.fma(a, Raw.getFloat(from + 3 * Float.BYTES), c3);
        from += SIDE * Float.BYTES;
      }
      long to = out + i * pitch;
      put(c0, to, add);
      put(c1, to + Float.BYTES, add);
      put(c2, to + 2 * Float.BYTES, add);
      put(c3, to + 3 * Float.BYTES, add);
    }
  }

  @Override
  public void part(long tile, int rows, int columns, long out, long pitch, boolean add) {
    FloatPanels.part(tile, SIDE, rows, columns, out, pitch, add);
  }

  private static void put(float sum, long address, boolean add) {
    float value = add ? Raw.getFloat(address) + sum : sum;
    Raw.setFloat(address, Float.isNaN(value) ? Float.NaN : value);
  }
}
