package dev.kiln.cpu.routine;

/** Panels and tiles of float32, element by element. */
final class FloatPanels {
  private FloatPanels() {}

  static void pack(
      long x, long rowStride, long stride, int rows, int height, int inner, float[] panel, int at) {
    for (int k = 0; k < inner; k++) {
      int to = at + k * height;
      for (int i = 0; i < rows; i++) {
        panel[to + i] = Raw.getFloat(x + i * rowStride + k * stride);
      }
      for (int i = rows; i < height; i++) {
        panel[to + i] = 0;
      }
    }
  }

  static void put(
      float[] sums, int width, int rows, int columns, long out, long pitch, boolean add) {
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        long to = out + i * pitch + (long) j * Float.BYTES;
        float sum = sums[i * width + j];
        float value = add ? Raw.getFloat(to) + sum : sum;
        Raw.setFloat(to, Float.isNaN(value) ? Float.NaN : value);
      }
    }
  }
}
