package dev.kiln;

import java.util.Arrays;
import java.util.StringJoiner;

/**
 * The extents of an array, axis by axis; immutable. A 0-d array has the empty shape and one
 * element.
 */
public final class Shape {
  private static final Shape SCALAR = new Shape(new long[0]);

  private final long[] extents;
  private final long size;

  private Shape(long[] extents) {
    this.extents = extents;
    long product = 1;
    boolean empty = false;
    for (long extent : extents) {
      if (extent < 0) {
        throw new KilnException(
            "negative extent in shape "
                + Arrays.toString(extents)
                + "; every extent must be at least 0");
      }
      empty |= extent == 0;
    }
    if (!empty) {
      for (long extent : extents) {
        try {
          product = Math.multiplyExact(product, extent);
        } catch (ArithmeticException e) {
          throw new KilnException(
              "shape "
                  + Arrays.toString(extents)
                  + " has more than 2^63 - 1 elements; use a smaller shape",
              e);
        }
      }
    }
    this.size = empty ? 0 : product;
  }

  /**
   * The shape of these extents; {@code Shape.of()} is that of a 0-d array.
   *
   * @throws KilnException for a negative extent, or more than 2<sup>63</sup> − 1 elements
   */
  public static Shape of(long... extents) {
    return extents.length == 0 ? SCALAR : new Shape(extents.clone());
  }

  /** The number of axes. */
  public int rank() {
    return extents.length;
  }

  /** The extent of an axis, {@code 0 <= axis < rank()}. */
  public long extent(int axis) {
    return extents[axis];
  }

  /** The number of elements: the product of the extents, 1 for a 0-d array. */
  public long size() {
    return size;
  }

  /** A copy of the extents. */
  public long[] toArray() {
    return extents.clone();
  }

  /** Row-major strides in elements, as a dense array of this shape has them. */
  public long[] rowMajorStrides() {
    long[] strides = new long[extents.length];
    long stride = 1;
    for (int axis = extents.length - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= Math.max(1, extents[axis]);
    }
    return strides;
  }

  /**
   * The axis that a possibly negative number means.
   *
   * @throws KilnException where it is out of range
   */
  public int axis(int axis) {
    if (axis < -rank() || axis >= rank()) {
      throw new KilnException(
          "axis "
              + axis
              + " is out of range for shape "
              + this
              + (rank() == 0
                  ? ", which has no axes"
                  : "; expected " + -rank() + " to " + (rank() - 1)));
    }
    return axis < 0 ? axis + rank() : axis;
  }

  /**
   * The shape that arrays of both shapes broadcast to.
   *
   * @throws KilnException where an axis has two different extents and neither is 1
   */
  public static Shape broadcast(Shape a, Shape b) {
    if (a.equals(b)) {
      return a;
    }
    int rank = Math.max(a.rank(), b.rank());
    long[] extents = new long[rank];
    for (int i = 1; i <= rank; i++) {
      long x = i <= a.rank() ? a.extents[a.rank() - i] : 1;
      long y = i <= b.rank() ? b.extents[b.rank() - i] : 1;
      if (x != y && x != 1 && y != 1) {
        throw new KilnException(
            "shapes "
                + a
                + " and "
                + b
                + " cannot be broadcast together: axis -"
                + i
                + " has extents "
                + x
                + " and "
                + y
                + ", which must be equal or one of them 1");
      }
      extents[rank - i] = x == 1 ? y : x;
    }
    return of(extents);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape shape && Arrays.equals(extents, shape.extents);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(extents);
  }

  /** As Python writes a tuple: {@code (3, 4)}, {@code (5,)}, {@code ()}. */
  @Override
  public String toString() {
    if (extents.length == 1) {
      return "(" + extents[0] + ",)";
    }
    StringJoiner text = new StringJoiner(", ", "(", ")");
    for (long extent : extents) {
      text.add(Long.toString(extent));
    }
    return text.toString();
  }
}
