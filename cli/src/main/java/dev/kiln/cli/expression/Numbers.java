package dev.kiln.cli.expression;

import dev.kiln.cli.expression.Value.Bool;
import dev.kiln.cli.expression.Value.Int;
import dev.kiln.cli.expression.Value.Plain;
import dev.kiln.cli.expression.Value.Real;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * Arithmetic on plain numbers as Python does it, with whole numbers of 64 bits that never wrap
 * around.
 */
public final class Numbers {
  private Numbers() {}

  /** The value of a number token. */
  static Plain parse(Token token) {
    String text = token.text().replace("_", "");
    int radix = radix(text);
    if (radix == 10 && !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return new Real(Double.parseDouble(text));
    }
    String digits = radix == 10 ? text : text.substring(2);
    requireDigits(token, digits, radix);
    try {
      return new Int(Long.parseLong(digits, radix));
    } catch (NumberFormatException e) {
      throw ExpressionException.syntax(
          token.column(),
          "'" + token.text() + "' is no whole number below 2^63",
          "write larger ones as floating point, such as 1e19");
    }
  }

  private static int radix(String number) {
    String prefix = number.substring(0, Math.min(2, number.length()));
    return switch (prefix) {
      case "0x", "0X" -> 16;
      case "0o", "0O" -> 8;
      case "0b", "0B" -> 2;
      default -> 10;
    };
  }

  private static void requireDigits(Token token, String digits, int radix) {
    if (digits.isEmpty() || digits.chars().anyMatch(c -> Character.digit(c, radix) < 0)) {
      throw ExpressionException.syntax(
          token.column(),
          "'" + token.text() + "' is no number of base " + radix,
          "its digits are " + (radix == 16 ? "0 to 9 and a to f" : "0 to " + (radix - 1)));
    }
  }

  /**
   * The number that a text is as a whole: {@code -2}, {@code 1e-3}, {@code inf}, {@code nan},
   * {@code True}; empty if none.
   */
  public static Optional<Plain> parse(String text) {
    switch (text) {
      case "True" -> {
        return Optional.of(new Bool(true));
      }
      case "False" -> {
        return Optional.of(new Bool(false));
      }
      default -> {}
    }
    boolean negative = text.startsWith("-");
    String magnitude = negative || text.startsWith("+") ? text.substring(1) : text;
    if (magnitude.equals("inf")) {
      return Optional.of(new Real(negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY));
    }
    if (magnitude.equals("nan")) {
      return Optional.of(new Real(Double.NaN));
    }
    if (magnitude.isEmpty() || !magnitude.matches("[0-9.][0-9.eE_+-]*|0[xXbBoO][0-9a-fA-F_]+")) {
      return Optional.empty();
    }
    try {
      var tokens = Lexer.tokens(magnitude);
      if (tokens.size() != 2 || tokens.getFirst().kind() != Token.Kind.NUMBER) {
        return Optional.empty();
      }
      Plain value = parse(tokens.getFirst());
      return Optional.of(negative ? negative(1, value) : value);
    } catch (ExpressionException e) {
      // Such as 12abc: not a number, so the text names a file.
      return Optional.empty();
    }
  }

  static double real(Plain value) {
    return switch (value) {
      case Int(long x) -> x;
      case Real(double x) -> x;
      case Bool(boolean x) -> x ? 1 : 0;
    };
  }

  private static long whole(Plain value) {
    return switch (value) {
      case Int(long x) -> x;
      case Bool(boolean x) -> x ? 1 : 0;
      case Real _ -> throw new AssertionError("not whole: " + value);
    };
  }

  /** {@code -x}. */
  static Plain negative(int column, Plain value) {
    return value instanceof Real(double x)
        ? new Real(-x)
        : binary(column, Operator.SUBTRACT, new Int(0), value);
  }

  /** {@code +x}. */
  static Plain positive(Plain value) {
    return value instanceof Real ? value : new Int(whole(value));
  }

  /** {@code ~x}; of a truth value its opposite, as NumPy has it. */
  static Plain invert(int column, Plain value) {
    return switch (value) {
      case Int(long x) -> new Int(~x);
      case Bool(boolean x) -> new Bool(!x);
      case Real _ ->
          throw ExpressionException.value(
              column, "~ of " + value.describe(), "it takes whole numbers and truth values");
    };
  }

  /** {@code a operator b}. */
  static Plain binary(int column, Operator operator, Plain a, Plain b) {
    if (operator.isComparison()) {
      return new Bool(compare(operator, a, b));
    }
    if (a instanceof Real || b instanceof Real) {
      return new Real(reals(column, operator, a, b));
    }
    try {
      return wholes(column, operator, a, b);
    } catch (ArithmeticException e) {
      throw ExpressionException.value(
          column,
          "the result of " + operator.symbol() + " does not fit 64 bits",
          "use floating point: write 2.0 instead of 2");
    }
  }

  private static boolean compare(Operator operator, Plain a, Plain b) {
    if (Double.isNaN(real(a)) || Double.isNaN(real(b))) {
      return operator == Operator.NOT_EQUAL;
    }
    int order = order(a, b);
    return switch (operator) {
      case EQUAL -> order == 0;
      case NOT_EQUAL -> order != 0;
      case LESS -> order < 0;
      case LESS_EQUAL -> order <= 0;
      case GREATER -> order > 0;
      case GREATER_EQUAL -> order >= 0;
      default -> throw new AssertionError(operator);
    };
  }

