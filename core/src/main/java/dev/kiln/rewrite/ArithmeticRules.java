package dev.kiln.rewrite;

import static dev.kiln.graph.ElementOp.ABS;
import static dev.kiln.graph.ElementOp.ADD;
import static dev.kiln.graph.ElementOp.CAST;
import static dev.kiln.graph.ElementOp.CEIL;
import static dev.kiln.graph.ElementOp.DIVIDE;
import static dev.kiln.graph.ElementOp.FLOOR;
import static dev.kiln.graph.ElementOp.FLOOR_DIVIDE;
import static dev.kiln.graph.ElementOp.MAXIMUM;
import static dev.kiln.graph.ElementOp.MINIMUM;
import static dev.kiln.graph.ElementOp.MULTIPLY;
import static dev.kiln.graph.ElementOp.NEGATIVE;
import static dev.kiln.graph.ElementOp.POW;
import static dev.kiln.graph.ElementOp.REMAINDER;
import static dev.kiln.graph.ElementOp.ROUND;
import static dev.kiln.graph.ElementOp.SIGN;
import static dev.kiln.graph.ElementOp.SUBTRACT;
import static dev.kiln.graph.ElementOp.TRUNC;
import static dev.kiln.rewrite.Canonical.same;
import static dev.kiln.rewrite.Match.is;
import static dev.kiln.rewrite.Match.isBits;
import static dev.kiln.rewrite.Match.isConstant;
import static dev.kiln.rewrite.Match.isExact;
import static dev.kiln.rewrite.Match.isNumber;

import dev.kiln.DType;
import dev.kiln.graph.ElementOp;
import dev.kiln.graph.Node;
import dev.kiln.graph.Op;
import dev.kiln.kernel.Bits;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Arithmetic. {@code isExact} marks laws that hold for integers alone: for floats {@code x + 0} is
 * not x where x is −0, {@code x - x} is not 0 where x is infinite, and nothing may be regrouped.
 * {@code same} keeps NaN payloads out of results.
 */
final class ArithmeticRules {
  private ArithmeticRules() {}

  private static final Set<ElementOp> ROUNDING = Set.of(CEIL, FLOOR, ROUND, TRUNC);

