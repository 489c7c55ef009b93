package dev.kiln.cpu.routine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** Panels and tiles of float32, element by element. */
final class FloatPanels {
  static final ValueLayout.OfFloat ELEMENT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  private FloatPanels() {}

  /** Rows as they are wanted: each in a row of {@link Gemm#INNER}. */
  static void packRows(
      long x, long rowStride, long stride, int rows, int height, int inner, float[] panel, int at) {
    for (int i = 0; i < rows; i++) {
      long from = x + i * rowStride;
      int to = at + i * Gemm.INNER;
      if (stride == Float.BYTES) {
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
      float[] panel,
      int at) {
    if (columnStride == Float.BYTES) {
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

  private static void gather(long from, long stride, int count, float[] panel, int to, int pitch) {
    for (int k = 0; k < count; k++) {
      panel[to + k * pitch] = Raw.getFloat(from + k * stride);
    }
  }

  /** Some of a tile as {@link Gemm#put} stores it, element by element: its edges. */
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
