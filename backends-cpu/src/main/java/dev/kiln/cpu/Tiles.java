package dev.kiln.cpu;

import dev.kiln.DType;
import dev.kiln.kernel.Kernel;
import dev.kiln.kernel.Operand;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * A form for operands that are read against the grain: tiles of a few rows, in which those operands
 * are copied so that a row's elements lie side by side. Two kinds of operands gain: those whose
 * neighbouring elements lie in neighbouring rows of the index space, as a transposed array's do, of
 * which each cache line is then read once; and those that every row reads again with a stride,
 * which are copied once for all rows of a tile.
 *
 * @param copies which operands are copied
 * @param columns of a tile
 * @param program reads them as contiguous ones
 */
record Tiles(List<Copied> copies, int columns, Program program) {
  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

  /** Rows of a tile: a cache line of 4-byte elements. */
  static final int ROWS = 16;

  /** What the copies of a tile may occupy. */
  private static final int TILE_BYTES = 32 << 10;

  /** Keeps rows of a tile out of each other's cache sets. */
  private static final int GAP = 64;

  /**
   * An operand that is copied.
   *
   * @param operand its number
   * @param repeated whether all rows read the same elements
   */
  record Copied(int operand, DType dtype, boolean repeated) {
    /** Bytes from one row of the copy to the next. */
    long pitch(int columns) {
      return repeated ? 0 : (long) columns * dtype.bytes() + GAP;
    }

    /** Rows of the copy. */
    int rows() {
      return repeated ? 1 : ROWS;
    }

    /** Bytes of the copy. */
    long bytes(int columns) {
      return rows() * ((long) columns * dtype.bytes() + GAP);
    }
  }

  /** The operands that a launch should read in this way. */
  static List<Copied> among(Kernel kernel, Geometry geometry) {
    int rank = geometry.rank();
    if (rank < 2 || geometry.extents()[rank - 2] < ROWS || geometry.extents()[rank - 1] < ROWS) {
      return List.of();
    }
    List<Copied> found = new ArrayList<>();
    for (int k = 0; k < kernel.operands().size(); k++) {
      Operand operand = kernel.operands().get(k);
      long bytes = operand.dtype().bytes();
      long down = geometry.strides()[k][rank - 2];
      long along = geometry.strides()[k][rank - 1];
      boolean transposed = down == bytes && Math.abs(along) >= ROWS * bytes;
      boolean repeated = down == 0 && operand.access() == Operand.Access.STRIDED;
      if (operand.source() == Operand.Source.MEMORY && (transposed || repeated)) {
        found.add(new Copied(k, operand.dtype(), repeated));
      }
    }
    return found;
  }

  /** The form for operands that {@link #among} has found. */
  static Tiles of(Kernel kernel, List<Copied> copies, Loops loops) {
    List<Operand> changed = new ArrayList<>(kernel.operands());
    int columnBytes = 0;
    for (Copied copied : copies) {
      Operand operand = changed.get(copied.operand());
      changed.set(
          copied.operand(),
          new Operand(operand.source(), operand.dtype(), Operand.Access.CONTIGUOUS));
      columnBytes += operand.dtype().bytes() * copied.rows();
    }
    int columns = Math.max(ROWS, TILE_BYTES / columnBytes & -ROWS);
    Kernel row = new Kernel(1, 0, changed, kernel.params(), kernel.body(), kernel.outputs());
    return new Tiles(List.copyOf(copies), columns, Stages.program(row, loops));
  }

  long scratchBytes() {
    long bytes = program.scratchBytes();
    for (Copied copied : copies) {
      bytes += Scratch.rounded(copied.bytes(columns));
    }
    return bytes;
  }

  /**
   * Copies elements at {@code from + column * stride}, neighbours by row, to {@code to + row *
   * pitch}, neighbours by column.
   */
  static void copy(int bytes, long from, long stride, long to, long pitch, int rows, int columns) {
    if (pitch == 0) {
      // Apart from the loops below, which the JIT compiler would shape for a single row otherwise.
      gather(bytes, from, stride, to, columns);
      return;
    }
    switch (bytes) {
      case 1 -> transpose1(from, stride, to, pitch, rows, columns);
      case 2 -> transpose2(from, stride, to, pitch, rows, columns);
      case 4 -> transpose4(from, stride, to, pitch, rows, columns);
      default -> transpose8(from, stride, to, pitch, rows, columns);
    }
  }

  private static void gather(int bytes, long from, long stride, long to, int columns) {
    switch (bytes) {
      case 1 -> {
        for (int c = 0; c < columns; c++) {
          Raw.ALL.set(BYTE, to + c, Raw.ALL.get(BYTE, from + c * stride));
        }
      }
      case 2 -> {
        for (int c = 0; c < columns; c++) {
          Raw.ALL.set(SHORT, to + 2L * c, Raw.ALL.get(SHORT, from + c * stride));
        }
      }
      case 4 -> {
        for (int c = 0; c < columns; c++) {
          Raw.ALL.set(INT, to + 4L * c, Raw.ALL.get(INT, from + c * stride));
        }
      }
      default -> {
        for (int c = 0; c < columns; c++) {
          Raw.setLong(to + 8L * c, Raw.getLong(from + c * stride));
        }
      }
    }
  }

  private static void transpose1(
      long from, long stride, long to, long pitch, int rows, int columns) {
    for (int c = 0; c < columns; c++) {
      for (int r = 0; r < rows; r++) {
        Raw.ALL.set(BYTE, to + r * pitch + c, Raw.ALL.get(BYTE, from + c * stride + r));
      }
    }
  }

  private static void transpose2(
      long from, long stride, long to, long pitch, int rows, int columns) {
    for (int c = 0; c < columns; c++) {
      for (int r = 0; r < rows; r++) {
        short element = Raw.ALL.get(SHORT, from + c * stride + 2L * r);
        Raw.ALL.set(SHORT, to + r * pitch + 2L * c, element);
      }
    }
  }

  private static void transpose4(
      long from, long stride, long to, long pitch, int rows, int columns) {
    for (int c = 0; c < columns; c++) {
      for (int r = 0; r < rows; r++) {
        int element = Raw.ALL.get(INT, from + c * stride + 4L * r);
        Raw.ALL.set(INT, to + r * pitch + 4L * c, element);
      }
    }
  }

  private static void transpose8(
      long from, long stride, long to, long pitch, int rows, int columns) {
    for (int c = 0; c < columns; c++) {
      for (int r = 0; r < rows; r++) {
        Raw.setLong(to + r * pitch + 8L * c, Raw.getLong(from + c * stride + 8L * r));
      }
    }
  }
}