  static final List<Rule> ALL =
      List.of(
          // Addition and subtraction.
          Rule.binary(
              ADD,
              "x + 0 -> x, for integers",
              (n, x, y) -> isExact(x) && isNumber(y, 0) ? x : null),
          Rule.binary(ADD, "x + -0.0 -> x", (n, x, y) -> isNegativeZero(y) ? same(x) : null),
          Rule.binary(
              ADD,
              "x + -y -> x - y",
              (n, x, y) -> is(y, NEGATIVE) ? Make.map(SUBTRACT, x, y.input(0)) : null),
          Rule.binary(
              ADD,
              "-x + y -> y - x",
              (n, x, y) -> is(x, NEGATIVE) ? Make.map(SUBTRACT, y, x.input(0)) : null),
          Rule.binary(
              ADD,
              "(x - y) + y -> x, for integers",
              (n, x, y) -> isExact(x) && is(x, SUBTRACT) && x.input(1) == y ? x.input(0) : null),
          Rule.binary(SUBTRACT, "x - 0 -> x", (n, x, y) -> isNumber(y, 0) ? same(x) : null),
          Rule.binary(
              SUBTRACT,
              "x - x -> 0, for integers",
              (n, x, y) -> isExact(x) && x == y ? Make.number(n, 0) : null),
          Rule.binary(
              SUBTRACT,
              "0 - x -> -x, for integers",
              (n, x, y) -> isExact(x) && isNumber(x, 0) ? Make.map(NEGATIVE, y) : null),
          Rule.binary(
              SUBTRACT,
              "-0.0 - x -> -x",
              (n, x, y) -> isNegativeZero(x) ? Make.map(NEGATIVE, y) : null),
          Rule.binary(
              SUBTRACT,
              "x - -y -> x + y",
              (n, x, y) -> is(y, NEGATIVE) ? Make.map(ADD, x, y.input(0)) : null),
          Rule.binary(
              SUBTRACT,
              "x - c -> x + -c, for integers",
              (n, x, y) ->
                  isExact(x) && isConstant(y) ? Make.map(ADD, x, Make.map(NEGATIVE, y)) : null),
          Rule.binary(
              SUBTRACT,
              "(x + y) - y -> x, for integers",
              (n, x, y) -> isExact(x) && is(x, ADD) && x.input(1) == y ? x.input(0) : null),
          Rule.binary(
              SUBTRACT,
              "(x + y) - x -> y, for integers",
              (n, x, y) -> isExact(x) && is(x, ADD) && x.input(0) == y ? x.input(1) : null),
          Rule.unary(NEGATIVE, "-(-x) -> x", (n, x) -> is(x, NEGATIVE) ? same(x.input(0)) : null),
          Rule.unary(
              NEGATIVE,
              "-(x - y) -> y - x, for integers",
              (n, x) ->
                  isExact(x) && is(x, SUBTRACT)
                      ? Make.map(SUBTRACT, x.input(1), x.input(0))
                      : null),

          // Multiplication.
          Rule.binary(MULTIPLY, "x * 1 -> x", (n, x, y) -> isNumber(y, 1) ? same(x) : null),
          Rule.binary(
              MULTIPLY,
              "x * 0 -> 0, for integers",
              (n, x, y) -> isExact(x) && isNumber(y, 0) ? y : null),
          Rule.binary(
              MULTIPLY,
              "x * -1 -> -x",
              (n, x, y) -> isNumber(y, -1) ? Make.map(NEGATIVE, x) : null),
          Rule.binary(
              MULTIPLY,
              "-x * -y -> x * y",
              (n, x, y) ->
                  is(x, NEGATIVE) && is(y, NEGATIVE)
                      ? Make.map(MULTIPLY, x.input(0), y.input(0))
                      : null),
          Rule.binary(
              MULTIPLY,
              "|x| * |x| -> x * x",
              (n, x, y) ->
                  is(x, ABS) && x == y ? Make.map(MULTIPLY, x.input(0), x.input(0)) : null),

          // Division.
          Rule.binary(DIVIDE, "x / 1 -> x", (n, x, y) -> isNumber(y, 1) ? same(x) : null),
          Rule.binary(
              DIVIDE, "x / -1 -> -x", (n, x, y) -> isNumber(y, -1) ? Make.map(NEGATIVE, x) : null),
          Rule.binary(
              DIVIDE,
              "-x / -y -> x / y",
              (n, x, y) ->
                  is(x, NEGATIVE) && is(y, NEGATIVE)
                      ? Make.map(DIVIDE, x.input(0), y.input(0))
                      : null),
          Rule.binary(DIVIDE, "x / 2^k -> x * 2^-k", ArithmeticRules::byPowerOfTwo),
          Rule.binary(
              FLOOR_DIVIDE,
              "x // 1 -> x, for integers",
              (n, x, y) -> isExact(x) && isNumber(y, 1) ? x : null),
          Rule.binary(
              FLOOR_DIVIDE,
              "x // -1 -> -x, for signed integers",
              (n, x, y) ->
                  x.dtype().kind() == DType.Kind.SIGNED && isNumber(y, -1)
                      ? Make.map(NEGATIVE, x)
                      : null),
          Rule.binary(
              FLOOR_DIVIDE,
              "0 // x -> 0, for integers",
              (n, x, y) -> isExact(x) && isNumber(x, 0) ? x : null),
          Rule.binary(
              REMAINDER,
              "x % 1 -> 0, for integers",
              (n, x, y) -> isExact(x) && isNumber(y, 1) ? Make.number(n, 0) : null),
          Rule.binary(
              REMAINDER,
              "x % x -> 0, for integers",
              (n, x, y) -> isExact(x) && x == y ? Make.number(n, 0) : null),
          Rule.binary(
              REMAINDER,
              "0 % x -> 0, for integers",
              (n, x, y) -> isExact(x) && isNumber(x, 0) ? x : null),

          // Powers.
          Rule.binary(POW, "x ** 0 -> 1", (n, x, y) -> isNumber(y, 0) ? Make.number(n, 1) : null),
          // Of floats a power is within its bound of error, a product is rounded once: other bits.
          Rule.binary(
              POW,
              "x ** 1 -> x, for integers",
              (n, x, y) -> isExact(x) && isNumber(y, 1) ? x : null),
          Rule.binary(
              POW,
              "x ** 2 -> x * x, for integers",
              (n, x, y) -> isExact(x) && isNumber(y, 2) ? Make.map(MULTIPLY, x, x) : null),

          // Absolute value, sign, rounding.
          Rule.unary(
              ABS, "|x| -> x, for unsigned integers", (n, x) -> x.dtype().isUnsigned() ? x : null),
          Rule.unary(ABS, "||x|| -> |x|", (n, x) -> is(x, ABS) ? x : null),
          Rule.unary(
              ABS,
              "|-x| -> |x|, for signed numbers",
              (n, x) ->
                  !x.dtype().isUnsigned() && is(x, NEGATIVE) ? Make.map(ABS, x.input(0)) : null),
          Rule.unary(
              ABS,
              "|x * x| -> x * x, for floats",
              (n, x) -> !isExact(x) && is(x, MULTIPLY) && x.input(0) == x.input(1) ? x : null),
          Rule.unary(SIGN, "sign(sign(x)) -> sign(x)", (n, x) -> is(x, SIGN) ? x : null),
          Rule.map(
              "rounding of whole numbers -> x",
              n ->
                  ROUNDING.contains(((Op.Map) n.op()).function()) && isWhole(n.input(0))
                      ? n.input(0)
                      : null),

          // Extremes.
          Rule.binary(MAXIMUM, "max(x, x) -> x", (n, x, y) -> x == y ? same(x) : null),
          Rule.binary(MINIMUM, "min(x, x) -> x", (n, x, y) -> x == y ? same(x) : null),
          Rule.binary(
              MAXIMUM,
              "max(x, lowest) -> x",
              (n, x, y) -> isBits(y, lowest(y.dtype())) ? same(x) : null),
          Rule.binary(
              MINIMUM,
              "min(x, highest) -> x",
              (n, x, y) -> isBits(y, highest(y.dtype())) ? same(x) : null),
          Rule.binary(
              MAXIMUM,
              "max(x, highest) -> highest, for integers",
              (n, x, y) -> isExact(x) && isBits(y, highest(y.dtype())) ? y : null),
          Rule.binary(
              MINIMUM,
              "min(x, lowest) -> lowest, for integers",
              (n, x, y) -> isExact(x) && isBits(y, lowest(y.dtype())) ? y : null));

