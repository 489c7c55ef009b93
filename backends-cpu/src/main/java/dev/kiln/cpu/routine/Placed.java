package dev.kiln.cpu.routine;

import dev.kiln.spi.RoutineLaunch;

/**
 * Where an array's elements are, by address.
 *
 * @param address of the first element
 * @param extents of the axes
 * @param strides in bytes
 */
@SuppressWarnings("ArrayRecordComponent") // Read in inner loops, never compared.
record Placed(long address, long[] extents, long[] strides) {
  /** Where an array is that is read; whoever launches holds it, so it stays there. */
  static Placed input(RoutineLaunch.Array array) {
    return of(array, array.buffer().show());
  }

  /** Where an array is that is written; whoever launches holds it, so it stays there. */
  static Placed output(RoutineLaunch.Array array) {
    return of(array, array.buffer().pin());
  }

  private static Placed of(RoutineLaunch.Array array, long base) {
    array.buffer().unpin();
    int bytes = array.dtype().bytes();
    long[] strides = array.strides().stream().mapToLong(stride -> stride * bytes).toArray();
    return new Placed(base + array.offset() * bytes, array.shape().toArray(), strides);
  }

  /** The number of elements along axes from to to − 1. */
  long count(int from, int to) {
    long product = 1;
    for (int axis = from; axis < to; axis++) {
      product *= extents[axis];
    }
    return product;
  }

  /** How far, in bytes, the element of that row-major number among axes from to to − 1 is. */
  long distance(int from, int to, long number) {
    long rest = number;
    long distance = 0;
    for (int axis = to - 1; axis >= from && rest > 0; axis--) {
      distance += rest % extents[axis] * strides[axis];
      rest /= extents[axis];
    }
    return distance;
  }

  /** Whether the elements of axes from to to − 1 lie one behind the other, in row-major order. */
  boolean isDense(int from, int to, int bytes) {
    long dense = bytes;
    for (int axis = to - 1; axis >= from; axis--) {
      if (extents[axis] != 1 && strides[axis] != dense) {
        return false;
      }
      dense *= extents[axis];
    }
    return true;
  }
}
