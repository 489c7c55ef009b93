package dev.kiln.cpu.routine;

/** Panels and tiles of float64, element by element. */
final class DoublePanels {
  private DoublePanels() {}

  static void pack(
      long x,
      long rowStride,
      long stride,
      int rows,
      int height,
      int inner,
      double[] panel,
      int at) {
    for (int k = 0; k < inner; k++) {
      int to = at + k * height;
      for (int i = 0; i < rows; i++) {
        panel[to + i] = Raw.getDouble(x + i * rowStride + k * stride);
      }
      for (int i = rows; i < height; i++) {
        panel[to + i] = 0;
      }
    }
  }

  static void put(
      double[] sums, int width, int rows, int columns, long out, long pitch, boolean add) {
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        long to = out + i * pitch + (long) j * Double.BYTES;
        double sum = sums[i * width + j];
        double value = add ? Raw.getDouble(to) + sum : sum;
        Raw.setDouble(to, Double.isNaN(value) ? Double.NaN : value);
      }
    }
  }
}
