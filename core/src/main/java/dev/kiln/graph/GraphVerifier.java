package dev.kiln.graph;

import dev.kiln.DType;
import dev.kiln.Shape;
import dev.kiln.kernel.Bits;
import dev.kiln.kernel.ReduceOp;
import java.util.ArrayList;
import java.util.List;

/**
 * The rules of the graph language, executable. {@link Build} keeps them for users with errors of
 * its own; here they are checked again after each rewriting pass. It looks at types only, never
 * into a buffer.
 */
public final class GraphVerifier {
  private GraphVerifier() {}

  /**
   * Checks every node that the roots need.
   *
   * @throws AssertionError naming the first malformed node and the rule it breaks
   */
  public static void check(List<Node> roots) {
    for (Node node : Graphs.topological(roots)) {
      check(node);
    }
  }

  private static void check(Node node) {
    switch (node.op()) {
      case Op.Source source -> inputs(node, 0);
      case Op.Scalar scalar -> scalar(node, scalar);
      case Op.Iota iota -> {
        inputs(node, 0);
        require(node.dtype() == DType.INT64, node, "iota is int64");
      }
      case Op.Map map -> map(node, map.function());
      case Op.Broadcast broadcast -> broadcast(node);
      case Op.Reshape reshape -> {
        view(node);
        require(
            node.shape().size() == node.input(0).shape().size(),
            node,
            "another number of elements");
      }
      case Op.Permute permute -> permute(node, permute);
      case Op.Slice slice -> slice(node, slice);
      case Op.Concat concat -> concat(node, concat.axis());
      case Op.Reduce reduce -> reduce(node, reduce);
      case Op.Call call -> {
        String broken = RoutineTypes.broken(call.routine(), node);
        require(broken.isEmpty(), node, broken);
      }
    }
  }

  private static void scalar(Node node, Op.Scalar scalar) {
    inputs(node, 0);
    require(node.shape().rank() == 0, node, "a scalar is 0-d");
    DType dtype = node.dtype();
    long form =
        switch (dtype) {
          case FLOAT32 -> scalar.bits() & 0xffff_ffffL;
          case FLOAT64 -> scalar.bits();
          case COMPLEX64, COMPLEX128 -> throw malformed(node, "a complex scalar");
          default -> Bits.wrap(dtype, scalar.bits());
        };
    require(form == scalar.bits(), node, "bits beyond the dtype");
  }

  private static void map(Node node, ElementOp function) {
    inputs(node, function.arity());
    for (Node input : node.inputs()) {
      require(input.shape().equals(node.shape()), node, "an input of another shape");
      require(isReal(input.dtype()), node, "a complex input");
    }
    int first = function == ElementOp.WHERE ? 1 : 0;
    DType x = node.input(first).dtype();
    for (int k = first; k < node.inputs().size(); k++) {
      require(node.input(k).dtype() == x, node, "inputs of different dtypes");
    }
    DType result =
        switch (function) {
          case CAST -> node.dtype();
          case WHERE -> {
            require(node.input(0).dtype() == DType.BOOL, node, "a condition that is not bool");
            yield x;
          }
          case EQUAL, NOT_EQUAL, GREATER, GREATER_EQUAL, LESS, LESS_EQUAL -> DType.BOOL;
          case ISFINITE, ISINF, ISNAN -> {
            require(x.isNumeric(), node, "takes numbers");
            yield DType.BOOL;
          }
          case SIGNBIT -> {
            require(x.isFloat(), node, "takes floats");
            yield DType.BOOL;
          }
          case MAXIMUM, MINIMUM -> x;
          case ABS,
              ADD,
              CEIL,
              FLOOR,
              FLOOR_DIVIDE,
              MULTIPLY,
              NEGATIVE,
              POW,
              REMAINDER,
              ROUND,
              SIGN,
              SUBTRACT,
              TRUNC -> {
            require(x.isNumeric(), node, "takes numbers");
            yield x;
          }
          case BITWISE_AND, BITWISE_INVERT, BITWISE_OR, BITWISE_XOR -> {
            require(x.isInteger() || x == DType.BOOL, node, "takes integers or bool");
            yield x;
          }
          case BITWISE_LEFT_SHIFT, BITWISE_RIGHT_SHIFT -> {
            require(x.isInteger(), node, "takes integers");
            yield x;
          }
          case ACOS,
              ACOSH,
              ASIN,
              ASINH,
              ATAN,
              ATAN2,
              ATANH,
              CBRT,
              COPYSIGN,
              COS,
              COSH,
              DIVIDE,
              ERF,
              ERFC,
              EXP,
              EXP2,
              NORMAL_CDF,
              RSQRT,
              SIGMOID,
              SOFTPLUS,
              EXPM1,
              HYPOT,
              LOG,
              LOG1P,
              LOG2,
              LOG10,
              LOGADDEXP,
              NEXTAFTER,
              RELAXED_ATAN,
              RELAXED_LOG10,
              RELAXED_LOG2,
              RELAXED_SIGMOID,
              SIN,
              SINH,
              SQRT,
              TAN,
              TANH -> {
            require(x.isFloat(), node, "takes floats");
            yield x;
          }
        };
    require(node.dtype() == result && isReal(result), node, "a result of another dtype");
  }

