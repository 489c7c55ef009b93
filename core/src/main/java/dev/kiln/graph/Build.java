package dev.kiln.graph;

import dev.kiln.DType;
import dev.kiln.KilnException;
import dev.kiln.Shape;
import dev.kiln.kernel.Bits;
import dev.kiln.spi.Buffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Typed constructors of leaves and element-wise nodes. {@link BuildViews} and {@link
 * BuildReductions} make the rest.
 *
 * <p>Here every shape and dtype is checked, before anything is computed, and every conversion and
 * repetition becomes a node of its own: the inputs of a {@link Op.Map} have its shape, and those of
 * an arithmetic function share a dtype. A constructor that would do nothing returns its input.
 */
public final class Build {
  private Build() {}

  /** Elements in memory; the buffer is exactly as long as they are. */
  public static Node source(Buffer buffer, DType dtype, Shape shape) {
    requireReal("an array", dtype);
    if (buffer.byteSize() != shape.size() * dtype.bytes()) {
      throw new AssertionError(
          "a buffer of " + buffer.byteSize() + " bytes for " + dtype + " " + shape);
    }
    return Node.of(new Op.Source(buffer), List.of(), dtype, shape);
  }

  /** A 0-d scalar in the form of {@link Bits}. */
  public static Node scalar(DType dtype, long bits) {
    requireReal("a scalar", dtype);
    return Node.of(new Op.Scalar(bits), List.of(), dtype, Shape.of());
  }

  /**
   * The 0-d scalar that a whole number written beside an array of this dtype means; in floating
   * point it is rounded.
   *
   * @throws KilnException where the dtype is bool or an integer type that does not hold the number
   */
  public static Node number(DType dtype, long value) {
    requireReal("a scalar", dtype);
    if (dtype == DType.BOOL) {
      throw new KilnException(
          "the number "
              + value
              + " does not go with a bool array; convert the array with astype, for example to"
              + " int64");
    }
    boolean fits =
        dtype == DType.UINT64 ? value >= 0 : dtype.isFloat() || Bits.wrap(dtype, value) == value;
    if (!fits) {
      throw new KilnException(
          value
              + " does not fit "
              + dtype
              + " ("
              + range(dtype)
              + "); convert the array with astype to a dtype that holds it");
    }
    return scalar(dtype, Bits.ofLong(dtype, value));
  }

  /**
   * The 0-d scalar that a floating-point number written beside an array of this dtype means,
   * rounded to the dtype.
   *
   * @throws KilnException where the dtype is not float32 or float64
   */
  public static Node number(DType dtype, double value) {
    requireReal("a scalar", dtype);
    if (!dtype.isFloat()) {
      throw new KilnException(
          "the floating-point number "
              + value
              + " does not go with an array of "
              + dtype
              + "; convert the array with astype, for example to float64, or give a whole number");
    }
    return scalar(dtype, Bits.ofDouble(dtype, value));
  }

  /** The row-major numbers 0, 1, 2, … as int64. */
  public static Node iota(Shape shape) {
    return Node.of(new Op.Iota(), List.of(), DType.INT64, shape);
  }

  /** The same elements as another dtype; the rules of conversion are those of {@code astype}. */
  public static Node cast(Node x, DType dtype) {
    requireReal("astype", dtype);
    return x.dtype() == dtype
        ? x
        : Node.of(new Op.Map(ElementOp.CAST), List.of(x), dtype, x.shape());
  }

  /**
   * The array itself.
   *
   * @throws KilnException for bool
   */
  public static Node positive(Node x) {
    check("positive", Takes.NUMERIC, x.dtype());
    return x;
  }

  /** {@code 1 / x} of a floating-point array. */
  public static Node reciprocal(Node x) {
    check("reciprocal", Takes.FLOAT, x.dtype());
    return map(ElementOp.DIVIDE, number(x.dtype(), 1), x);
  }

  /** Whether each element is not 0 (NaN is not), as bool. */
  public static Node nonzero(Node x) {
    return cast(x, DType.BOOL);
  }

  /** Elements of {@code ifTrue} where the bool condition holds and of {@code ifFalse} elsewhere. */
  public static Node where(Node condition, Node ifTrue, Node ifFalse) {
    return map(ElementOp.WHERE, condition, ifTrue, ifFalse);
  }

  /**
   * One of the bitwise functions as a logical one: {@code logical_and} is {@code BITWISE_AND} on
   * bool.
   *
   * @throws KilnException where an input is not bool
   */
  public static Node logical(ElementOp function, Node... inputs) {
    for (Node input : inputs) {
      if (input.dtype() != DType.BOOL) {
        throw new KilnException(
            function.label().replace("bitwise", "logical").replace("invert", "not")
                + " takes bool arrays, given "
                + input.dtype()
                + "; compare first, for example with notEqual(0), or use the bitwise function");
      }
    }
    return map(function, inputs);
  }

