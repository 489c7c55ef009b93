package dev.kiln.io;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Elements with their first bytes before all their second bytes, and so on; and back. */
final class ByteColumns {
  /** What is turned at once, in arrays: scalar access to memory off the heap is slow. */
  private static final int PIECE = 1 << 13;

  private ByteColumns() {}

  /**
   * Takes elements apart.
   *
   * @param width bytes of an element
   */
  static void split(MemorySegment elements, MemorySegment columns, int width) {
    if (width == 1) {
      columns.copyFrom(elements);
      return;
    }
    long count = elements.byteSize() / width;
    byte[] whole = new byte[PIECE * width];
    byte[] column = new byte[PIECE];
    for (long at = 0; at < count; at += PIECE) {
      int length = (int) Math.min(PIECE, count - at);
      MemorySegment.copy(elements, ValueLayout.JAVA_BYTE, at * width, whole, 0, length * width);
      for (int c = 0; c < width; c++) {
        for (int i = 0, from = c; i < length; i++, from += width) {
          column[i] = whole[from];
        }
        MemorySegment.copy(column, 0, columns, ValueLayout.JAVA_BYTE, c * count + at, length);
      }
    }
  }

  /** Puts elements together. */
  static void join(MemorySegment columns, MemorySegment elements, int width) {
    if (width == 1) {
      elements.copyFrom(columns);
      return;
    }
    long count = elements.byteSize() / width;
    byte[] whole = new byte[PIECE * width];
    byte[] column = new byte[PIECE];
    for (long at = 0; at < count; at += PIECE) {
      int length = (int) Math.min(PIECE, count - at);
      for (int c = 0; c < width; c++) {
        MemorySegment.copy(columns, ValueLayout.JAVA_BYTE, c * count + at, column, 0, length);
        for (int i = 0, to = c; i < length; i++, to += width) {
          whole[to] = column[i];
        }
      }
      MemorySegment.copy(whole, 0, elements, ValueLayout.JAVA_BYTE, at * width, length * width);
    }
  }
}
