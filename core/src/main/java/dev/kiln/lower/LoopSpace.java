package dev.kiln.lower;

import java.util.ArrayList;
import java.util.List;

/**
 * The loop dimensions of a kernel, and where the axes of its root are at each point. A dimension
 * may be split in two so that a reshape within the kernel has an affine map.
 *
 * @param keptRank how many dimensions come before the reduced ones
 * @param extents of all dimensions
 * @param root the map of the root's axes
 */
record LoopSpace(int keptRank, List<Long> extents, AffineMap root) {
  LoopSpace {
    extents = List.copyOf(extents);
  }

  /** One dimension for each axis, the axes that {@code order} names first to last. */
  static LoopSpace over(long[] shape, List<Integer> order, int keptRank) {
    List<Long> extents = new ArrayList<>();
    long[][] coef = new long[shape.length][shape.length];
    for (int d = 0; d < order.size(); d++) {
      extents.add(shape[order.get(d)]);
      coef[order.get(d)][d] = 1;
    }
    return new LoopSpace(keptRank, extents, new AffineMap(new long[shape.length], coef));
  }

  /**
   * The same points with dimension d as an outer one and an inner one of extent {@code inner},
   * which divides it.
   */
  LoopSpace split(int d, long inner) {
    List<Long> divided = new ArrayList<>(extents);
    divided.set(d, extents.get(d) / inner);
    divided.add(d + 1, inner);
    long[][] coef = new long[root.rank()][];
    for (int a = 0; a < coef.length; a++) {
      long[] old = root.coef[a];
      long[] row = new long[old.length + 1];
      System.arraycopy(old, 0, row, 0, d + 1);
      System.arraycopy(old, d, row, d + 1, old.length - d);
      row[d] *= inner;
      coef[a] = row;
    }
    return new LoopSpace(
        d < keptRank ? keptRank + 1 : keptRank, divided, new AffineMap(root.offset, coef));
  }

  int rank() {
    return extents.size();
  }
}
