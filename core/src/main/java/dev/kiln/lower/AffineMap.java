package dev.kiln.lower;

import java.util.Arrays;

/**
 * Where each axis of a node is, at a point of a loop nest: axis a is at {@code offset[a] + sum over
 * d of coef[a][d] * i[d]}. Views compose such maps; that is all that a view costs.
 */
final class AffineMap {
  final long[] offset;
  final long[][] coef;
  private final int hash;

  AffineMap(long[] offset, long[][] coef) {
    this.offset = offset;
    this.coef = coef;
    this.hash = Arrays.hashCode(offset) * 31 + Arrays.deepHashCode(coef);
  }

  int rank() {
    return offset.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AffineMap map
        && hash == map.hash
        && Arrays.equals(offset, map.offset)
        && Arrays.deepEquals(coef, map.coef);
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
