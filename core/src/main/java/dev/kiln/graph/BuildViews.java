package dev.kiln.graph;

import dev.kiln.DType;
import dev.kiln.KilnException;
import dev.kiln.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Typed constructors of views, and of joins of several arrays. Negative axes count from the end.
 * Where nothing changes the input itself comes back.
 */
public final class BuildViews {
  private BuildViews() {}

  /**
   * The same elements in row-major order under another shape; one extent may be -1 and is then
   * computed.
   *
   * @throws KilnException where the number of elements differs
   */
  public static Node reshape(Node x, long... extents) {
    long[] known = extents.clone();
    int open = -1;
    for (int axis = 0; axis < known.length; axis++) {
      if (known[axis] == -1) {
        if (open >= 0) {
          throw new KilnException(
              "reshape to "
                  + Arrays.toString(extents)
                  + ": only one extent may be -1; give the others");
        }
        open = axis;
        known[axis] = 1;
      }
    }
    if (open >= 0) {
      long size = x.shape().size();
      long rest = Shape.of(known).size();
      if (rest == 0 || size % rest != 0) {
        throw new KilnException(
            "cannot reshape "
                + x.shape()
                + ", which has "
                + size
                + " elements, to "
                + Arrays.toString(extents)
                + ": there is no single extent for -1; "
                + (rest == 0 ? "give it" : "the other extents' product must divide " + size));
      }
      known[open] = size / rest;
    }
    return reshape(x, Shape.of(known));
  }

  /**
   * The same elements in row-major order under another shape.
   *
   * @throws KilnException where the number of elements differs
   */
  public static Node reshape(Node x, Shape shape) {
    if (shape.size() != x.shape().size()) {
      throw new KilnException(
          "cannot reshape "
              + x.shape()
              + ", which has "
              + x.shape().size()
              + " elements, to "
              + shape
              + ", which has "
              + shape.size()
              + "; the numbers must be equal");
    }
    return shape.equals(x.shape()) ? x : Node.of(new Op.Reshape(), List.of(x), x.dtype(), shape);
  }

  /**
   * The axes in another order: axis k of the result is axis {@code axes[k]} of the input.
   *
   * @throws KilnException where the axes are not a permutation of all axes
   */
  public static Node permute(Node x, int... axes) {
    int rank = x.shape().rank();
    List<Integer> order = normalised(x.shape(), axes);
    if (order.size() != rank) {
      throw new KilnException(
          "permuteDims of shape "
              + x.shape()
              + " was given the axes "
              + Arrays.toString(axes)
              + "; expected each of its "
              + rank
              + " axes once");
    }
    if (order.equals(IntStream.range(0, rank).boxed().toList())) {
      return x;
    }
    long[] extents = order.stream().mapToLong(axis -> x.shape().extent(axis)).toArray();
    return Node.of(new Op.Permute(order), List.of(x), x.dtype(), Shape.of(extents));
  }

  /**
   * The axes swapped, of a matrix.
   *
   * @throws KilnException where the rank is not 2
   */
  public static Node transpose(Node x) {
    if (x.shape().rank() != 2) {
      throw new KilnException(
          "T is for 2-d arrays, given shape "
              + x.shape()
              + "; use permuteDims with the order of axes you mean");
    }
    return permute(x, 1, 0);
  }

  /**
   * A new axis of extent 1 before the given place, {@code -rank - 1 <= axis <= rank}.
   *
   * @throws KilnException where the place is out of range
   */
  public static Node expandDims(Node x, int axis) {
    int place = placeOfNew("expandDims", x.shape(), axis);
    List<Long> extents = extents(x.shape());
    extents.add(place, 1L);
    return reshape(x, shape(extents));
  }

  /** Where a new axis goes, from 0. */
  private static int placeOfNew(String what, Shape shape, int axis) {
    int rank = shape.rank();
    if (axis < -rank - 1 || axis > rank) {
      throw new KilnException(
          what
              + " at axis "
              + axis
              + " of shape "
              + shape
              + "; expected "
              + (-rank - 1)
              + " to "
              + rank);
    }
    return axis < 0 ? axis + rank + 1 : axis;
  }

