package dev.kiln.rewrite;

import static dev.kiln.graph.ElementOp.BITWISE_AND;
import static dev.kiln.graph.ElementOp.BITWISE_INVERT;
import static dev.kiln.graph.ElementOp.BITWISE_LEFT_SHIFT;
import static dev.kiln.graph.ElementOp.BITWISE_OR;
import static dev.kiln.graph.ElementOp.BITWISE_RIGHT_SHIFT;
import static dev.kiln.graph.ElementOp.BITWISE_XOR;
import static dev.kiln.graph.ElementOp.CAST;
import static dev.kiln.graph.ElementOp.EQUAL;
import static dev.kiln.graph.ElementOp.GREATER;
import static dev.kiln.graph.ElementOp.GREATER_EQUAL;
import static dev.kiln.graph.ElementOp.ISFINITE;
import static dev.kiln.graph.ElementOp.ISINF;
import static dev.kiln.graph.ElementOp.ISNAN;
import static dev.kiln.graph.ElementOp.LESS;
import static dev.kiln.graph.ElementOp.LESS_EQUAL;
import static dev.kiln.graph.ElementOp.NOT_EQUAL;
import static dev.kiln.graph.ElementOp.WHERE;
import static dev.kiln.rewrite.Canonical.same;
import static dev.kiln.rewrite.Match.is;
import static dev.kiln.rewrite.Match.isAllOnes;
import static dev.kiln.rewrite.Match.isBool;
import static dev.kiln.rewrite.Match.isExact;
import static dev.kiln.rewrite.Match.isNumber;

import dev.kiln.graph.ElementOp;
import dev.kiln.graph.Node;
import dev.kiln.graph.Op;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Bits, comparisons and choices; the logical functions are the bitwise ones on bool, and there
 * {@code ~0} is true.
 */
final class LogicRules {
  private LogicRules() {}