  private static int order(Plain a, Plain b) {
    double x = real(a);
    double y = real(b);
    // Rounding to doubles may make numbers equal, but never turns their order round.
    return x != y || Double.isInfinite(x) ? Double.compare(x, y) : exact(a).compareTo(exact(b));
  }

  private static BigDecimal exact(Plain value) {
    return value instanceof Real(double x) ? new BigDecimal(x) : BigDecimal.valueOf(whole(value));
  }

  private static Plain wholes(int column, Operator operator, Plain left, Plain right) {
    long a = whole(left);
    long b = whole(right);
    boolean bools = left instanceof Bool && right instanceof Bool;
    return switch (operator) {
      case ADD -> new Int(Math.addExact(a, b));
      case SUBTRACT -> new Int(Math.subtractExact(a, b));
      case MULTIPLY -> new Int(Math.multiplyExact(a, b));
      case DIVIDE -> {
        requireDivisor(column, b != 0);
        yield new Real(Division.exact(a, b));
      }
      case FLOOR_DIVIDE -> {
        requireDivisor(column, b != 0);
        yield new Int(Math.floorDivExact(a, b));
      }
      case REMAINDER -> {
        requireDivisor(column, b != 0);
        yield new Int(Math.floorMod(a, b));
      }
      case POW -> b < 0 ? new Real(reals(column, operator, left, right)) : new Int(power(a, b));
      case AND -> bools ? new Bool((a & b) != 0) : new Int(a & b);
      case OR -> bools ? new Bool((a | b) != 0) : new Int(a | b);
      case XOR -> bools ? new Bool((a ^ b) != 0) : new Int(a ^ b);
      case LEFT_SHIFT -> {
        requireShift(column, b);
        yield new Int(shiftExact(a, b));
      }
      case RIGHT_SHIFT -> {
        requireShift(column, b);
        yield new Int(a >> Math.min(b, 63));
      }
      case MATMUL, EQUAL, NOT_EQUAL, LESS, LESS_EQUAL, GREATER, GREATER_EQUAL ->
          throw new AssertionError(operator);
    };
  }

  private static long shiftExact(long a, long places) {
    // Java takes the places modulo 64.
    long shifted = places < Long.SIZE ? a << places : 0;
    if (shifted >> Math.min(places, Long.SIZE - 1) != a) {
      throw new ArithmeticException("bits are lost");
    }
    return shifted;
  }

  private static long power(long base, long exponent) {
    long result = 1;
    long square = base;
    if (base == 0 || base == 1) {
      return exponent == 0 ? 1 : base;
    }
    if (base == -1) {
      return exponent % 2 == 0 ? 1 : -1;
    }
    for (long left = exponent; left > 0; left >>= 1) {
      if ((left & 1) != 0) {
        result = Math.multiplyExact(result, square);
      }
      if (left > 1) {
        square = Math.multiplyExact(square, square);
      }
    }
    return result;
  }

  private static double reals(int column, Operator operator, Plain left, Plain right) {
    double a = real(left);
    double b = real(right);
    return switch (operator) {
      case ADD -> a + b;
      case SUBTRACT -> a - b;
      case MULTIPLY -> a * b;
      case DIVIDE -> {
        requireDivisor(column, b != 0);
        yield a / b;
      }
      case FLOOR_DIVIDE -> {
        requireDivisor(column, b != 0);
        yield Division.floor(a, b);
      }
      case REMAINDER -> {
        requireDivisor(column, b != 0);
        yield Division.remainder(a, b);
      }
      case POW -> {
        // Java's power is NaN here.
        if (b == 0 || a == 1 || (a == -1 && Double.isInfinite(b))) {
          yield 1;
        }
        if (a == 0 && b < 0 && !Double.isInfinite(b)) {
          throw ExpressionException.value(column, "0 to a negative power", "it has no value");
        }
        double power = StrictMath.pow(a, b);
        if (Double.isNaN(power) && !Double.isNaN(a) && !Double.isNaN(b)) {
          throw ExpressionException.value(
              column,
              "a fractional power of a negative number is complex",
              "complex numbers are not supported yet");
        }
        yield power;
      }
      case AND, OR, XOR, LEFT_SHIFT, RIGHT_SHIFT ->
          throw ExpressionException.value(
              column,
              operator.symbol() + " of " + left.describe() + " and " + right.describe(),
              "it takes whole numbers and truth values");
      case MATMUL, EQUAL, NOT_EQUAL, LESS, LESS_EQUAL, GREATER, GREATER_EQUAL ->
          throw new AssertionError(operator);
    };
  }

  private static void requireDivisor(int column, boolean holds) {
    if (!holds) {
      throw ExpressionException.value(
          column, "division of a number by zero", "write inf or nan where you mean them");
    }
  }

  private static void requireShift(int column, long places) {
    if (places < 0) {
      throw ExpressionException.value(
          column, "a shift by " + places + " places", "it takes 0 or more");
    }
  }
}
