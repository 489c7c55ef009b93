package dev.kiln.graph;

import dev.kiln.DType;
import dev.kiln.KilnException;
import dev.kiln.Shape;
import dev.kiln.kernel.Bits;
import dev.kiln.kernel.ReduceOp;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Typed constructors of reductions. An empty list of axes means all of them; with {@code keepDims}
 * the reduced axes stay with extent 1.
 */
public final class BuildReductions {
  private BuildReductions() {}

  /**
   * One of the reductions that the graph knows.
   *
   * <p>{@code SUM} and {@code PROD} of bool and signed integers give int64, of unsigned ones
   * uint64, and of floats their own dtype; {@code MIN} and {@code MAX} give their input's dtype;
   * {@code ARGMIN} and {@code ARGMAX} int64, over one axis or all of them in row-major order;
   * {@code MEAN} and {@code SQUARED_DEVIATIONS} take and give floats.
   *
   * @throws KilnException for axes out of range or given twice, a dtype that the reduction does not
   *     take, or the extreme of no elements
   */
  public static Node reduce(ReduceOp function, Node x, List<Integer> axes, boolean keepDims) {
    List<Integer> reduced = chosen(x.shape(), axes);
    long count = count(x.shape(), reduced);
    String label = function.name().toLowerCase(Locale.ROOT);
    return switch (function) {
      case SUM, PROD -> {
        DType accumulator = accumulator(x.dtype());
        yield node(function, Build.cast(x, accumulator), reduced, accumulator, keepDims);
      }
      case MIN, MAX -> {
        requireElements(label, x, reduced, count);
        yield node(function, x, reduced, x.dtype(), keepDims);
      }
      case ARGMIN, ARGMAX -> {
        if (x.dtype() == DType.BOOL) {
          throw new KilnException(
              label + " takes integer or floating-point arrays, given bool; use astype(UINT8)");
        }
        if (reduced.size() > 1 && reduced.size() < x.shape().rank()) {
          throw new KilnException(
              label
                  + " goes over one axis or all of them, given "
                  + reduced
                  + " of shape "
                  + x.shape()
                  + "; reshape first to join axes");
        }
        requireElements(label, x, reduced, count);
        yield node(function, x, reduced, DType.INT64, keepDims);
      }
      case MEAN -> {
        requireFloat("mean", x);
        yield node(function, x, reduced, x.dtype(), keepDims);
      }
      case SQUARED_DEVIATIONS -> {
        requireFloat("var", x);
        yield node(function, x, reduced, x.dtype(), keepDims);
      }
    };
  }

  /**
   * The sum of squared deviations from the mean over max(n - correction, 0), of a floating-point
   * array.
   */
  public static Node variance(Node x, List<Integer> axes, boolean keepDims, double correction) {
    Node squares = reduce(ReduceOp.SQUARED_DEVIATIONS, x, axes, keepDims);
    double divisor = Math.max(count(x.shape(), chosen(x.shape(), axes)) - correction, 0);
    Node number = Build.scalar(x.dtype(), Bits.ofDouble(x.dtype(), divisor));
    return Build.map(ElementOp.DIVIDE, squares, number);
  }

  /** The square root of the {@linkplain #variance variance}. */
  public static Node deviation(Node x, List<Integer> axes, boolean keepDims, double correction) {
    requireFloat("std", x);
    return Build.map(ElementOp.SQRT, variance(x, axes, keepDims, correction));
  }

  /** Whether any element is not 0, as bool. */
  public static Node any(Node x, List<Integer> axes, boolean keepDims) {
    return truth(ReduceOp.MAX, x, axes, keepDims);
  }

  /** Whether all elements are not 0, as bool. */
  public static Node all(Node x, List<Integer> axes, boolean keepDims) {
    return truth(ReduceOp.MIN, x, axes, keepDims);
  }

  /** The number of elements that are not 0, as int64. */
  public static Node countNonzero(Node x, List<Integer> axes, boolean keepDims) {
    return reduce(ReduceOp.SUM, Build.nonzero(x), axes, keepDims);
  }

  private static Node truth(ReduceOp function, Node x, List<Integer> axes, boolean keepDims) {
    Shape shape = x.shape();
    List<Integer> reduced = chosen(shape, axes);
    if (count(shape, reduced) == 0) {
      // The extreme of nothing is no extreme, but any of nothing is false and all of nothing is
      // true.
      Node identity = Build.scalar(DType.BOOL, function == ReduceOp.MIN ? 1 : 0);
      return BuildViews.broadcastTo(identity, remaining(shape, reduced, keepDims));
    }
    return node(function, Build.nonzero(x), reduced, DType.BOOL, keepDims);
  }

  /** A reduction in the dtype given, whatever that is good for. */
  static Node node(ReduceOp function, Node x, List<Integer> axes, DType dtype, boolean keepDims) {
    if (x.shape().rank() == 0) {
      // A reduction has at least one axis.
      Node one = BuildViews.reshape(x, Shape.of(1));
      return Node.of(new Op.Reduce(function, List.of(0)), List.of(one), dtype, Shape.of());
    }
    Shape left = remaining(x.shape(), axes, false);
    Node result = Node.of(new Op.Reduce(function, axes), List.of(x), dtype, left);
    return keepDims ? BuildViews.reshape(result, remaining(x.shape(), axes, true)) : result;
  }

  private static List<Integer> chosen(Shape shape, List<Integer> axes) {
    return axes.isEmpty()
        ? IntStream.range(0, shape.rank()).boxed().toList()
        : BuildViews.normalised(shape, axes.stream().mapToInt(Integer::intValue).toArray()).stream()
            .sorted()
            .toList();
  }

  private static long count(Shape shape, List<Integer> axes) {
    // Not of the extents' product alone, which may overflow where another extent is 0.
    return Shape.of(axes.stream().mapToLong(shape::extent).toArray()).size();
  }

  private static Shape remaining(Shape shape, List<Integer> axes, boolean keepDims) {
    List<Long> extents = new ArrayList<>();
    for (int axis = 0; axis < shape.rank(); axis++) {
      if (!axes.contains(axis)) {
        extents.add(shape.extent(axis));
      } else if (keepDims) {
        extents.add(1L);
      }
    }
    return Shape.of(extents.stream().mapToLong(Long::longValue).toArray());
  }

  /** The dtype that sums and products are computed in. */
  static DType accumulator(DType dtype) {
    return switch (dtype.kind()) {
      case BOOL, SIGNED -> DType.INT64;
      case UNSIGNED -> DType.UINT64;
      case FLOAT, COMPLEX -> dtype;
    };
  }

  private static void requireFloat(String label, Node x) {
    if (!x.dtype().isFloat()) {
      throw new KilnException(
          label
              + " takes floating-point arrays, given "
              + x.dtype()
              + "; convert with astype(FLOAT64)");
    }
  }

  private static void requireElements(String label, Node x, List<Integer> axes, long count) {
    if (count == 0) {
      throw new KilnException(
          label
              + " over axes "
              + axes
              + " of shape "
              + x.shape()
              + " has no elements to choose from; reduce over axes whose extent is not 0");
    }
  }
}
