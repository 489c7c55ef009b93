package dev.kiln.cpu.routine;

import dev.kiln.spi.RoutineLaunch;

/**
 * Sequences of an array along an axis, and where each goes in the result.
 *
 * @param before sequences of the array that come before these
 * @param count how many these are
 */
record Sequences(Placed x, Placed out, int axis, long before, long count) {
  /** All sequences of a launch. */
  static Sequences of(RoutineLaunch launch, int axis) {
    Placed x = Placed.input(launch.inputs().getFirst());
    int rank = x.extents().length;
    long count = x.count(0, axis) * x.count(axis + 1, rank);
    return new Sequences(x, Placed.output(launch.output()), axis, 0, count);
  }

  /** One of them alone. */
  Sequences only(long number) {
    return new Sequences(x, out, axis, before + number, 1);
  }

  /** Elements of a sequence. */
  long n() {
    return x.extents()[axis];
  }

  /** The distance of elements in bytes. */
  long stride() {
    return x.strides()[axis];
  }

  /** The distance of elements in bytes in the result. */
  long outStride() {
    return out.strides()[axis];
  }

  /** The address of a sequence's first element. */
  long from(long number) {
    return at(x, number);
  }

  /** The address of the first element of its result. */
  long to(long number) {
    return at(out, number);
  }

  private long at(Placed array, long number) {
    int rank = array.extents().length;
    long inner = array.count(axis + 1, rank);
    long sequence = before + number;
    return array.address()
        + array.distance(0, axis, sequence / inner)
        + array.distance(axis + 1, rank, sequence % inner);
  }
}
