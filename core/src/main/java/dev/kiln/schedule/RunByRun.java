package dev.kiln.schedule;

import dev.kiln.graph.Node;
import dev.kiln.graph.Op;
import dev.kiln.kernel.ReduceOp;
import dev.kiln.rewrite.Pass;
import dev.kiln.rewrite.Rule;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The canonical order of sums and products over several axes: run by run of adjacent reduced axes,
 * the last run first. Axes of extent 1 don't count. What a kernel reduces is then always one
 * sequence.
 */
final class RunByRun {
  /** The pass that comes last, after which nothing merges reductions again. */
  static final Pass PASS =
      new Pass(
          "reductions run by run",
          List.of(new Rule("sum over a, b -> sum over a of sum over b", null, RunByRun::split)));

  private RunByRun() {}

  private static @Nullable Node split(Node node) {
    if (!(node.op() instanceof Op.Reduce reduce)
        || !node.dtype().isFloat()
        || (reduce.function() != ReduceOp.SUM && reduce.function() != ReduceOp.PROD)) {
      return null;
    }
    Node input = node.input(0);
    int first = startOfLastRun(reduce, input);
    List<Integer> before = new ArrayList<>();
    List<Integer> last = new ArrayList<>();
    for (int axis : reduce.axes()) {
      (axis < first ? before : last).add(axis);
    }
    if (before.stream().allMatch(axis -> input.shape().extent(axis) == 1)) {
      return null;
    }
    Node inner = reduced(reduce.function(), last, input);
    return reduced(reduce.function(), before, inner);
  }

  private static int startOfLastRun(Op.Reduce reduce, Node input) {
    int first = input.shape().rank();
    boolean inRun = false;
    for (int axis = input.shape().rank() - 1; axis >= 0; axis--) {
      if (input.shape().extent(axis) != 1) {
        if (reduce.axes().contains(axis)) {
          inRun = true;
          first = axis;
        } else if (inRun) {
          return first;
        }
      }
    }
    return first;
  }

  private static Node reduced(ReduceOp function, List<Integer> axes, Node input) {
    List<Long> extents = new ArrayList<>();
    for (int axis = 0; axis < input.shape().rank(); axis++) {
      if (!axes.contains(axis)) {
        extents.add(input.shape().extent(axis));
      }
    }
    return Node.of(
        new Op.Reduce(function, axes),
        List.of(input),
        input.dtype(),
        dev.kiln.Shape.of(extents.stream().mapToLong(Long::longValue).toArray()));
  }
}
