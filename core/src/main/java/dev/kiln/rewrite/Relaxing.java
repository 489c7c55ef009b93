package dev.kiln.rewrite;

import dev.kiln.graph.ElementOp;
import dev.kiln.graph.Node;
import dev.kiln.graph.Op;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts cheaper forms of functions in the place of those that have one. This changes bits, so it is
 * no part of {@link Passes} and happens first: what is computed, digested and cached is the relaxed
 * graph.
 */
public final class Relaxing {
  private static final Pass PASS =
      new Pass("relaxed functions", List.of(Rule.map("f(x) -> relaxed_f(x)", Relaxing::cheaper)));

  private Relaxing() {}

  /** The graph of these roots with cheaper functions. */
  public static List<Node> apply(List<Node> roots) {
    return Rewriter.apply(PASS, roots);
  }

  private static @Nullable Node cheaper(Node node) {
    ElementOp function = ((Op.Map) node.op()).function();
    ElementOp relaxed = function.relaxed();
    return relaxed == function
        ? null
        : Node.of(new Op.Map(relaxed), node.inputs(), node.dtype(), node.shape());
  }
}
