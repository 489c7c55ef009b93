package dev.kiln.schedule;

import dev.kiln.lower.Lowered;
import java.util.List;

/**
 * An access of a kernel whose outermost kept dimension is cut into rows: how far it moves from one
 * row to the next, and what it touches within a row, in elements.
 *
 * @param step from one row to the next
 * @param lowest the first element that the first row touches
 * @param highest the last element that the first row touches
 * @param againstTheGrain whether a row's elements lie farther apart than rows do, as a transposed
 *     array's
 */
record RowAccess(long step, long lowest, long highest, boolean againstTheGrain) {
  static RowAccess of(long offset, List<Long> strides, List<Long> extents, long rows) {
    long lowest = offset;
    long highest = offset;
    boolean against = false;
    for (int d = 0; d < strides.size(); d++) {
      long extent = d == 0 ? extents.get(0) / rows : extents.get(d);
      long reach = strides.get(d) * (extent - 1);
      lowest += Math.min(0, reach);
      highest += Math.max(0, reach);
      against |=
          d > 0 && Math.abs(strides.get(d)) > Math.abs(strides.get(0)) && strides.get(0) != 0;
    }
    return new RowAccess(strides.get(0) * (extents.get(0) / rows), lowest, highest, against);
  }

  /** Whether row i touches nothing but row i of an array of that many elements. */
  boolean isLocal(long elements, long rows) {
    long row = elements / rows;
    return elements % rows == 0 && step == row && lowest >= 0 && highest < row;
  }

  /** Whether a kernel can be run row by row: the outermost dimension is kept. */
  static boolean hasRows(Lowered piece) {
    return piece.kernel().keptRank() > 0;
  }
}