  /**
   * An element-wise function other than {@code CAST}: the inputs are converted to their common
   * dtype and broadcast to their common shape.
   *
   * @throws KilnException where the shapes do not broadcast or the function does not take the dtype
   */
  public static Node map(ElementOp function, Node... inputs) {
    if (inputs.length != function.arity() || function == ElementOp.CAST) {
      throw new AssertionError(function + " of " + inputs.length + " inputs");
    }
    boolean where = function == ElementOp.WHERE;
    if (where && inputs[0].dtype() != DType.BOOL) {
      throw new KilnException(
          "where takes a bool condition, given "
              + inputs[0].dtype()
              + "; compare first, for example with notEqual(0)");
    }
    int first = where ? 1 : 0;
    DType common = commonDType(List.of(inputs).subList(first, inputs.length));
    check(function.label(), takes(function), common);
    Shape shape = commonShape(inputs);
    if (common.isInteger()) {
      switch (function) {
        case CEIL, FLOOR, ROUND, TRUNC -> {
          return inputs[0];
        }
        case ISFINITE -> {
          return BuildViews.broadcastTo(scalar(DType.BOOL, 1), shape);
        }
        case ISINF, ISNAN -> {
          return BuildViews.broadcastTo(scalar(DType.BOOL, 0), shape);
        }
        default -> {
          // Every other function has work to do.
        }
      }
    }
    List<Node> typed = new ArrayList<>();
    for (int k = 0; k < inputs.length; k++) {
      Node input = k < first ? inputs[k] : cast(inputs[k], common);
      typed.add(BuildViews.broadcastTo(input, shape));
    }
    DType result = takes(function).predicate ? DType.BOOL : common;
    return Node.of(new Op.Map(function), typed, result, shape);
  }

  /** The dtype that all these are promoted to. */
  static DType commonDType(List<Node> inputs) {
    DType common = inputs.getFirst().dtype();
    for (Node input : inputs) {
      common = DType.promote(common, input.dtype());
    }
    return common;
  }

  private static Shape commonShape(Node... inputs) {
    Shape shape = inputs[0].shape();
    for (Node input : inputs) {
      shape = Shape.broadcast(shape, input.shape());
    }
    return shape;
  }

  /** What dtypes a function takes, and whether it answers with bool instead of the same dtype. */
  private enum Takes {
    ANY("arrays", false),
    NUMERIC("integer or floating-point arrays", false),
    FLOAT("floating-point arrays", false),
    INTEGER("integer arrays", false),
    INTEGER_OR_BOOL("integer or bool arrays", false),
    ANY_TO_BOOL("arrays", true),
    NUMERIC_TO_BOOL("integer or floating-point arrays", true),
    FLOAT_TO_BOOL("floating-point arrays", true);

    final String what;
    final boolean predicate;

    Takes(String what, boolean predicate) {
      this.what = what;
      this.predicate = predicate;
    }

    boolean accepts(DType dtype) {
      return switch (this) {
        case ANY, ANY_TO_BOOL -> dtype.kind() != DType.Kind.COMPLEX;
        case NUMERIC, NUMERIC_TO_BOOL -> dtype.isNumeric();
        case FLOAT, FLOAT_TO_BOOL -> dtype.isFloat();
        case INTEGER -> dtype.isInteger();
        case INTEGER_OR_BOOL -> dtype.isInteger() || dtype == DType.BOOL;
      };
    }

    String cure() {
      return switch (this) {
        case ANY, ANY_TO_BOOL -> "use the real and imaginary parts";
        case FLOAT, FLOAT_TO_BOOL -> "convert with astype, for example to float64";
        case NUMERIC, NUMERIC_TO_BOOL, INTEGER, INTEGER_OR_BOOL ->
            "convert with astype, for example to int64";
      };
    }
  }

  private static Takes takes(ElementOp function) {
    return switch (function) {
      case CAST, WHERE -> Takes.ANY;
      case EQUAL, NOT_EQUAL -> Takes.ANY_TO_BOOL;
      case GREATER, GREATER_EQUAL, LESS, LESS_EQUAL, ISFINITE, ISINF, ISNAN ->
          Takes.NUMERIC_TO_BOOL;
      case SIGNBIT -> Takes.FLOAT_TO_BOOL;
      case ABS,
          ADD,
          CEIL,
          FLOOR,
          FLOOR_DIVIDE,
          MAXIMUM,
          MINIMUM,
          MULTIPLY,
          NEGATIVE,
          POW,
          REMAINDER,
          ROUND,
          SIGN,
          SUBTRACT,
          TRUNC ->
          Takes.NUMERIC;
      case BITWISE_AND, BITWISE_INVERT, BITWISE_OR, BITWISE_XOR -> Takes.INTEGER_OR_BOOL;
      case BITWISE_LEFT_SHIFT, BITWISE_RIGHT_SHIFT -> Takes.INTEGER;
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
          TANH ->
          Takes.FLOAT;
    };
  }

  private static void check(String label, Takes takes, DType dtype) {
    if (!takes.accepts(dtype)) {
      throw new KilnException(
          label + " takes " + takes.what + ", given " + dtype + "; " + takes.cure());
    }
  }

  /**
   * Refuses complex dtypes.
   *
   * @throws KilnException for a complex dtype
   */
  static void requireReal(String what, DType dtype) {
    if (dtype.kind() == DType.Kind.COMPLEX) {
      throw new KilnException(
          what
              + " of "
              + dtype
              + " was asked for, but complex arrays are not supported yet; use two real arrays");
    }
  }

  private static String range(DType dtype) {
    return switch (dtype) {
      case INT8, INT16, INT32 ->
          -(1L << (dtype.bits() - 1)) + " to " + ((1L << (dtype.bits() - 1)) - 1);
      case INT64 -> Long.MIN_VALUE + " to " + Long.MAX_VALUE;
      case UINT8, UINT16, UINT32 -> "0 to " + ((1L << dtype.bits()) - 1);
      case UINT64 -> "0 to " + Long.toUnsignedString(-1L);
      case BOOL, FLOAT32, FLOAT64, COMPLEX64, COMPLEX128 ->
          throw new AssertionError("not an integer dtype: " + dtype);
    };
  }
}
