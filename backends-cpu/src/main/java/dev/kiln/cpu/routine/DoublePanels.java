package dev.kiln.cpu.routine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** Panels and tiles of float64, element by element. */
final class DoublePanels {
  static final ValueLayout.OfDouble ELEMENT = ValueLayout.JAVA_DOUBLE_UNALIGNED;

  private DoublePanels() {}

  /** Rows as they are wanted: each in a row of {@link Gemm#INNER}. */
  static void packRows(
      long x,
      long rowStride,
      long stride,
      int rows,
      int height,
      int inner,
      double[] panel,
      int at) {
    for (int i = 0; i < rows; i++) {
      long from = x + i * rowStride;
      int to = at + i * Gemm.INNER;
      if (stride == Double.BYTES) {
        MemorySegment.copy(Raw.ALL, ELEMENT, from, panel, to, inner);
      } else {
        gather(from, stride, inner, panel, to, 1);
      }
    }
    for (int i = rows; i < height; i++) {
      Arrays.fill(panel, at + i * Gemm.INNER, at + i * Gemm.INNER + inner, 0);
    }
  }

  /** Columns as they are wanted: for each inner index a row of {@code width}. */
  static void packColumns(
      long y,
      long stride,
      long columnStride,
      int inner,
      int columns,
      int width,
      double[] panel,
      int at) {
    if (columnStride == Double.BYTES) {
      for (int k = 0; k < inner; k++) {
        int to = at + k * width;
        MemorySegment.copy(Raw.ALL, ELEMENT, y + k * stride, panel, to, columns);
      }
    } else {
      for (int j = 0; j < columns; j++) {
        gather(y + j * columnStride, stride, inner, panel, at + j, width);
      }
    }
    for (int k = 0; k < inner && columns < width; k++) {
      Arrays.fill(panel, at + k * width + columns, at + (k + 1) * width, 0);
    }
  }

  private static void gather(long from, long stride, int count, double[] panel, int to, int pitch) {
    for (int k = 0; k < count; k++) {
      panel[to + k * pitch] = Raw.getDouble(from + k * stride);
    }
  }

  /** Some of a tile as {@link Gemm#put} stores it, element by element: its edges. */
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
