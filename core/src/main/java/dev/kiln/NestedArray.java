package dev.kiln;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.List;

/**
 * A Java array of arrays such as {@code double[][]}: its shape, checked to be rectangular, and its
 * elements.
 *
 * @param rows the innermost arrays in row-major order
 * @param dtype of the elements
 * @param shape of the whole
 */
record NestedArray(List<Object> rows, DType dtype, Shape shape) {
  /**
   * Looks through nested arrays.
   *
   * @throws KilnException where it is not an array of primitives, an inner array is null, or inner
   *     arrays differ in length
   */
  static NestedArray of(Object nested) {
    Class<?> type = nested.getClass();
    int rank = 0;
    while (type.isArray()) {
      type = type.getComponentType();
      rank++;
    }
    if (rank == 0 || !type.isPrimitive() || type == char.class) {
      throw new KilnException(
          "array takes a Java array of numbers or booleans such as double[][], given "
              + nested.getClass().getTypeName()
              + (rank == 0 ? "; use scalar for a single number" : "; convert its elements"));
    }
    long[] extents = new long[rank];
    Object first = nested;
    for (int axis = 0; axis < rank; axis++) {
      extents[axis] = first == null ? 0 : Array.getLength(first);
      first = axis + 1 < rank && extents[axis] > 0 ? Array.get(first, 0) : null;
    }
    List<Object> rows = new ArrayList<>();
    collect(nested, extents, 0, "", rows);
    return new NestedArray(rows, dtype(type), Shape.of(extents));
  }

  private static void collect(
      Object array, long[] extents, int axis, String index, List<Object> rows) {
    int length = Array.getLength(array);
    if (length != extents[axis]) {
      throw new KilnException(
          "a ragged array: "
              + index
              + " has "
              + length
              + " elements where the first has "
              + extents[axis]
              + "; all arrays of one level must be of one length");
    }
    if (axis == extents.length - 1) {
      rows.add(array);
      return;
    }
    for (int k = 0; k < length; k++) {
      Object inner = Array.get(array, k);
      String place = index + "[" + k + "]";
      if (inner == null) {
        throw new KilnException("the inner array " + place + " is null; give every inner array");
      }
      collect(inner, extents, axis + 1, place, rows);
    }
  }

  private static DType dtype(Class<?> type) {
    if (type == float.class) {
      return DType.FLOAT32;
    } else if (type == double.class) {
      return DType.FLOAT64;
    } else if (type == int.class) {
      return DType.INT32;
    } else if (type == long.class) {
      return DType.INT64;
    } else if (type == short.class) {
      return DType.INT16;
    } else if (type == byte.class) {
      return DType.INT8;
    } else if (type == boolean.class) {
      return DType.BOOL;
    }
    throw new AssertionError("no such primitive: " + type);
  }

  /** Writes the elements in row-major order. */
  void copyTo(MemorySegment target) {
    long at = 0;
    for (Object row : rows) {
      at += copy(row, target, at);
    }
  }

  private static long copy(Object row, MemorySegment target, long at) {
    if (row instanceof boolean[] flags) {
      for (int k = 0; k < flags.length; k++) {
        target.set(ValueLayout.JAVA_BYTE, at + k, (byte) (flags[k] ? 1 : 0));
      }
      return flags.length;
    }
    MemorySegment source =
        switch (row) {
          case float[] values -> MemorySegment.ofArray(values);
          case double[] values -> MemorySegment.ofArray(values);
          case int[] values -> MemorySegment.ofArray(values);
          case long[] values -> MemorySegment.ofArray(values);
          case short[] values -> MemorySegment.ofArray(values);
          case byte[] values -> MemorySegment.ofArray(values);
          default -> throw new AssertionError("no primitive array: " + row.getClass());
        };
    MemorySegment.copy(source, 0, target, at, source.byteSize());
    return source.byteSize();
  }
}
