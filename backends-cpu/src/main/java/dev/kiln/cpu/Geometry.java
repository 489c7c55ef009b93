package dev.kiln.cpu;

import dev.kiln.spi.Launch;
import java.util.Arrays;
import java.util.List;

/**
 * The index space of a launch and its accesses, with dimensions of extent 1 dropped and neighbours
 * merged where every access allows it.
 *
 * @param extents kept dimensions, then reduced ones
 * @param kept how many dimensions are kept
 * @param bases for each access the address of the first element; of an index operand the first
 *     value
 * @param strides for each access and dimension in bytes; of an index operand in steps
 */
@SuppressWarnings("ArrayRecordComponent") // Read in the innermost loops, never compared.
record Geometry(long[] extents, int kept, long[] bases, long[][] strides) {
  /**
   * The geometry of a launch.
   *
   * @param kept how many of the extents are kept
   * @param accesses that are to be placed; strides of dimensions they lack are 0
   * @param bases for each access the address or value at offset 0
   * @param units for each access the bytes of an element, 1 for an index operand
   */
  static Geometry of(
      List<Long> extents, int kept, List<Launch.Access> accesses, long[] bases, int[] units) {
    int rank = extents.size();
    long[] first = new long[accesses.size()];
    long[][] strides = new long[accesses.size()][rank];
    for (int a = 0; a < first.length; a++) {
      Launch.Access access = accesses.get(a);
      first[a] = bases[a] + access.offset() * units[a];
      for (int d = 0; d < access.strides().size(); d++) {
        strides[a][d] = access.strides().get(d) * units[a];
      }
    }
    long[] sizes = extents.stream().mapToLong(Long::longValue).toArray();
    return new Geometry(sizes, kept, first, strides).collapsed();
  }

  /**
   * The same space with as few dimensions as its accesses allow; at least one reduced or one kept
   * remains.
   */
  private Geometry collapsed() {
    int rank = extents.length;
    int[] last = new int[rank]; // for each new dimension the old one with its stride
    long[] sizes = new long[rank];
    int count = 0;
    int newKept = 0;
    for (int d = 0; d < rank; d++) {
      if (d == kept) {
        newKept = count;
      }
      // The innermost dimension stays: the loops were made for its strides.
      if (extents[d] == 1 && d != rank - 1) {
        continue;
      }
      boolean sameGroup = count > (d >= kept ? newKept : 0);
      if (sameGroup && merges(last[count - 1], d)) {
        sizes[count - 1] *= extents[d];
        last[count - 1] = d;
      } else {
        sizes[count] = extents[d];
        last[count++] = d;
      }
    }
    if (kept == rank) {
      newKept = count;
    }
    long[][] merged = new long[strides.length][count];
    for (int a = 0; a < strides.length; a++) {
      for (int d = 0; d < count; d++) {
        merged[a][d] = strides[a][last[d]];
      }
    }
    return new Geometry(Arrays.copyOf(sizes, count), newKept, bases, merged);
  }

  private boolean merges(int outer, int inner) {
    for (long[] stride : strides) {
      if (stride[outer] != stride[inner] * extents[inner]) {
        return false;
      }
    }
    return true;
  }

  int rank() {
    return extents.length;
  }

  /** The extent of the innermost dimension. */
  long inner() {
    return extents[extents.length - 1];
  }

  /** The number of points of dimensions from to to − 1. */
  long points(int from, int to) {
    long product = 1;
    for (int d = from; d < to; d++) {
      product *= extents[d];
    }
    return product;
  }

  long keptPoints() {
    return points(0, kept);
  }

  long reducedPoints() {
    return points(kept, extents.length);
  }

  /**
   * Computes where the accesses are.
   *
   * @param addresses receives their addresses
   * @param keptPoint row-major number among the kept dimensions
   * @param reducedPoint row-major number among the reduced dimensions
   */
  void place(long[] addresses, long keptPoint, long reducedPoint) {
    System.arraycopy(bases, 0, addresses, 0, bases.length);
    move(addresses, 0, kept, keptPoint);
    move(addresses, kept, extents.length, reducedPoint);
  }

  private void move(long[] addresses, int from, int to, long point) {
    long rest = point;
    for (int d = to - 1; d >= from && rest != 0; d--) {
      long coordinate = rest;
      if (d > from) {
        rest = rest / extents[d];
        coordinate -= rest * extents[d];
      } else {
        rest = 0;
      }
      if (coordinate != 0) {
        for (int a = 0; a < bases.length; a++) {
          addresses[a] += coordinate * strides[a][d];
        }
      }
    }
  }

  /** Copies each access's stride along a dimension. */
  void strides(int dimension, long[] target) {
    for (int a = 0; a < bases.length; a++) {
      target[a] = strides[a][dimension];
    }
  }
}