  static final List<Rule> ALL =
      List.of(
          // Bits.
          Rule.unary(
              BITWISE_INVERT, "~~x -> x", (n, x) -> is(x, BITWISE_INVERT) ? x.input(0) : null),
          Rule.binary(BITWISE_AND, "x & x -> x", (n, x, y) -> x == y ? x : null),
          Rule.binary(BITWISE_AND, "x & 0 -> 0", (n, x, y) -> isNumber(y, 0) ? y : null),
          Rule.binary(BITWISE_AND, "x & ~0 -> x", (n, x, y) -> isAllOnes(y) ? x : null),
          Rule.binary(BITWISE_OR, "x | x -> x", (n, x, y) -> x == y ? x : null),
          Rule.binary(BITWISE_OR, "x | 0 -> x", (n, x, y) -> isNumber(y, 0) ? x : null),
          Rule.binary(BITWISE_OR, "x | ~0 -> ~0", (n, x, y) -> isAllOnes(y) ? y : null),
          Rule.binary(BITWISE_XOR, "x ^ x -> 0", (n, x, y) -> x == y ? Make.number(n, 0) : null),
          Rule.binary(BITWISE_XOR, "x ^ 0 -> x", (n, x, y) -> isNumber(y, 0) ? x : null),
          Rule.binary(
              BITWISE_XOR,
              "x ^ ~0 -> ~x",
              (n, x, y) -> isAllOnes(y) ? Make.map(BITWISE_INVERT, x) : null),
          Rule.binary(BITWISE_LEFT_SHIFT, "x << 0 -> x", (n, x, y) -> isNumber(y, 0) ? x : null),
          Rule.binary(BITWISE_RIGHT_SHIFT, "x >> 0 -> x", (n, x, y) -> isNumber(y, 0) ? x : null),
          Rule.binary(BITWISE_LEFT_SHIFT, "0 << x -> 0", (n, x, y) -> isNumber(x, 0) ? x : null),
          Rule.binary(BITWISE_RIGHT_SHIFT, "0 >> x -> 0", (n, x, y) -> isNumber(x, 0) ? x : null),

          // Comparisons.
          Rule.unary(BITWISE_INVERT, "~(x == y) -> x != y, and likewise", LogicRules::opposite),
          Rule.binary(
              EQUAL,
              "x == x -> true, for integers",
              (n, x, y) -> isExact(x) && x == y ? Make.number(n, 1) : null),
          Rule.binary(
              NOT_EQUAL,
              "x != x -> false, for integers",
              (n, x, y) -> isExact(x) && x == y ? Make.number(n, 0) : null),
          Rule.binary(
              LESS_EQUAL,
              "x <= x -> true, for integers",
              (n, x, y) -> isExact(x) && x == y ? Make.number(n, 1) : null),
          Rule.binary(
              GREATER_EQUAL,
              "x >= x -> true, for integers",
              (n, x, y) -> isExact(x) && x == y ? Make.number(n, 1) : null),
          Rule.binary(LESS, "x < x -> false", (n, x, y) -> x == y ? Make.number(n, 0) : null),
          Rule.binary(GREATER, "x > x -> false", (n, x, y) -> x == y ? Make.number(n, 0) : null),
          Rule.binary(
              LESS,
              "x < 0 -> false, for unsigned integers",
              (n, x, y) -> x.dtype().isUnsigned() && isNumber(y, 0) ? Make.number(n, 0) : null),
          Rule.binary(
              GREATER_EQUAL,
              "x >= 0 -> true, for unsigned integers",
              (n, x, y) -> x.dtype().isUnsigned() && isNumber(y, 0) ? Make.number(n, 1) : null),
          Rule.binary(EQUAL, "b == true -> b", (n, x, y) -> isBool(x) && isNumber(y, 1) ? x : null),
          Rule.binary(
              EQUAL,
              "b == false -> ~b",
              (n, x, y) -> isBool(x) && isNumber(y, 0) ? Make.map(BITWISE_INVERT, x) : null),
          Rule.binary(
              NOT_EQUAL, "b != false -> b", (n, x, y) -> isBool(x) && isNumber(y, 0) ? x : null),
          Rule.binary(
              NOT_EQUAL,
              "b != true -> ~b",
              (n, x, y) -> isBool(x) && isNumber(y, 1) ? Make.map(BITWISE_INVERT, x) : null),
          Rule.binary(
              NOT_EQUAL,
              "cast(b) != 0 -> b",
              (n, x, y) -> isCastBool(x) && isNumber(y, 0) ? x.input(0) : null),
          Rule.binary(
              EQUAL,
              "cast(b) == 0 -> ~b",
              (n, x, y) ->
                  isCastBool(x) && isNumber(y, 0) ? Make.map(BITWISE_INVERT, x.input(0)) : null),
          Rule.unary(
              ISNAN,
              "isnan(integer) -> false",
              (n, x) -> isFromInteger(x) ? Make.number(n, 0) : null),
          Rule.unary(
              ISINF,
              "isinf(integer) -> false",
              (n, x) -> isFromInteger(x) ? Make.number(n, 0) : null),
          Rule.unary(
              ISFINITE,
              "isfinite(integer) -> true",
              (n, x) -> isFromInteger(x) ? Make.number(n, 1) : null),

          // Choices.
          where("where(true, x, y) -> x", (n, c, x, y) -> isNumber(c, 1) ? same(x) : null),
          where("where(false, x, y) -> y", (n, c, x, y) -> isNumber(c, 0) ? same(y) : null),
          where("where(c, x, x) -> x", (n, c, x, y) -> x == y ? same(x) : null),
          where(
              "where(~c, x, y) -> where(c, y, x)",
              (n, c, x, y) -> is(c, BITWISE_INVERT) ? choose(c.input(0), y, x) : null),
          where(
              "where(c, true, false) -> c",
              (n, c, x, y) -> isBool(x) && isNumber(x, 1) && isNumber(y, 0) ? c : null),
          where(
              "where(c, false, true) -> ~c",
              (n, c, x, y) ->
                  isBool(x) && isNumber(x, 0) && isNumber(y, 1)
                      ? Make.map(BITWISE_INVERT, c)
                      : null),
          where(
              "where(c, where(c, x, y), z) -> where(c, x, z)",
              (n, c, x, y) -> is(x, WHERE) && x.input(0) == c ? choose(c, x.input(1), y) : null),
          where(
              "where(c, x, where(c, y, z)) -> where(c, x, z)",
              (n, c, x, y) -> is(y, WHERE) && y.input(0) == c ? choose(c, x, y.input(2)) : null));

  @FunctionalInterface
  private interface Choice {
    @Nullable Node apply(Node node, Node condition, Node ifTrue, Node ifFalse);
  }

  private static Rule where(String law, Choice rewrite) {
    return new Rule(
        law, WHERE, node -> rewrite.apply(node, node.input(0), node.input(1), node.input(2)));
  }

  private static Node choose(Node condition, Node ifTrue, Node ifFalse) {
    return Make.map(WHERE, ifTrue.dtype(), condition, ifTrue, ifFalse);
  }

  private static boolean isCastBool(Node node) {
    return is(node, CAST) && isBool(node.input(0));
  }

  private static boolean isFromInteger(Node node) {
    return isExact(node) || (is(node, CAST) && isExact(node.input(0)));
  }

  /**
   * With NaN about, only == and != are each other's opposite; the order relations are so for
   * integers alone.
   */
  private static @Nullable Node opposite(Node node, Node comparison) {
    if (!isBool(node) || !(comparison.op() instanceof Op.Map map)) {
      return null;
    }
    ElementOp opposite =
        switch (map.function()) {
          case EQUAL -> NOT_EQUAL;
          case NOT_EQUAL -> EQUAL;
          case LESS -> GREATER_EQUAL;
          case LESS_EQUAL -> GREATER;
          case GREATER -> LESS_EQUAL;
          case GREATER_EQUAL -> LESS;
          default -> null;
        };
    if (opposite == null) {
      return null;
    }
    boolean always = opposite == EQUAL || opposite == NOT_EQUAL;
    Node x = comparison.input(0);
    return always || isExact(x) ? Make.map(opposite, node.dtype(), x, comparison.input(1)) : null;
  }
}
