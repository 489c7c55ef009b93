package dev.kiln.rewrite;

import static dev.kiln.graph.ElementOp.ADD;
import static dev.kiln.graph.ElementOp.BITWISE_AND;
import static dev.kiln.graph.ElementOp.BITWISE_OR;
import static dev.kiln.graph.ElementOp.BITWISE_XOR;
import static dev.kiln.graph.ElementOp.EQUAL;
import static dev.kiln.graph.ElementOp.GREATER;
import static dev.kiln.graph.ElementOp.GREATER_EQUAL;
import static dev.kiln.graph.ElementOp.LESS;
import static dev.kiln.graph.ElementOp.LESS_EQUAL;
import static dev.kiln.graph.ElementOp.MAXIMUM;
import static dev.kiln.graph.ElementOp.MINIMUM;
import static dev.kiln.graph.ElementOp.MULTIPLY;
import static dev.kiln.graph.ElementOp.NOT_EQUAL;
import static dev.kiln.rewrite.Match.isConstant;

import dev.kiln.graph.ElementOp;
import dev.kiln.graph.Node;
import dev.kiln.graph.Op;
import dev.kiln.interpret.ElementMeaning;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known already is computed already, and constants come second, where other rules look for
 * them.
 */
final class ConstantRules {
  private ConstantRules() {}

  /** Exact both ways around, NaNs being canonical in every result. */
  private static final Set<ElementOp> COMMUTATIVE =
      Set.of(
          ADD, MULTIPLY, MAXIMUM, MINIMUM, BITWISE_AND, BITWISE_OR, BITWISE_XOR, EQUAL, NOT_EQUAL);

  /** Never rounded, so grouping is free even for floats. */
  private static final Set<ElementOp> ASSOCIATIVE = Set.of(MAXIMUM, MINIMUM);

  /** Grouping is free for integers and bool. */
  private static final Set<ElementOp> ASSOCIATIVE_EXACT =
      Set.of(ADD, MULTIPLY, BITWISE_AND, BITWISE_OR, BITWISE_XOR);

  static final List<Rule> ALL =
      List.of(
          Rule.map("function of constants -> constant", ConstantRules::fold),
          Rule.map("c op x -> x op c, for a commutative op", ConstantRules::second),
          Rule.binary(LESS, "c < x -> x > c", (node, x, y) -> mirror(GREATER, node, x, y)),
          Rule.binary(
              LESS_EQUAL, "c <= x -> x >= c", (node, x, y) -> mirror(GREATER_EQUAL, node, x, y)),
          Rule.binary(GREATER, "c > x -> x < c", (node, x, y) -> mirror(LESS, node, x, y)),
          Rule.binary(
              GREATER_EQUAL, "c >= x -> x <= c", (node, x, y) -> mirror(LESS_EQUAL, node, x, y)),
          Rule.map(
              "(x op c) op d -> x op (c op d), for an exactly associative op",
              ConstantRules::merge));

  private static @Nullable Node fold(Node node) {
    long[] arguments = new long[node.inputs().size()];
    for (int k = 0; k < arguments.length; k++) {
      if (!isConstant(node.input(k))) {
        return null;
      }
      arguments[k] = Match.bits(node.input(k));
    }
    ElementOp function = ((Op.Map) node.op()).function();
    long bits = ElementMeaning.apply(function, node.dtype(), node.input(0).dtype(), arguments);
    return Make.constant(node.dtype(), node.shape(), bits);
  }

  private static @Nullable Node second(Node node) {
    ElementOp function = ((Op.Map) node.op()).function();
    return COMMUTATIVE.contains(function)
        ? mirror(function, node, node.input(0), node.input(1))
        : null;
  }

  private static @Nullable Node mirror(ElementOp mirrored, Node node, Node x, Node y) {
    return isConstant(x) && !isConstant(y) ? Make.map(mirrored, node.dtype(), y, x) : null;
  }

  private static @Nullable Node merge(Node node) {
    ElementOp function = ((Op.Map) node.op()).function();
    boolean associative =
        ASSOCIATIVE.contains(function)
            || (ASSOCIATIVE_EXACT.contains(function) && Match.isExact(node));
    if (!associative || !isConstant(node.input(1)) || !node.input(0).op().equals(node.op())) {
      return null;
    }
    Node inner = node.input(0);
    return isConstant(inner.input(1))
        ? Make.map(function, inner.input(0), Make.map(function, inner.input(1), node.input(1)))
        : null;
  }
}
