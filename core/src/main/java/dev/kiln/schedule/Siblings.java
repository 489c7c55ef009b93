package dev.kiln.schedule;

import dev.kiln.graph.Node;
import dev.kiln.graph.Op;
import dev.kiln.kernel.ReduceOp;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reductions that one kernel computes together: the mean and the squared deviations of the same
 * values over the same axes, which fall out of the same two-level moments. Neither reads the other,
 * so they may always be computed at once.
 */
final class Siblings {
  private final Map<Key, Node> moments = new HashMap<>();

  private record Key(Node values, List<Integer> axes, ReduceOp function) {}

  Siblings(List<Node> order) {
    for (Node node : order) {
      if (node.op() instanceof Op.Reduce reduce) {
        moments.put(new Key(node.input(0), reduce.axes(), reduce.function()), node);
      }
    }
  }

  /** The reductions of a graph to be computed together with this one. */
  List<Node> of(Node reduction) {
    Op.Reduce reduce = (Op.Reduce) reduction.op();
    ReduceOp other =
        switch (reduce.function()) {
          case MEAN -> ReduceOp.SQUARED_DEVIATIONS;
          case SQUARED_DEVIATIONS -> ReduceOp.MEAN;
          case SUM, PROD, MIN, MAX, ARGMIN, ARGMAX -> reduce.function();
        };
    Node sibling = moments.get(new Key(reduction.input(0), reduce.axes(), other));
    return sibling == null || sibling.equals(reduction) ? List.of() : List.of(sibling);
  }
}
