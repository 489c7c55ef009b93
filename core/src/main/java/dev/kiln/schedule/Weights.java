package dev.kiln.schedule;

import dev.kiln.graph.ElementOp;
import dev.kiln.graph.Node;
import dev.kiln.graph.Op;

/**
 * What nodes cost an element, in simple vector instructions; rough, and good enough to decide what
 * to compute twice.
 */
final class Weights {
  private Weights() {}

  static int of(Node node) {
    return node.op() instanceof Op.Map map ? of(map.function(), node) : 0;
  }

  private static int of(ElementOp function, Node node) {
    return switch (function) {
      case ABS,
          ADD,
          BITWISE_AND,
          BITWISE_INVERT,
          BITWISE_OR,
          BITWISE_XOR,
          EQUAL,
          GREATER,
          GREATER_EQUAL,
          LESS,
          LESS_EQUAL,
          MULTIPLY,
          NEGATIVE,
          NOT_EQUAL,
          SUBTRACT,
          ISNAN,
          WHERE ->
          1;
      case BITWISE_LEFT_SHIFT,
          BITWISE_RIGHT_SHIFT,
          CAST,
          COPYSIGN,
          ISFINITE,
          ISINF,
          MAXIMUM,
          MINIMUM,
          SIGN,
          SIGNBIT ->
          3;
      case CEIL, FLOOR, ROUND, TRUNC, DIVIDE, SQRT -> 6;
      case FLOOR_DIVIDE, REMAINDER -> node.dtype().isFloat() ? 40 : 20;
      case NEXTAFTER -> 10;
      case CBRT, EXP, EXP2, RSQRT -> 16;
      case ACOS,
          ACOSH,
          ASIN,
          ASINH,
          ATAN,
          ATAN2,
          ATANH,
          COS,
          COSH,
          ERF,
          ERFC,
          EXPM1,
          HYPOT,
          LOG,
          LOG1P,
          LOG2,
          LOG10,
          LOGADDEXP,
          NORMAL_CDF,
          SIGMOID,
          RELAXED_ATAN,
          RELAXED_LOG10,
          RELAXED_LOG2,
          RELAXED_SIGMOID,
          SIN,
          SINH,
          SOFTPLUS,
          TAN,
          TANH ->
          40;
      case POW -> node.dtype().isFloat() ? 80 : 100;
    };
  }
}
