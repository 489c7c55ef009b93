package dev.kiln.lower;

import dev.kiln.DType;
import dev.kiln.graph.ElementOp;
import dev.kiln.kernel.Body.Value;
import dev.kiln.kernel.Opcode;
import dev.kiln.kernel.function.FloatParts;
import dev.kiln.kernel.function.FloorDivision;
import dev.kiln.kernel.function.Power;
import dev.kiln.kernel.function.Rounding;
import java.util.List;

/**
 * Each element-wise function of the graph as kernel instructions.
 *
 * <p>Add and multiply stay two instructions, each rounded by itself: fused ones occur only within
 * elementary functions. NaNs are not made canonical here but by the caller ({@link #canonical}),
 * before a value is stored or its sign bit is looked at by SIGNBIT or COPYSIGN; nothing else
 * depends on a NaN's bits.
 */
public final class Expansion {
  private Expansion() {}

  /**
   * Applies a function to values of one body.
   *
   * @param function what to compute
   * @param result the dtype of the result
   * @param arguments as many as the function takes, typed as {@code Build} makes them
   */
  public static Value expand(ElementOp function, DType result, List<Value> arguments) {
    if (arguments.size() != function.arity()) {
      throw new AssertionError(function + " takes " + function.arity() + " arguments");
    }
    Value x = arguments.getFirst();
    Value y = arguments.get(Math.min(1, arguments.size() - 1));
    DType type = x.dtype();
    return switch (function) {
      case ABS -> type.isUnsigned() ? x : x.abs();
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
          function.elementary().apply(arguments);
      case ADD -> x.add(y);
      case BITWISE_AND -> x.and(y);
      case BITWISE_INVERT -> x.not();
      case BITWISE_LEFT_SHIFT -> shiftLeft(x, y);
      case BITWISE_OR -> x.or(y);
      case BITWISE_RIGHT_SHIFT -> shiftRight(x, y);
      case BITWISE_XOR -> x.xor(y);
      case CAST -> cast(x, result);
      case CEIL -> type.isFloat() ? Rounding.ceil(x) : x;
      case COPYSIGN -> FloatParts.copySign(x, y);
      case DIVIDE -> x.div(y);
      case EQUAL -> x.eq(y);
      case FLOOR -> type.isFloat() ? Rounding.floor(x) : x;
      case FLOOR_DIVIDE ->
          type.isFloat() ? FloorDivision.floorDivide(x, y) : call(Opcode.FLOOR_DIV, x, y);
      case GREATER -> x.gt(y);
      case GREATER_EQUAL -> x.ge(y);
      case ISFINITE -> type.isFloat() ? x.abs().lt(Double.POSITIVE_INFINITY) : constant(x, true);
      case ISINF -> type.isFloat() ? x.abs().eq(Double.POSITIVE_INFINITY) : constant(x, false);
      case ISNAN -> type.isFloat() ? x.ne(x) : constant(x, false);
      case LESS -> x.lt(y);
      case LESS_EQUAL -> x.le(y);
      case MAXIMUM -> type == DType.BOOL ? x.or(y) : x.max(y);
      case MINIMUM -> type == DType.BOOL ? x.and(y) : x.min(y);
      case MULTIPLY -> x.mul(y);
      case NEGATIVE -> x.neg();
      case NEXTAFTER -> FloatParts.nextAfter(x, y);
      case NOT_EQUAL -> x.ne(y);
      case POW -> type.isFloat() ? Power.pow(x, y) : call(Opcode.INTEGER_POW, x, y);
      case REMAINDER ->
          type.isFloat() ? FloorDivision.remainder(x, y) : call(Opcode.FLOOR_MOD, x, y);
      case ROUND -> type.isFloat() ? Rounding.round(x) : x;
      case SIGN -> sign(x);
      case SIGNBIT -> FloatParts.signBit(x);
      case SQRT -> x.sqrt();
      case SUBTRACT -> x.sub(y);
      case TRUNC -> type.isFloat() ? Rounding.trunc(x) : x;
      case WHERE -> x.select(y, arguments.get(2));
    };
  }

