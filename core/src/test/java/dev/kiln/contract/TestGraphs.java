package dev.kiln.contract;

import dev.kiln.DType;
import dev.kiln.Shape;
import dev.kiln.graph.ElementOp;
import dev.kiln.graph.Node;
import dev.kiln.graph.Op;
import dev.kiln.kernel.Bits;
import dev.kiln.kernel.ReduceOp;
import dev.kiln.kernel.Routine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Builds small graphs directly from nodes: no promotion, no simplification, so that what is written
 * is what is tested.
 */
public final class TestGraphs {
  /** All dtypes that arrays can have. */
  public static final List<DType> DTYPES =
      Arrays.stream(DType.values()).filter(t -> t.kind() != DType.Kind.COMPLEX).toList();

  private TestGraphs() {}

  /**
   * Whether an element-wise function takes arguments of a dtype; for WHERE, as its second and
   * third.
   */
  public static boolean takes(ElementOp function, DType dtype) {
    return switch (function) {
      case CAST, EQUAL, NOT_EQUAL, WHERE -> true;
      case ABS, ADD, FLOOR_DIVIDE, GREATER, GREATER_EQUAL, LESS, LESS_EQUAL, MAXIMUM, MINIMUM ->
          dtype.isNumeric();
      case MULTIPLY, NEGATIVE, POW, REMAINDER, SIGN, SUBTRACT -> dtype.isNumeric();
      case BITWISE_AND, BITWISE_INVERT, BITWISE_OR, BITWISE_XOR -> !dtype.isFloat();
      case BITWISE_LEFT_SHIFT, BITWISE_RIGHT_SHIFT -> dtype.isInteger();
      case ACOS, ACOSH, ASIN, ASINH, ATAN, ATAN2, ATANH, CEIL, COPYSIGN, COS, COSH, DIVIDE ->
          dtype.isFloat();
      case EXP, EXPM1, FLOOR, HYPOT, ISFINITE, ISINF, ISNAN, LOG, LOG1P, LOG2, LOG10 ->
          dtype.isFloat();
      case CBRT, ERF, ERFC, EXP2, NORMAL_CDF, RSQRT, SIGMOID, SOFTPLUS -> dtype.isFloat();
      case RELAXED_ATAN, RELAXED_LOG10, RELAXED_LOG2, RELAXED_SIGMOID -> dtype.isFloat();
      case LOGADDEXP, NEXTAFTER, ROUND, SIGNBIT, SIN, SINH, SQRT, TAN, TANH, TRUNC ->
          dtype.isFloat();
    };
  }

  /** Whether a reduction takes elements of a dtype. */
  public static boolean takes(ReduceOp function, DType dtype) {
    return switch (function) {
      case SUM, PROD, ARGMIN, ARGMAX -> dtype.isNumeric();
      case MIN, MAX -> true;
      case MEAN, SQUARED_DEVIATIONS -> dtype.isFloat();
    };
  }

  /** Elements in memory, in the form of {@link Bits}. */
  public static Node source(DType dtype, Shape shape, long... bits) {
    if (shape.size() != bits.length) {
      throw new AssertionError(bits.length + " elements for shape " + shape);
    }
    return Node.of(new Op.Source(TestBuffer.constant(dtype, bits)), List.of(), dtype, shape);
  }

  /** A 1-d array of float32. */
  public static Node floats(double... values) {
    long[] bits = Arrays.stream(values).mapToLong(v -> Bits.of((float) v)).toArray();
    return source(DType.FLOAT32, Shape.of(values.length), bits);
  }

  /** A 1-d array of float64. */
  public static Node doubles(double... values) {
    return source(
        DType.FLOAT64,
        Shape.of(values.length),
        Arrays.stream(values).mapToLong(Bits::of).toArray());
  }

  /** A 1-d array of integers or bools, wrapped to the dtype. */
  public static Node integers(DType dtype, long... values) {
    return source(
        dtype,
        Shape.of(values.length),
        Arrays.stream(values).map(v -> Bits.wrap(dtype, v)).toArray());
  }

  /** A 0-d scalar. */
  public static Node scalar(DType dtype, long bits) {
    return Node.of(new Op.Scalar(bits), List.of(), dtype, Shape.of());
  }

  /** Row-major numbers from 0. */
  public static Node iota(Shape shape) {
    return Node.of(new Op.Iota(), List.of(), DType.INT64, shape);
  }

  /** A function of inputs that share their dtype, which are broadcast to their common shape. */
  public static Node map(ElementOp function, Node... inputs) {
    Shape shape = Shape.of();
    for (Node input : inputs) {
      shape = Shape.broadcast(shape, input.shape());
    }
    List<Node> typed = new ArrayList<>();
    for (Node input : inputs) {
      typed.add(broadcast(input, shape));
    }
    DType argument = inputs[inputs.length - 1].dtype();
    for (int k = function == ElementOp.WHERE ? 1 : 0; k < inputs.length; k++) {
      if (inputs[k].dtype() != argument) {
        throw new AssertionError(function + " of " + argument + " and " + inputs[k].dtype());
      }
    }
    return Node.of(
        new Op.Map(function), typed, isPredicate(function) ? DType.BOOL : argument, shape);
  }

