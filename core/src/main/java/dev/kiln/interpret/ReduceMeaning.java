package dev.kiln.interpret;

import dev.kiln.DType;
import dev.kiln.Shape;
import dev.kiln.kernel.Bits;
import dev.kiln.kernel.ReduceOp;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongBinaryOperator;
import java.util.function.ToLongFunction;

/**
 * What each reduction means.
 *
 * <p>Sums and products of floats leave axes of extent 1 out of account and take each run of
 * adjacent reduced axes as one sequence in row-major order, the last run first. All other
 * reductions take all reduced axes together as one sequence in row-major order.
 */
final class ReduceMeaning {
  private ReduceMeaning() {}

  /**
   * The reduced elements, in row-major order of the axes that are left.
   *
   * @param axes ascending
   * @param dtype of the elements
   * @param shape of the elements
   */
  static long[] reduce(ReduceOp function, List<Integer> axes, DType dtype, Shape shape, long[] x) {
    ToLongFunction<long[]> meaning = sequence -> ofSequence(function, dtype, sequence);
    boolean runByRun = dtype.isFloat() && (function == ReduceOp.SUM || function == ReduceOp.PROD);
    return runByRun ? runByRun(x, shape, axes, meaning) : along(x, shape, axes, meaning);
  }

  private static long[] runByRun(
      long[] x, Shape shape, List<Integer> axes, ToLongFunction<long[]> meaning) {
    List<Long> extents = new ArrayList<>();
    List<Integer> left = new ArrayList<>();
    for (int axis = 0; axis < shape.rank(); axis++) {
      if (shape.extent(axis) != 1) {
        if (axes.contains(axis)) {
          left.add(extents.size());
        }
        extents.add(shape.extent(axis));
      }
    }
    if (left.isEmpty()) {
      // Every element is a sequence of its own, which makes its NaN canonical.
      left.add(extents.size());
      extents.add(1L);
    }
    long[] values = x;
    while (!left.isEmpty()) {
      int start = left.size() - 1;
      while (start > 0 && left.get(start - 1) == left.get(start) - 1) {
        start--;
      }
      List<Integer> run = List.copyOf(left.subList(start, left.size()));
      values = along(values, shapeOf(extents), run, meaning);
      left.subList(start, left.size()).clear();
      extents.subList(run.getFirst(), run.getLast() + 1).clear();
    }
    return values;
  }

  /**
   * Reduces, for every index of the other axes, the sequence that the given axes form in row-major
   * order.
   */
  private static long[] along(
      long[] x, Shape shape, List<Integer> axes, ToLongFunction<long[]> meaning) {
    int[] starts = places(shape, axes, false);
    int[] steps = places(shape, axes, true);
    long[] out = new long[starts.length];
    for (int k = 0; k < out.length; k++) {
      Interrupts.check();
      long[] sequence = new long[steps.length];
      for (int i = 0; i < sequence.length; i++) {
        sequence[i] = x[starts[k] + steps[i]];
      }
      out[k] = meaning.applyAsLong(sequence);
    }
    return out;
  }

  /** The element numbers met along the given axes, or along all others, at index 0 of the rest. */
  private static int[] places(Shape shape, List<Integer> axes, boolean given) {
    long[] dense = shape.rowMajorStrides();
    List<Long> extents = new ArrayList<>();
    List<Long> strides = new ArrayList<>();
    for (int axis = 0; axis < shape.rank(); axis++) {
      if (axes.contains(axis) == given) {
        extents.add(shape.extent(axis));
        strides.add(dense[axis]);
      }
    }
    return ViewMeaning.places(0, strides.stream().mapToLong(s -> s).toArray(), shapeOf(extents));
  }

  private static Shape shapeOf(List<Long> extents) {
    return Shape.of(extents.stream().mapToLong(extent -> extent).toArray());
  }

  private static long ofSequence(ReduceOp function, DType dtype, long[] x) {
    return switch (function) {
      case SUM ->
          dtype.isFloat()
              ? Bits.canonical(dtype, new CanonicalOrder(dtype).sum(x))
              : fold(dtype, x, 0, Long::sum);
      case PROD ->
          dtype.isFloat()
              ? Bits.canonical(dtype, new CanonicalOrder(dtype).product(x))
              : fold(dtype, x, 1, (a, b) -> a * b);
      case MIN, MAX -> extreme(function, dtype, x);
      case ARGMIN -> indexOf(dtype, x, extreme(ReduceOp.MIN, dtype, x));
      case ARGMAX -> indexOf(dtype, x, extreme(ReduceOp.MAX, dtype, x));
      case MEAN -> Bits.canonical(dtype, new CanonicalOrder(dtype).mean(x));
      case SQUARED_DEVIATIONS ->
          Bits.canonical(dtype, new CanonicalOrder(dtype).squaredDeviations(x));
    };
  }

  private static long fold(DType dtype, long[] x, long first, LongBinaryOperator combine) {
    long result = first;
    for (long element : x) {
      result = Bits.wrap(dtype, combine.applyAsLong(result, element));
    }
    return result;
  }

  /**
   * MIN or MAX: NaN wins, −0 is below +0. No elements have none, which whoever builds the graph
   * refuses.
   */
  private static long extreme(ReduceOp function, DType dtype, long[] x) {
    if (x.length == 0) {
      throw new AssertionError(function + " of an empty sequence");
    }
    boolean largest = function == ReduceOp.MAX;
    long result = Bits.canonical(dtype, x[0]);
    for (long element : x) {
      if (dtype.isFloat()) {
        double a = Bits.asDouble(dtype, result);
        double b = Bits.asDouble(dtype, element);
        result = Bits.ofDouble(dtype, largest ? Math.max(a, b) : Math.min(a, b));
      } else {
        int order =
            dtype.isUnsigned()
                ? Long.compareUnsigned(element, result)
                : Long.compare(element, result);
        result = (largest ? order > 0 : order < 0) ? element : result;
      }
    }
    return Bits.canonical(dtype, result);
  }

  /** The first index of a value; −0 and +0 are the same value, and so are all NaNs. */
  private static long indexOf(DType dtype, long[] x, long value) {
    for (int i = 0; i < x.length; i++) {
      boolean same =
          dtype.isFloat()
              ? Bits.asDouble(dtype, x[i]) == Bits.asDouble(dtype, value)
                  || (Double.isNaN(Bits.asDouble(dtype, x[i]))
                      && Double.isNaN(Bits.asDouble(dtype, value)))
              : x[i] == value;
      if (same) {
        return i;
      }
    }
    throw new AssertionError("an extreme value that no element has");
  }
}
