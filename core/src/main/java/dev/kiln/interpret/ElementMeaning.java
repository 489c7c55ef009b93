package dev.kiln.interpret;

import dev.kiln.DType;
import dev.kiln.graph.ElementOp;
import dev.kiln.kernel.Bits;
import dev.kiln.kernel.function.Elementary;
import dev.kiln.kernel.function.Library;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntPredicate;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;

/**
 * What each element-wise function means for one element, from the definitions of the array API
 * standard 2024.12 and, where that leaves a choice, NumPy's.
 *
 * <p>Scalars are in the form of {@link Bits}. Floats are computed in their own precision, integers
 * wrap, and a NaN result is always the canonical one.
 */
public final class ElementMeaning {
  private ElementMeaning() {}

  /**
   * The value of a function.
   *
   * @param function what to compute
   * @param result the dtype of the result
   * @param argument the dtype of the first argument; the others share it, except those of WHERE,
   *     which have the result's
   * @param x the arguments, as many as the function takes; not changed
   */
  public static long apply(ElementOp function, DType result, DType argument, long... x) {
    if (x.length != function.arity()) {
      throw new AssertionError(
          function + " takes " + function.arity() + " arguments, got " + x.length);
    }
    return Bits.canonical(result, meaning(function, result, argument, x));
  }

  private static long meaning(ElementOp function, DType result, DType t, long[] x) {
    return switch (function) {
      case ABS -> t.isUnsigned() ? x[0] : number(t, x, Math::abs, Math::abs, Math::abs);
      case ADD -> number(t, x, (a, b) -> a + b, (a, b) -> a + b, (a, b) -> a + b);
      case BITWISE_AND -> Bits.wrap(t, x[0] & x[1]);
      case BITWISE_INVERT -> t == DType.BOOL ? 1 - x[0] : Bits.wrap(t, ~x[0]);
      case BITWISE_LEFT_SHIFT -> isShift(t, x[1]) ? Bits.wrap(t, x[0] << x[1]) : 0;
      case BITWISE_OR -> Bits.wrap(t, x[0] | x[1]);
      case BITWISE_RIGHT_SHIFT -> rightShift(t, x[0], x[1]);
      case BITWISE_XOR -> Bits.wrap(t, x[0] ^ x[1]);
      case CAST -> CastMeaning.apply(t, result, x[0]);
      case CEIL -> t.isFloat() ? real(t, x, a -> (float) Math.ceil(a), Math::ceil) : x[0];
      case COPYSIGN -> (x[0] & ~signMask(t)) | (x[1] & signMask(t));
      case ACOS,
          ACOSH,
          ASIN,
          ASINH,
          ATAN,
          ATAN2,
          ATANH,
          CBRT,
          COS,
          COSH,
          ERF,
          ERFC,
          EXP,
          EXP2,
          EXPM1,
          HYPOT,
          LOG,
          LOG1P,
          LOG2,
          LOG10,
          LOGADDEXP,
          NORMAL_CDF,
          RSQRT,
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
          Composite.of(function.elementary(), t).apply(x);
      case DIVIDE -> real(t, x, (a, b) -> a / b, (a, b) -> a / b);
      case EQUAL -> compare(t, x, (a, b) -> a == b, order -> order == 0);
      case FLOOR -> t.isFloat() ? real(t, x, a -> (float) Math.floor(a), Math::floor) : x[0];
      case FLOOR_DIVIDE ->
          t.isFloat()
              ? real(t, x, Library::floorDivide, Library::floorDivide)
              : floorDivide(t, x[0], x[1]);
      case GREATER -> compare(t, x, (a, b) -> a > b, order -> order > 0);
      case GREATER_EQUAL -> compare(t, x, (a, b) -> a >= b, order -> order >= 0);
      case ISFINITE -> bool(!t.isFloat() || Double.isFinite(Bits.asDouble(t, x[0])));
      case ISINF -> bool(t.isFloat() && Double.isInfinite(Bits.asDouble(t, x[0])));
      case ISNAN -> bool(t.isFloat() && Double.isNaN(Bits.asDouble(t, x[0])));
      case LESS -> compare(t, x, (a, b) -> a < b, order -> order < 0);
      case LESS_EQUAL -> compare(t, x, (a, b) -> a <= b, order -> order <= 0);
      case MAXIMUM ->
          t.isFloat() ? real(t, x, Math::max, Math::max) : order(t, x) >= 0 ? x[0] : x[1];
      case MINIMUM ->
          t.isFloat() ? real(t, x, Math::min, Math::min) : order(t, x) <= 0 ? x[0] : x[1];
      case MULTIPLY -> number(t, x, (a, b) -> a * b, (a, b) -> a * b, (a, b) -> a * b);
      case NEGATIVE -> number(t, x, a -> -a, a -> -a, a -> -a);
      case NEXTAFTER -> real(t, x, Math::nextAfter, Math::nextAfter);
      case NOT_EQUAL -> compare(t, x, (a, b) -> a != b, order -> order != 0);
      case POW ->
          t.isFloat()
              ? Composite.of(Elementary.POW, t).apply(x)
              : Bits.wrap(t, Library.integerPow(x[0], x[1], t.isUnsigned()));
      case REMAINDER ->
          t.isFloat() ? real(t, x, Library::floorMod, Library::floorMod) : remainder(t, x[0], x[1]);
      case ROUND -> t.isFloat() ? real(t, x, a -> (float) Math.rint(a), Math::rint) : x[0];
      case SIGN -> sign(t, x[0]);
      case SIGNBIT -> bool((x[0] & signMask(t)) != 0);
      case SQRT -> real(t, x, a -> (float) Math.sqrt(a), Math::sqrt);
      case SUBTRACT -> number(t, x, (a, b) -> a - b, (a, b) -> a - b, (a, b) -> a - b);
      case TRUNC -> t.isFloat() ? real(t, x, a -> (float) trunc(a), ElementMeaning::trunc) : x[0];
      case WHERE -> x[0] != 0 ? x[1] : x[2];
    };
  }

