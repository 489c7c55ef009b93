package dev.kiln.cpu.routine;

/** Panels and tiles of float64, element by element. */
final class DoublePanels {
  private DoublePanels() {}

  static void packRows(
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

  static void packColumns(
      long y, long stride, long columnStride, int inner, int columns, int width, long panel) {
    // Column by column where a column is dense, so that memory is read in its order.
    if (stride == Double.BYTES && columnStride != Double.BYTES) {
      for (int j = 0; j < columns; j++) {
        for (int k = 0; k < inner; k++) {
          long to = panel + ((long) k * width + j) * Double.BYTES;
          Raw.setDouble(to, Raw.getDouble(y + j * columnStride + k * stride));
        }
      }
    } else {
      for (int k = 0; k < inner; k++) {
        for (int j = 0; j < columns; j++) {
          long to = panel + ((long) k * width + j) * Double.BYTES;
          Raw.setDouble(to, Raw.getDouble(y + j * columnStride + k * stride));
        }
      }
    }
    for (int k = 0; k < inner && columns < width; k++) {
      for (int j = columns; j < width; j++) {
        Raw.setDouble(panel + ((long) k * width + j) * Double.BYTES, 0);
      }
    }
  }

  static void part(long tile, int width, int rows, int columns, long out, long pitch, boolean add) {
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        long to = out + i * pitch + (long) j * Double.BYTES;
        double sum = Raw.getDouble(tile + ((long) i * width + j) * Double.BYTES);
        double value = add ? Raw.getDouble(to) + sum : sum;
        Raw.setDouble(to, Double.isNaN(value) ? Double.NaN : value);
      }
    }
  }
}