  private static void broadcast(Node node) {
    view(node);
    Shape from = node.input(0).shape();
    int added = node.shape().rank() - from.rank();
    require(added >= 0, node, "fewer axes than its input");
    for (int axis = 0; axis < from.rank(); axis++) {
      long extent = from.extent(axis);
      require(
          extent == 1 || extent == node.shape().extent(axis + added),
          node,
          "an axis repeated whose extent is not 1");
    }
  }

  private static void permute(Node node, Op.Permute permute) {
    view(node);
    Shape from = node.input(0).shape();
    boolean[] used = new boolean[from.rank()];
    require(
        permute.axes().size() == used.length && node.shape().rank() == used.length,
        node,
        "another number of axes");
    for (int k = 0; k < used.length; k++) {
      int axis = permute.axes().get(k);
      require(axis >= 0 && axis < used.length && !used[axis], node, "not a permutation");
      used[axis] = true;
      require(
          node.shape().extent(k) == from.extent(axis), node, "the shape of another permutation");
    }
  }

  private static void slice(Node node, Op.Slice slice) {
    view(node);
    Shape from = node.input(0).shape();
    int rank = from.rank();
    require(
        node.shape().rank() == rank
            && slice.starts().size() == rank
            && slice.steps().size() == rank,
        node,
        "another number of axes");
    for (int axis = 0; axis < rank; axis++) {
      long start = slice.starts().get(axis);
      long step = slice.steps().get(axis);
      long extent = node.shape().extent(axis);
      require(step != 0, node, "a step of 0");
      if (extent > 0) {
        require(start >= 0 && start < from.extent(axis), node, "a start out of range");
        long last = last(node, start, step, extent);
        require(last >= 0 && last < from.extent(axis), node, "an end out of range");
      }
    }
  }

  private static long last(Node node, long start, long step, long extent) {
    try {
      return Math.addExact(start, Math.multiplyExact(extent - 1, step));
    } catch (ArithmeticException overflow) {
      throw new AssertionError(malformed(node, "an end out of range").getMessage(), overflow);
    }
  }

  private static void concat(Node node, int axis) {
    require(!node.inputs().isEmpty(), node, "no inputs");
    Shape shape = node.shape();
    require(axis >= 0 && axis < shape.rank(), node, "no such axis");
    long total = 0;
    for (Node input : node.inputs()) {
      require(input.dtype() == node.dtype(), node, "an input of another dtype");
      require(input.shape().rank() == shape.rank(), node, "an input with another number of axes");
      for (int k = 0; k < shape.rank(); k++) {
        require(
            k == axis || input.shape().extent(k) == shape.extent(k), node, "inputs that don't fit");
      }
      total += input.shape().extent(axis);
    }
    require(total == shape.extent(axis), node, "another extent than its inputs together");
  }

  private static void reduce(Node node, Op.Reduce reduce) {
    inputs(node, 1);
    Node x = node.input(0);
    require(!reduce.axes().isEmpty(), node, "no axes");
    List<Long> kept = new ArrayList<>();
    int next = 0;
    for (int axis = 0; axis < x.shape().rank(); axis++) {
      if (next < reduce.axes().size() && reduce.axes().get(next) == axis) {
        next++;
      } else {
        kept.add(x.shape().extent(axis));
      }
    }
    require(next == reduce.axes().size(), node, "axes not ascending or out of range");
    long[] extents = kept.stream().mapToLong(Long::longValue).toArray();
    require(node.shape().equals(Shape.of(extents)), node, "another shape than the kept axes");
    DType result =
        switch (reduce.function()) {
          case SUM, PROD -> {
            require(x.dtype().isNumeric(), node, "takes numbers");
            yield x.dtype();
          }
          case MIN, MAX -> x.dtype();
          case ARGMIN, ARGMAX -> DType.INT64;
          case MEAN, SQUARED_DEVIATIONS -> {
            require(x.dtype().isFloat(), node, "takes floats");
            yield x.dtype();
          }
        };
    require(isReal(x.dtype()) && node.dtype() == result, node, "a result of another dtype");
    require(
        x.shape().size() > 0 || node.shape().size() == 0 || !choosesElement(reduce.function()),
        node,
        "the extreme of no elements");
  }

  private static boolean choosesElement(ReduceOp function) {
    return switch (function) {
      case MIN, MAX, ARGMIN, ARGMAX -> true;
      case SUM, PROD, MEAN, SQUARED_DEVIATIONS -> false;
    };
  }

  private static void view(Node node) {
    inputs(node, 1);
    require(node.dtype() == node.input(0).dtype(), node, "a view of another dtype");
  }

  private static void inputs(Node node, int count) {
    require(
        node.inputs().size() == count,
        node,
        count == 0 ? "a leaf with inputs" : "another number of inputs");
  }

  private static boolean isReal(DType dtype) {
    return dtype.kind() != DType.Kind.COMPLEX;
  }

  private static void require(boolean holds, Node node, String rule) {
    if (!holds) {
      throw malformed(node, rule);
    }
  }

  private static AssertionError malformed(Node node, String rule) {
    return new AssertionError("malformed node: " + rule + ": " + node + " of " + node.inputs());
  }
}