  private static boolean isPredicate(ElementOp function) {
    return switch (function) {
      case EQUAL,
          GREATER,
          GREATER_EQUAL,
          ISFINITE,
          ISINF,
          ISNAN,
          LESS,
          LESS_EQUAL,
          NOT_EQUAL,
          SIGNBIT ->
          true;
      default -> false;
    };
  }

  /** astype; a node of its own even to the same dtype. */
  public static Node cast(Node x, DType dtype) {
    return Node.of(new Op.Map(ElementOp.CAST), List.of(x), dtype, x.shape());
  }

  /** x repeated to a shape; x itself where it has that shape. */
  public static Node broadcast(Node x, Shape shape) {
    return x.shape().equals(shape) ? x : Node.of(new Op.Broadcast(), List.of(x), x.dtype(), shape);
  }

  /** The same elements under another shape. */
  public static Node reshape(Node x, long... extents) {
    Shape shape = Shape.of(extents);
    if (shape.size() != x.shape().size()) {
      throw new AssertionError("reshape of " + x.shape() + " to " + shape);
    }
    return Node.of(new Op.Reshape(), List.of(x), x.dtype(), shape);
  }

  /** Axis k is axis {@code axes[k]} of x. */
  public static Node permute(Node x, int... axes) {
    long[] extents = Arrays.stream(axes).mapToLong(axis -> x.shape().extent(axis)).toArray();
    return Node.of(
        new Op.Permute(Arrays.stream(axes).boxed().toList()),
        List.of(x),
        x.dtype(),
        Shape.of(extents));
  }

  /** Index i of axis k is index {@code starts[k] + i * steps[k]} of x. */
  public static Node slice(Node x, long[] starts, long[] steps, long[] extents) {
    for (int k = 0; k < extents.length; k++) {
      long last = starts[k] + (extents[k] - 1) * steps[k];
      boolean inside = starts[k] >= 0 && starts[k] < x.shape().extent(k);
      inside &= last >= 0 && last < x.shape().extent(k);
      if (extents[k] > 0 && !inside) {
        throw new AssertionError("slice of axis " + k + " of " + x.shape() + " from " + starts[k]);
      }
    }
    return Node.of(
        new Op.Slice(Arrays.stream(starts).boxed().toList(), Arrays.stream(steps).boxed().toList()),
        List.of(x),
        x.dtype(),
        Shape.of(extents));
  }

  /** x with some axes backwards. */
  public static Node flip(Node x, int... axes) {
    long[] starts = new long[x.shape().rank()];
    long[] steps = new long[x.shape().rank()];
    Arrays.fill(steps, 1);
    for (int axis : axes) {
      starts[axis] = Math.max(0, x.shape().extent(axis) - 1);
      steps[axis] = -1;
    }
    return slice(x, starts, steps, x.shape().toArray());
  }

  /** The parts one after another along an axis. */
  public static Node concat(int axis, Node... parts) {
    long[] extents = parts[0].shape().toArray();
    extents[axis] = Arrays.stream(parts).mapToLong(part -> part.shape().extent(axis)).sum();
    return Node.of(new Op.Concat(axis), List.of(parts), parts[0].dtype(), Shape.of(extents));
  }

  /** A routine that keeps its input's shape. */
  public static Node call(Routine routine, Node x) {
    DType dtype = routine instanceof Routine.ArgSort ? DType.INT64 : x.dtype();
    return Node.of(new Op.Call(routine), List.of(x), dtype, x.shape());
  }

  /** The product of matrices with equal axes before the last two. */
  public static Node matmul(Node x, Node y) {
    long[] extents = x.shape().toArray();
    extents[extents.length - 1] = y.shape().extent(extents.length - 1);
    return Node.of(new Op.Call(new Routine.MatMul()), List.of(x, y), x.dtype(), Shape.of(extents));
  }

  /** The transform of real numbers along the last axis. */
  public static Node rfft(Node x) {
    long[] extents = Arrays.copyOf(x.shape().toArray(), x.shape().rank() + 1);
    extents[extents.length - 2] = extents[extents.length - 2] / 2 + 1;
    extents[extents.length - 1] = 2;
    return Node.of(new Op.Call(new Routine.RealFft()), List.of(x), x.dtype(), Shape.of(extents));
  }

  /** A reduction over ascending axes. */
  public static Node reduce(ReduceOp function, Node x, int... axes) {
    List<Integer> reduced = Arrays.stream(axes).boxed().toList();
    long[] left =
        IntStream.range(0, x.shape().rank())
            .filter(axis -> !reduced.contains(axis))
            .mapToLong(axis -> x.shape().extent(axis))
            .toArray();
    boolean index = function == ReduceOp.ARGMAX || function == ReduceOp.ARGMIN;
    return Node.of(
        new Op.Reduce(function, reduced),
        List.of(x),
        index ? DType.INT64 : x.dtype(),
        Shape.of(left));
  }
}
