package dev.kiln.cpu;

import dev.kiln.DType;
import dev.kiln.kernel.Kernel;
import dev.kiln.kernel.Operand;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads operands whose neighbouring elements lie in neighbouring rows of the index space, as those
 * of a transposed array do: tiles of a few rows are copied so that the rows' elements lie side by
 * side. Each cache line is then read once.
 *
 * @param operands which operands are copied
 * @param program reads them as contiguous ones
 */
record Transposed(List<Integer> operands, Program program) {
  /** Rows of a tile: a cache line of 4-byte elements. */
  static final int ROWS = 16;

  private static final int TILE_BYTES = 32 << 10;

  /** Keeps rows of a tile out of each other's cache sets. */
  private static final int GAP = 64;

  /** The operands that a launch reads in this way. */
  static List<Integer> among(Kernel kernel, Geometry geometry) {
    List<Integer> found = new ArrayList<>();
    int rank = geometry.rank();
    for (int k = 0; rank >= 2 && k < kernel.operands().size(); k++) {
      Operand operand = kernel.operands().get(k);
      long bytes = operand.dtype().bytes();
      if (operand.source() == Operand.Source.MEMORY
          && geometry.strides()[k][rank - 2] == bytes
          && Math.abs(geometry.strides()[k][rank - 1]) >= ROWS * bytes
          && geometry.extents()[rank - 2] >= ROWS
          && geometry.extents()[rank - 1] >= ROWS) {
        found.add(k);
      }
    }
    return found;
  }

  static Transposed of(Kernel kernel, List<Integer> operands, Loops loops) {
    List<Operand> changed = new ArrayList<>(kernel.operands());
    for (int k : operands) {
      Operand operand = changed.get(k);
      changed.set(k, new Operand(operand.source(), operand.dtype(), Operand.Access.CONTIGUOUS));
    }
    Kernel row = new Kernel(1, 0, changed, kernel.params(), kernel.body(), kernel.outputs());
    return new Transposed(List.copyOf(operands), Stages.program(row, loops));
  }

  /** Columns of a tile. */
  int columns(Kernel kernel) {
    int bytes = 0;
    for (int k : operands) {
      bytes += kernel.operands().get(k).dtype().bytes();
    }
    return Math.max(ROWS, TILE_BYTES / (ROWS * bytes) & -ROWS);
  }

  static long pitch(DType dtype, int columns) {
    return (long) columns * dtype.bytes() + GAP;
  }

  long scratchBytes(Kernel kernel) {
    long bytes = program.scratchBytes();
    for (int k : operands) {
      bytes += Scratch.rounded(ROWS * pitch(kernel.operands().get(k).dtype(), columns(kernel)));
    }
    return bytes;
  }

  /**
   * Copies elements at {@code from + column * stride}, neighbours by row, to {@code to + row *
   * pitch}, neighbours by column.
   */
  static void copy(int bytes, long from, long stride, long to, long pitch, int rows, int columns) {
    switch (bytes) {
      case 1 -> {
        for (int c = 0; c < columns; c++) {
          for (int r = 0; r < rows; r++) {
            byte element = Raw.ALL.get(ValueLayout.JAVA_BYTE, from + c * stride + r);
            Raw.ALL.set(ValueLayout.JAVA_BYTE, to + r * pitch + c, element);
          }
        }
      }
      case 2 -> {
        for (int c = 0; c < columns; c++) {
          for (int r = 0; r < rows; r++) {
            short element =
                Raw.ALL.get(ValueLayout.JAVA_SHORT_UNALIGNED, from + c * stride + 2L * r);
            Raw.ALL.set(ValueLayout.JAVA_SHORT_UNALIGNED, to + r * pitch + 2L * c, element);
          }
        }
      }
      case 4 -> {
        for (int c = 0; c < columns; c++) {
          for (int r = 0; r < rows; r++) {
            int element = Raw.ALL.get(ValueLayout.JAVA_INT_UNALIGNED, from + c * stride + 4L * r);
            Raw.ALL.set(ValueLayout.JAVA_INT_UNALIGNED, to + r * pitch + 4L * c, element);
          }
        }
      }
      default -> {
        for (int c = 0; c < columns; c++) {
          for (int r = 0; r < rows; r++) {
            long element = Raw.getLong(from + c * stride + 8L * r);
            Raw.setLong(to + r * pitch + 8L * c, element);
          }
        }
      }
    }
  }
}
