package dev.kiln.kernel;

import dev.kiln.DType;
import dev.kiln.kernel.function.Library;
import java.util.List;

/**
 * What each instruction means, one element at a time, on scalars in the form of {@link Bits}. This
 * is the definition that every backend follows.
 *
 * <p>Float32 is computed in float and float64 in double, each operation rounded by itself. NaNs
 * come out as the processor makes them; who stores a value or looks at its bits makes them
 * canonical first.
 */
public final class ScalarMeaning {
  private ScalarMeaning() {}

  /**
   * Evaluates a body at one point of the index space.
   *
   * @param body the instructions
   * @param operands the current element of each operand
   * @param params the scalars given at launch
   * @param values receives the value of each instruction
   */
  public static void evaluate(List<Instr> body, long[] operands, long[] params, long[] values) {
    for (int at = 0; at < body.size(); at++) {
      values[at] =
          switch (body.get(at)) {
            case Instr.Load load -> operands[load.operand()];
            case Instr.Param param -> params[param.index()];
            case Instr.Const constant -> constant.bits();
            case Instr.Apply(Opcode op, DType type, int a, int b, int c) ->
                apply(
                    op,
                    type,
                    body.get(a).dtype(),
                    values[a],
                    b < 0 ? 0 : values[b],
                    c < 0 ? 0 : values[c]);
          };
    }
  }

  /**
   * Applies an operation.
   *
   * @param op the operation
   * @param type the dtype of the result
   * @param argument the dtype of the first argument
   * @param a the first argument
   * @param b the second argument; any value where there is none
   * @param c the third argument; any value where there is none
   */
  public static long apply(Opcode op, DType type, DType argument, long a, long b, long c) {
    return switch (op.group()) {
      case COMPARE -> compare(op, argument, a, b) ? 1 : 0;
      case CHOICE -> a != 0 ? b : c;
      case CONVERSION -> op == Opcode.CAST ? cast(type, argument, a) : bitcast(type, a);
      case ARITHMETIC, INTEGER_DIVISION, BITWISE, LIBRARY ->
          switch (type) {
            case FLOAT32 ->
                Bits.of(onFloats(op, Bits.toFloat(a), Bits.toFloat(b), Bits.toFloat(c)));
            case FLOAT64 ->
                Bits.of(onDoubles(op, Bits.toDouble(a), Bits.toDouble(b), Bits.toDouble(c)));
            case BOOL, INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64 ->
                Bits.wrap(type, onIntegers(op, type, a, b));
            case COMPLEX64, COMPLEX128 -> throw undefined(op, type);
          };
    };
  }

  private static float onFloats(Opcode op, float a, float b, float c) {
    return switch (op) {
      case ADD -> a + b;
      case SUB -> a - b;
      case MUL -> a * b;
      case NEG -> -a;
      case ABS -> Math.abs(a);
      case MIN -> Math.min(a, b);
      case MAX -> Math.max(a, b);
      case DIV -> a / b;
      case FMA -> Math.fma(a, b, c);
      case SQRT -> (float) Math.sqrt(a); // rounded correctly: double has more than twice the bits
      case FLOAT_FLOOR_DIV -> Library.floorDivide(a, b);
      case FLOAT_FLOOR_MOD -> Library.floorMod(a, b);
      default -> throw undefined(op, DType.FLOAT32);
    };
  }

  private static double onDoubles(Opcode op, double a, double b, double c) {
    return switch (op) {
      case ADD -> a + b;
      case SUB -> a - b;
      case MUL -> a * b;
      case NEG -> -a;
      case ABS -> Math.abs(a);
      case MIN -> Math.min(a, b);
      case MAX -> Math.max(a, b);
      case DIV -> a / b;
      case FMA -> Math.fma(a, b, c);
      case SQRT -> Math.sqrt(a);
      case FLOAT_FLOOR_DIV -> Library.floorDivide(a, b);
      case FLOAT_FLOOR_MOD -> Library.floorMod(a, b);
      default -> throw undefined(op, DType.FLOAT64);
    };
  }