  /** Towards zero, the sign of zero kept. */
  private static double trunc(double a) {
    return a < 0 ? Math.ceil(a) : Math.floor(a);
  }

  private static long sign(DType t, long x) {
    if (!t.isFloat()) {
      return x == 0 ? 0 : x < 0 && !t.isUnsigned() ? -1 : 1;
    }
    double value = Bits.asDouble(t, x);
    return Bits.ofDouble(t, value > 0 ? 1 : value < 0 ? -1 : value == 0 ? 0.0 : value);
  }

  private static long signMask(DType t) {
    return switch (t) {
      case FLOAT32 -> 1L << 31;
      case FLOAT64 -> 1L << 63;
      default -> throw new AssertionError("not a floating-point dtype: " + t);
    };
  }

  /** Whether that shift moves less than all bits; a negative amount, seen as unsigned, does not. */
  private static boolean isShift(DType t, long amount) {
    return amount >= 0 && amount < t.bits();
  }

  private static long rightShift(DType t, long x, long amount) {
    if (t.isUnsigned()) {
      return isShift(t, amount) ? x >>> amount : 0;
    }
    return x >> (isShift(t, amount) ? amount : 63);
  }

  private static long floorDivide(DType t, long a, long b) {
    if (b == 0) {
      return 0;
    }
    return Bits.wrap(t, t.isUnsigned() ? Long.divideUnsigned(a, b) : Math.floorDiv(a, b));
  }

  private static long remainder(DType t, long a, long b) {
    if (b == 0) {
      return 0;
    }
    return Bits.wrap(t, t.isUnsigned() ? Long.remainderUnsigned(a, b) : Math.floorMod(a, b));
  }

  /**
   * Negative, 0 or positive as the first integer or bool is less than, equal to or greater than the
   * second.
   */
  private static int order(DType t, long[] x) {
    return t.isUnsigned() ? Long.compareUnsigned(x[0], x[1]) : Long.compare(x[0], x[1]);
  }

  /**
   * A comparison: of floats by the relation, false wherever NaN is compared but for "unequal"; else
   * by order.
   */
  private static long compare(DType t, long[] x, RealRelation relation, IntPredicate byOrder) {
    return bool(
        t.isFloat()
            ? relation.holds(Bits.asDouble(t, x[0]), Bits.asDouble(t, x[1]))
            : byOrder.test(order(t, x)));
  }

  private static long bool(boolean value) {
    return value ? 1 : 0;
  }

  private static long number(
      DType t,
      long[] x,
      FloatUnary float32,
      DoubleUnaryOperator float64,
      LongUnaryOperator integer) {
    return t.isFloat() ? real(t, x, float32, float64) : Bits.wrap(t, integer.applyAsLong(x[0]));
  }

  private static long number(
      DType t,
      long[] x,
      FloatBinary float32,
      DoubleBinaryOperator float64,
      LongBinaryOperator integer) {
    return t.isFloat()
        ? real(t, x, float32, float64)
        : Bits.wrap(t, integer.applyAsLong(x[0], x[1]));
  }

  private static long real(DType t, long[] x, FloatUnary float32, DoubleUnaryOperator float64) {
    return switch (t) {
      case FLOAT32 -> Bits.of(float32.apply(Bits.toFloat(x[0])));
      case FLOAT64 -> Bits.of(float64.applyAsDouble(Bits.toDouble(x[0])));
      default -> throw new AssertionError("not a floating-point dtype: " + t);
    };
  }

  private static long real(DType t, long[] x, FloatBinary float32, DoubleBinaryOperator float64) {
    return switch (t) {
      case FLOAT32 -> Bits.of(float32.apply(Bits.toFloat(x[0]), Bits.toFloat(x[1])));
      case FLOAT64 -> Bits.of(float64.applyAsDouble(Bits.toDouble(x[0]), Bits.toDouble(x[1])));
      default -> throw new AssertionError("not a floating-point dtype: " + t);
    };
  }

  @FunctionalInterface
  private interface FloatUnary {
    float apply(float a);
  }

  @FunctionalInterface
  private interface FloatBinary {
    float apply(float a, float b);
  }

  @FunctionalInterface
  private interface RealRelation {
    boolean holds(double a, double b);
  }
}