  /** A float with every NaN made the canonical one; any other value as it is. */
  public static Value canonical(Value x) {
    return x.dtype().isFloat() ? x.eq(x).select(x, x.like(Double.NaN)) : x;
  }

  private static Value call(Opcode op, Value... arguments) {
    return arguments[0].body().apply(op, arguments[0].dtype(), arguments);
  }

  private static Value constant(Value x, boolean value) {
    return x.body().constant(DType.BOOL, value ? 1 : 0);
  }

  private static Value zero(Value x) {
    return x.like(0L);
  }

  /** An amount beyond the number of bits, or negative, shifts everything out. */
  private static Value shiftLeft(Value x, Value amount) {
    return inRange(amount).select(call(Opcode.SHL, x, amount), zero(x));
  }

  /** Likewise; a negative value leaves its sign. */
  private static Value shiftRight(Value x, Value amount) {
    if (x.dtype().isUnsigned()) {
      return inRange(amount).select(call(Opcode.SHR, x, amount), zero(x));
    }
    Value most = amount.like((long) x.dtype().bits() - 1);
    return call(Opcode.SHR, x, inRange(amount).select(amount, most));
  }

  private static Value inRange(Value amount) {
    Value below = amount.lt(amount.like((long) amount.dtype().bits()));
    return amount.dtype().isUnsigned() ? below : below.and(amount.ge(zero(amount)));
  }

  /** −1, 0 or 1; NaN for NaN. */
  private static Value sign(Value x) {
    if (x.dtype().isUnsigned()) {
      return x.ne(zero(x)).select(x.like(1L), x);
    }
    Value zeroOrNaN = x.dtype().isFloat() ? x.eq(0.0).select(zero(x), x) : zero(x);
    Value notPositive = x.lt(zero(x)).select(x.like(-1L), zeroOrNaN);
    return x.gt(zero(x)).select(x.like(1L), notPositive);
  }

  /**
   * astype: integers wrap, bool is 0 or 1, to bool is x ≠ 0, to floats rounds to nearest even, and
   * floats to integers go towards zero, saturating, NaN to 0.
   */
  private static Value cast(Value x, DType to) {
    if (to == x.dtype()) {
      return x;
    }
    if (to == DType.BOOL) {
      return x.ne(zero(x));
    }
    if (!x.dtype().isFloat()) {
      return x.cast(to);
    }
    return switch (to) {
      case FLOAT32, FLOAT64, INT32, INT64 -> x.cast(to);
      case INT8 -> clamped(x.cast(DType.INT32), Byte.MIN_VALUE, Byte.MAX_VALUE).cast(to);
      case INT16 -> clamped(x.cast(DType.INT32), Short.MIN_VALUE, Short.MAX_VALUE).cast(to);
      case UINT8 -> clamped(x.cast(DType.INT32), 0, 0xff).cast(to);
      case UINT16 -> clamped(x.cast(DType.INT32), 0, 0xffff).cast(to);
      case UINT32 -> clamped(x.cast(DType.INT64), 0, 0xffff_ffffL).cast(to);
      case UINT64 -> castToUint64(x);
      case BOOL, COMPLEX64, COMPLEX128 -> throw new AssertionError("cast to " + to);
    };
  }

  private static Value clamped(Value x, long least, long most) {
    return x.max(x.like(least)).min(x.like(most));
  }

  /** From 2<sup>63</sup> on, 2<sup>63</sup> is taken off, exactly, and put back as the top bit. */
  private static Value castToUint64(Value x) {
    Value high = x.ge(0x1p63);
    Value rest = high.select(x.sub(0x1p63), x).cast(DType.INT64);
    Value top = high.select(rest.like(Long.MIN_VALUE), zero(rest));
    return rest.max(zero(rest)).xor(top).cast(DType.UINT64);
  }
}