  /**
   * Without the given axes, which have extent 1; given none, without all axes of extent 1.
   *
   * @throws KilnException where one of them has another extent
   */
  public static Node squeeze(Node x, int... axes) {
    List<Integer> gone = normalised(x.shape(), axes);
    for (int axis : gone) {
      if (x.shape().extent(axis) != 1) {
        throw new KilnException(
            "cannot squeeze axis "
                + axis
                + " of shape "
                + x.shape()
                + ": its extent is "
                + x.shape().extent(axis)
                + " and must be 1");
      }
    }
    List<Long> extents = new ArrayList<>();
    for (int axis = 0; axis < x.shape().rank(); axis++) {
      boolean drop = axes.length == 0 ? x.shape().extent(axis) == 1 : gone.contains(axis);
      if (!drop) {
        extents.add(x.shape().extent(axis));
      }
    }
    return reshape(x, shape(extents));
  }

  /**
   * The elements repeated to a shape that this one broadcasts to.
   *
   * @throws KilnException where it does not
   */
  public static Node broadcastTo(Node x, Shape shape) {
    if (x.shape().equals(shape)) {
      return x;
    }
    int added = shape.rank() - x.shape().rank();
    boolean fits = added >= 0;
    for (int axis = 0; fits && axis < x.shape().rank(); axis++) {
      long extent = x.shape().extent(axis);
      fits = extent == 1 || extent == shape.extent(axis + added);
    }
    if (!fits) {
      throw new KilnException(
          "shape "
              + x.shape()
              + " cannot be broadcast to "
              + shape
              + ": counted from the last axis, each extent must be equal or 1");
    }
    return Node.of(new Op.Broadcast(), List.of(x), x.dtype(), shape);
  }

  /**
   * Index i of axis k reads index {@code starts[k] + i * steps[k]}; steps may be negative, not 0.
   *
   * @throws KilnException where an index is out of range
   */
  public static Node slice(Node x, long[] starts, long[] steps, long[] extents) {
    Shape from = x.shape();
    if (starts.length != from.rank()
        || steps.length != from.rank()
        || extents.length != from.rank()) {
      throw new AssertionError("slice of rank " + starts.length + " of shape " + from);
    }
    List<Long> first = new ArrayList<>();
    List<Long> stride = new ArrayList<>();
    boolean changes = false;
    for (int axis = 0; axis < from.rank(); axis++) {
      checkRange(from, axis, starts[axis], steps[axis], extents[axis]);
      // One meaning, one node: what is never used is normalised.
      first.add(extents[axis] == 0 ? 0 : starts[axis]);
      stride.add(extents[axis] <= 1 ? 1 : steps[axis]);
      changes |=
          first.getLast() != 0 || stride.getLast() != 1 || extents[axis] != from.extent(axis);
    }
    return changes
        ? Node.of(new Op.Slice(first, stride), List.of(x), x.dtype(), Shape.of(extents))
        : x;
  }

  private static void checkRange(Shape from, int axis, long start, long step, long extent) {
    long n = from.extent(axis);
    boolean inside = step != 0 && extent >= 0;
    if (inside && extent > 0) {
      inside = start >= 0 && start < n;
      if (inside && extent > 1) {
        // Steps that fit: without overflow, since n and start are not negative.
        long room = step > 0 ? (n - 1 - start) / step : start / -Math.max(step, -Long.MAX_VALUE);
        inside = extent - 1 <= room;
      }
    }
    if (!inside) {
      throw new KilnException(
          extent
              + " elements from "
              + start
              + " in steps of "
              + step
              + " do not lie within axis "
              + axis
              + " of shape "
              + from);
    }
  }

  /**
   * The place that an index means, negative from the end, along an axis.
   *
   * @throws KilnException where it is out of range
   */
  public static long place(Shape shape, int axis, long index) {
    long n = shape.extent(axis);
    if (index < -n || index >= n) {
      throw new KilnException(
          "index "
              + index
              + " is out of range for axis "
              + axis
              + " of shape "
              + shape
              + (n == 0 ? ", which has no elements" : "; expected " + -n + " to " + (n - 1)));
    }
    return index < 0 ? index + n : index;
  }

  /** Backwards along the given axes; given none, along all. */
  public static Node flip(Node x, int... axes) {
    List<Integer> chosen = normalised(x.shape(), axes);
    int rank = x.shape().rank();
    long[] starts = new long[rank];
    long[] steps = new long[rank];
    for (int axis = 0; axis < rank; axis++) {
      boolean back = axes.length == 0 || chosen.contains(axis);
      starts[axis] = back ? Math.max(0, x.shape().extent(axis) - 1) : 0;
      steps[axis] = back ? -1 : 1;
    }
    return slice(x, starts, steps, x.shape().toArray());
  }

