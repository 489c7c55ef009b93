package dev.kiln.opencl.source;

import dev.kiln.DType;
import dev.kiln.kernel.Opcode;

/**
 * Each operation as an expression of OpenCL C that has the bits of {@link
 * dev.kiln.kernel.ScalarMeaning}.
 *
 * <p>Integers are added, subtracted and multiplied as unsigned ones, since signed overflow means
 * nothing in C, and cast back, which wraps.
 */
final class Operation {
  private final Helpers helpers;

  Operation(Helpers helpers) {
    this.helpers = helpers;
  }

  /**
   * The expression.
   *
   * @param op the operation
   * @param type of the result
   * @param from the dtype of the first argument
   * @param a the first argument
   * @param b the second, where there is one
   * @param c the third, where there is one
   */
  String of(Opcode op, DType type, DType from, String a, String b, String c) {
    boolean real = type.isFloat();
    return switch (op) {
      case ADD -> real ? infix(a, "+", b) : wrapped(type, a, "+", b);
      case SUB -> real ? infix(a, "-", b) : wrapped(type, a, "-", b);
      case MUL -> real ? infix(a, "*", b) : wrapped(type, a, "*", b);
      case NEG -> real ? "-" + a : wrapped(type, "0", "-", a);
      case ABS -> abs(type, a);
      case MIN -> real ? helpers.call(Helper.MIN, type, a, b) : "min(" + a + ", " + b + ")";
      case MAX -> real ? helpers.call(Helper.MAX, type, a, b) : "max(" + a + ", " + b + ")";
      case DIV -> isExact(type) ? infix(a, "/", b) : helpers.call(Helper.DIVIDE, type, a, b);
      case FMA -> "fma(" + a + ", " + b + ", " + c + ")";
      case SQRT -> isExact(type) ? "sqrt(" + a + ")" : helpers.call(Helper.SQRT, type, a);
      case FLOOR_DIV -> helpers.call(Helper.FLOOR_DIV, type, a, b);
      case FLOOR_MOD -> helpers.call(Helper.FLOOR_MOD, type, a, b);
      case AND -> cast(type, infix(a, "&", b));
      case OR -> cast(type, infix(a, "|", b));
      case XOR -> cast(type, infix(a, "^", b));
      case NOT -> type == DType.BOOL ? "!" + a : cast(type, "~" + a);
      case SHL -> cast(type, "(" + CType.wrapping(type) + ") " + a + " << " + count(type, b));
      case SHR -> cast(type, a + " >> " + count(type, b));
      case EQ -> infix(a, "==", b);
      case NE -> infix(a, "!=", b);
      case LT -> infix(a, "<", b);
      case LE -> infix(a, "<=", b);
      case GT -> infix(a, ">", b);
      case GE -> infix(a, ">=", b);
      case SELECT, RARE -> a + " ? " + b + " : " + c;
      case CAST -> converted(type, from, a);
      case BITCAST -> "as_" + CType.value(type) + "(" + a + ")";
      case INTEGER_POW -> helpers.call(Helper.POW, type, a, b);
      case FLOAT_FLOOR_DIV -> helpers.call(Helper.FLOAT_FLOOR_DIV, type, a, b);
      case FLOAT_FLOOR_MOD -> helpers.call(Helper.FLOAT_FLOOR_MOD, type, a, b);
    };
  }

  private boolean isExact(DType type) {
    return type == DType.FLOAT64 || helpers.exactDivision();
  }

  private String abs(DType type, String a) {
    if (type.isFloat()) {
      return "fabs(" + a + ")";
    }
    return type.isUnsigned() ? a : a + " < 0 ? " + wrapped(type, "0", "-", a) + " : " + a;
  }

  private String converted(DType type, DType from, String a) {
    if (from.isFloat() && !type.isFloat()) {
      return helpers.call(type == DType.INT32 ? Helper.TO_INT32 : Helper.TO_INT64, from, a);
    }
    return "(" + CType.value(type) + ") " + a;
  }

  private static String infix(String a, String operator, String b) {
    return a + " " + operator + " " + b;
  }

  private static String cast(DType type, String expression) {
    return "(" + CType.value(type) + ") (" + expression + ")";
  }

  private static String wrapped(DType type, String a, String operator, String b) {
    String unsigned = "(" + CType.wrapping(type) + ") ";
    return cast(type, unsigned + a + " " + operator + " " + unsigned + b);
  }

  private static String count(DType type, String b) {
    return "(" + b + " & " + (type.bits() - 1) + ")";
  }
}
