package dev.kiln.rewrite;

import dev.kiln.graph.ElementOp;
import dev.kiln.graph.Node;
import dev.kiln.graph.Op;
import org.jspecify.annotations.Nullable;

/**
 * A law by which one node is replaced by a simpler one of the same dtype, shape and bits.
 *
 * @param law the rule's name: the law itself, as {@code x * 1 -> x}
 * @param function the one element-wise function that the law is about; null where it is about
 *     others or several
 * @param rewrite the replacement, or null where the law does not apply
 */
public record Rule(String law, @Nullable ElementOp function, Rewrite rewrite) {

  /** A rule for nodes of any op. */
  static Rule any(String law, Rewrite rewrite) {
    return new Rule(law, null, rewrite);
  }

  /** What a rule does to a node whose inputs are simplified already. */
  @FunctionalInterface
  public interface Rewrite {
    /** The simpler node, or null where the rule does not apply. */
    @Nullable Node apply(Node node);
  }

  /** What a rule does to a function of one argument. */
  @FunctionalInterface
  interface Unary {
    @Nullable Node apply(Node node, Node x);
  }

  /** What a rule does to a function of two arguments. */
  @FunctionalInterface
  interface Binary {
    @Nullable Node apply(Node node, Node x, Node y);
  }

  /** The simpler node, or null where the rule does not apply. */
  public @Nullable Node apply(Node node) {
    return function == null || Match.is(node, function) ? rewrite.apply(node) : null;
  }

  /** A rule for one element-wise function of one argument. */
  static Rule unary(ElementOp function, String law, Unary rewrite) {
    return new Rule(law, function, node -> rewrite.apply(node, node.input(0)));
  }

  /** A rule for one element-wise function of two arguments. */
  static Rule binary(ElementOp function, String law, Binary rewrite) {
    return new Rule(law, function, node -> rewrite.apply(node, node.input(0), node.input(1)));
  }

  /** A rule for every element-wise function. */
  static Rule map(String law, Rewrite rewrite) {
    return any(law, node -> node.op() instanceof Op.Map ? rewrite.apply(node) : null);
  }
}