  /** On integers and bool; the caller wraps the result. */
  private static long onIntegers(Opcode op, DType type, long a, long b) {
    return switch (op) {
      case ADD -> a + b;
      case SUB -> a - b;
      case MUL -> a * b;
      case NEG -> -a;
      case ABS -> type.isUnsigned() ? a : Math.abs(a);
      case MIN -> compareIntegers(type, a, b) <= 0 ? a : b;
      case MAX -> compareIntegers(type, a, b) >= 0 ? a : b;
      case FLOOR_DIV -> floorDiv(type, a, b);
      case FLOOR_MOD -> floorMod(type, a, b);
      case AND -> a & b;
      case OR -> a | b;
      case XOR -> a ^ b;
      case NOT -> type == DType.BOOL ? a ^ 1 : ~a;
      case SHL -> a << (b & (type.bits() - 1));
      case SHR -> type.isUnsigned() ? a >>> (b & (type.bits() - 1)) : a >> (b & (type.bits() - 1));
      case INTEGER_POW -> Library.integerPow(a, b, type.isUnsigned());
      default -> throw undefined(op, type);
    };
  }

  private static long floorDiv(DType type, long a, long b) {
    if (b == 0) {
      return 0;
    }
    return type.isUnsigned() ? Long.divideUnsigned(a, b) : Math.floorDiv(a, b);
  }

  private static long floorMod(DType type, long a, long b) {
    if (b == 0) {
      return 0;
    }
    return type.isUnsigned() ? Long.remainderUnsigned(a, b) : Math.floorMod(a, b);
  }

  private static boolean compare(Opcode op, DType argument, long a, long b) {
    if (argument.isFloat()) {
      double x = Bits.asDouble(argument, a);
      double y = Bits.asDouble(argument, b);
      return switch (op) {
        case EQ -> x == y;
        case NE -> x != y;
        case LT -> x < y;
        case LE -> x <= y;
        case GT -> x > y;
        case GE -> x >= y;
        default -> throw undefined(op, argument);
      };
    }
    int order = compareIntegers(argument, a, b);
    return switch (op) {
      case EQ -> order == 0;
      case NE -> order != 0;
      case LT -> order < 0;
      case LE -> order <= 0;
      case GT -> order > 0;
      case GE -> order >= 0;
      default -> throw undefined(op, argument);
    };
  }

  private static int compareIntegers(DType type, long a, long b) {
    return type == DType.UINT64 ? Long.compareUnsigned(a, b) : Long.compare(a, b);
  }

  private static long cast(DType type, DType from, long a) {
    if (from.isFloat()) {
      double x = Bits.asDouble(from, a);
      return switch (type) {
        case FLOAT32 -> Bits.of((float) x);
        case FLOAT64 -> Bits.of(x);
        case INT32 -> (int) x;
        case INT64 -> (long) x;
        default -> throw undefined(Opcode.CAST, type);
      };
    }
    return switch (type) {
      case FLOAT32 -> Bits.of(from == DType.UINT64 ? unsignedToFloat(a) : (float) a);
      case FLOAT64 -> Bits.of(from == DType.UINT64 ? unsignedToDouble(a) : (double) a);
      case INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64 -> Bits.wrap(type, a);
      case BOOL, COMPLEX64, COMPLEX128 -> throw undefined(Opcode.CAST, type);
    };
  }

  // A value of 2^63 or more is halved first; the bit that falls off stays as a sticky bit, so that
  // it is rounded once.
  private static float unsignedToFloat(long a) {
    return a >= 0 ? (float) a : 2 * (float) ((a >>> 1) | (a & 1));
  }

  private static double unsignedToDouble(long a) {
    return a >= 0 ? (double) a : 2 * (double) ((a >>> 1) | (a & 1));
  }

  private static long bitcast(DType type, long a) {
    return switch (type) {
      case FLOAT32 -> a & 0xffff_ffffL;
      case FLOAT64 -> a;
      case INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64 -> Bits.wrap(type, a);
      case BOOL, COMPLEX64, COMPLEX128 -> throw undefined(Opcode.BITCAST, type);
    };
  }

  private static AssertionError undefined(Opcode op, DType type) {
    return new AssertionError(op + " is not defined for " + type);
  }
}
