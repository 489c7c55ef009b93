package dev.kiln.graph;

/**
 * The element-wise functions of a graph. Their typing is in {@code Build}, their meaning in the
 * interpreter; the names are the array API standard's.
 */
public enum ElementOp {
  ABS(1),
  ACOS(1),
  ACOSH(1),
  ADD(2),
  ASIN(1),
  ASINH(1),
  ATAN(1),
  ATAN2(2),
  ATANH(1),
  /** Also logical_and, on bool. */
  BITWISE_AND(2),
  /** Also logical_not, on bool. */
  BITWISE_INVERT(1),
  BITWISE_LEFT_SHIFT(2),
  /** Also logical_or, on bool. */
  BITWISE_OR(2),
  BITWISE_RIGHT_SHIFT(2),
  /** Also logical_xor, on bool. */
  BITWISE_XOR(2),
  /** astype: the node's dtype says to what. */
  CAST(1),
  CEIL(1),
  COPYSIGN(2),
  COS(1),
  COSH(1),
  DIVIDE(2),
  EQUAL(2),
  EXP(1),
  EXPM1(1),
  FLOOR(1),
  FLOOR_DIVIDE(2),
  GREATER(2),
  GREATER_EQUAL(2),
  HYPOT(2),
  ISFINITE(1),
  ISINF(1),
  ISNAN(1),
  LESS(2),
  LESS_EQUAL(2),
  LOG(1),
  LOG1P(1),
  LOG2(1),
  LOG10(1),
  LOGADDEXP(2),
  MAXIMUM(2),
  MINIMUM(2),
  MULTIPLY(2),
  NEGATIVE(1),
  NEXTAFTER(2),
  NOT_EQUAL(2),
  POW(2),
  REMAINDER(2),
  ROUND(1),
  SIGN(1),
  SIGNBIT(1),
  SIN(1),
  SINH(1),
  SQRT(1),
  SUBTRACT(2),
  TAN(1),
  TANH(1),
  TRUNC(1),
  /** condition (bool), value where true, value where false. */
  WHERE(3);

  private final int arity;

  ElementOp(int arity) {
    this.arity = arity;
  }

  /** The number of inputs. */
  public int arity() {
    return arity;
  }

  /** The function's name as users write it: {@code floor_divide}. */
  public String label() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