  private static boolean isNegativeZero(Node node) {
    return node.dtype().isFloat() && isBits(node, Bits.ofDouble(node.dtype(), -0.0));
  }

  /** Both are rounded once from the same real number, as long as 2^-k is a normal number. */
  private static @Nullable Node byPowerOfTwo(Node node, Node x, Node y) {
    if (!isConstant(y)) {
      return null;
    }
    double divisor = Bits.asDouble(y.dtype(), Match.bits(y));
    int most = y.dtype() == DType.FLOAT32 ? Float.MAX_EXPONENT : Double.MAX_EXPONENT;
    int exponent = Math.getExponent(divisor);
    boolean power = Math.abs(divisor) == Math.scalb(1.0, exponent) && Math.abs(exponent) < most;
    long inverse = Bits.ofDouble(y.dtype(), 1 / divisor);
    return power ? Make.map(MULTIPLY, x, Make.constant(y.dtype(), y.shape(), inverse)) : null;
  }

  /** Whether every element is a whole number, an infinity or the canonical NaN. */
  private static boolean isWhole(Node node) {
    return isExact(node)
        || (node.op() instanceof Op.Map map
            && (ROUNDING.contains(map.function()) || map.function() == SIGN))
        || (is(node, CAST) && isExact(node.input(0)));
  }

  private static long lowest(DType dtype) {
    return switch (dtype.kind()) {
      case BOOL, UNSIGNED -> 0;
      case SIGNED -> -1L << (dtype.bits() - 1);
      case FLOAT -> Bits.ofDouble(dtype, Double.NEGATIVE_INFINITY);
      case COMPLEX -> throw new AssertionError("no order in " + dtype);
    };
  }

  private static long highest(DType dtype) {
    return switch (dtype.kind()) {
      case BOOL, UNSIGNED -> Bits.wrap(dtype, -1);
      case SIGNED -> ~lowest(dtype);
      case FLOAT -> Bits.ofDouble(dtype, Double.POSITIVE_INFINITY);
      case COMPLEX -> throw new AssertionError("no order in " + dtype);
    };
  }
}