  /** Elements moved along an axis; what leaves one end enters at the other. */
  public static Node roll(Node x, long shift, int axis) {
    int at = x.shape().axis(axis);
    long n = x.shape().extent(at);
    long right = n == 0 ? 0 : Math.floorMod(shift, n);
    if (right == 0) {
      return x;
    }
    return concat(List.of(part(x, at, n - right, right), part(x, at, 0, n - right)), at);
  }

  /** Elements moved in row-major order; what leaves the end enters at the beginning. */
  public static Node roll(Node x, long shift) {
    return reshape(roll(reshape(x, Shape.of(x.shape().size())), shift, 0), x.shape());
  }

  private static Node part(Node x, int axis, long start, long extent) {
    long[] starts = new long[x.shape().rank()];
    long[] steps = LongStream.generate(() -> 1).limit(starts.length).toArray();
    long[] extents = x.shape().toArray();
    starts[axis] = start;
    extents[axis] = extent;
    return slice(x, starts, steps, extents);
  }

  /**
   * The arrays one after another along an axis, in their common dtype.
   *
   * @throws KilnException where there are none, or their other extents differ
   */
  public static Node concat(List<Node> parts, int axis) {
    requireSome("concat", parts);
    Shape first = parts.getFirst().shape();
    if (first.rank() == 0) {
      throw new KilnException("0-d arrays cannot be joined by concat; use stack");
    }
    int at = first.axis(axis);
    long[] extents = first.toArray();
    extents[at] = 0;
    for (Node part : parts) {
      Shape shape = part.shape();
      boolean fits = shape.rank() == first.rank();
      for (int k = 0; fits && k < shape.rank(); k++) {
        fits = k == at || shape.extent(k) == first.extent(k);
      }
      if (!fits) {
        throw new KilnException(
            "concat along axis "
                + at
                + " of shapes "
                + first
                + " and "
                + shape
                + ": all other extents must be equal");
      }
      if (shape.extent(at) > Long.MAX_VALUE - extents[at]) {
        throw new KilnException(
            "concat along axis " + at + " of more than 2^63 - 1 elements; join smaller arrays");
      }
      extents[at] += shape.extent(at);
    }
    List<Node> typed = promoted(parts);
    return typed.size() == 1
        ? typed.getFirst()
        : Node.of(new Op.Concat(at), typed, typed.getFirst().dtype(), Shape.of(extents));
  }

  /**
   * The arrays, all of one shape, along a new axis, in their common dtype.
   *
   * @throws KilnException where there are none, or their shapes differ
   */
  public static Node stack(List<Node> parts, int axis) {
    requireSome("stack", parts);
    Shape first = parts.getFirst().shape();
    int place = placeOfNew("stack", first, axis);
    List<Node> expanded = new ArrayList<>();
    for (Node part : parts) {
      if (!part.shape().equals(first)) {
        throw new KilnException(
            "stack of shapes "
                + first
                + " and "
                + part.shape()
                + ": all must be equal; use broadcastTo or reshape first");
      }
      expanded.add(expandDims(part, place));
    }
    return concat(expanded, place);
  }

  private static void requireSome(String what, List<Node> parts) {
    if (parts.isEmpty()) {
      throw new KilnException(what + " of no arrays; give at least one");
    }
  }

  private static List<Node> promoted(List<Node> parts) {
    DType common = Build.commonDType(parts);
    return parts.stream().map(part -> Build.cast(part, common)).toList();
  }

  /**
   * The axes as numbers from 0, in the order given.
   *
   * @throws KilnException where one is out of range or given twice
   */
  static List<Integer> normalised(Shape shape, int... axes) {
    List<Integer> result = new ArrayList<>();
    for (int axis : axes) {
      int at = shape.axis(axis);
      if (result.contains(at)) {
        throw new KilnException(
            "axis "
                + at
                + " of shape "
                + shape
                + " is given twice in "
                + Arrays.toString(axes)
                + "; give each axis once");
      }
      result.add(at);
    }
    return result;
  }

  private static List<Long> extents(Shape shape) {
    return new ArrayList<>(Arrays.stream(shape.toArray()).boxed().toList());
  }

  private static Shape shape(List<Long> extents) {
    return Shape.of(extents.stream().mapToLong(Long::longValue).toArray());
  }
}
