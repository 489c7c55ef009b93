package dev.kiln.graph;

import dev.kiln.kernel.function.Elementary;
import org.jspecify.annotations.Nullable;

/**
 * The element-wise functions of a graph. Their typing is in {@code Build}, their meaning in the
 * interpreter; the names are the array API standard's. A relaxed one stands for the function whose
 * name it carries; rewriting puts it there in engines that are asked to be relaxed.
 */
public enum ElementOp {
  ABS(1),
  ACOS(Elementary.ACOS),
  ACOSH(Elementary.ACOSH),
  ADD(2),
  ASIN(Elementary.ASIN),
  ASINH(Elementary.ASINH),
  ATAN(Elementary.ATAN),
  ATAN2(Elementary.ATAN2),
  ATANH(Elementary.ATANH),
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
  CBRT(Elementary.CBRT),
  CEIL(1),
  COPYSIGN(2),
  COS(Elementary.COS),
  COSH(Elementary.COSH),
  DIVIDE(2),
  EQUAL(2),
  ERF(Elementary.ERF),
  ERFC(Elementary.ERFC),
  EXP(Elementary.EXP),
  EXP2(Elementary.EXP2),
  EXPM1(Elementary.EXPM1),
  FLOOR(1),
  FLOOR_DIVIDE(2),
  GREATER(2),
  GREATER_EQUAL(2),
  HYPOT(Elementary.HYPOT),
  ISFINITE(1),
  ISINF(1),
  ISNAN(1),
  LESS(2),
  LESS_EQUAL(2),
  LOG(Elementary.LOG),
  LOG1P(Elementary.LOG1P),
  LOG2(Elementary.LOG2),
  LOG10(Elementary.LOG10),
  LOGADDEXP(Elementary.LOGADDEXP),
  MAXIMUM(2),
  MINIMUM(2),
  MULTIPLY(2),
  NEGATIVE(1),
  NEXTAFTER(2),
  NORMAL_CDF(Elementary.NORMAL_CDF),
  NOT_EQUAL(2),
  POW(2),
  RELAXED_ATAN(Elementary.RELAXED_ATAN),
  RELAXED_LOG10(Elementary.RELAXED_LOG10),
  RELAXED_LOG2(Elementary.RELAXED_LOG2),
  RELAXED_SIGMOID(Elementary.RELAXED_SIGMOID),
  REMAINDER(2),
  ROUND(1),
  RSQRT(Elementary.RSQRT),
  SIGMOID(Elementary.SIGMOID),
  SIGN(1),
  SIGNBIT(1),
  SIN(Elementary.SIN),
  SINH(Elementary.SINH),
  SOFTPLUS(Elementary.SOFTPLUS),
  SQRT(1),
  SUBTRACT(2),
  TAN(Elementary.TAN),
  TANH(Elementary.TANH),
  TRUNC(1),
  /** condition (bool), value where true, value where false. */
  WHERE(3);

  private final int arity;
  private final @Nullable Elementary elementary;

  ElementOp(int arity) {
    this.arity = arity;
    this.elementary = null;
  }

  ElementOp(Elementary elementary) {
    this.arity = elementary.arity();
    this.elementary = elementary;
  }

  /** The definition of an elementary function of floats; to be asked of no other. */
  public Elementary elementary() {
    if (elementary == null) {
      throw new AssertionError(this + " is no elementary function");
    }
    return elementary;
  }

  /** The cheaper form of this function that relaxed engines use; itself where there is none. */
  public ElementOp relaxed() {
    return switch (this) {
      case ATAN -> RELAXED_ATAN;
      case LOG10 -> RELAXED_LOG10;
      case LOG2 -> RELAXED_LOG2;
      case SIGMOID -> RELAXED_SIGMOID;
      default -> this;
    };
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
