package dev.kiln.rewrite;

import dev.kiln.DType;
import dev.kiln.Shape;
import dev.kiln.graph.Node;
import dev.kiln.graph.Op;
import dev.kiln.kernel.Bits;
import dev.kiln.kernel.ReduceOp;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reductions over nothing, over one element and of reductions. Sums and products of floats have a
 * canonical order, which no rule may change.
 */
final class ReductionRules {
  private ReductionRules() {}

  static final List<Rule> ALL =
      List.of(
          rule("reduction of no elements -> constant", ReductionRules::ofNothing),
          rule("reduction of a constant -> constant, where exact", ReductionRules::ofConstant),
          rule("reduction of single elements -> the elements", ReductionRules::ofSingle),
          rule("reduction over axes of extent 1 too -> without them", ReductionRules::squeeze),
          rule(
              "extreme of extremes -> extreme, and sums and products of integers",
              ReductionRules::merge));

  @FunctionalInterface
  private interface OfReduce {
    @Nullable Node apply(Node node, Op.Reduce reduce, Node x);
  }

  private static Rule rule(String law, OfReduce rewrite) {
    return Rule.any(
        law,
        node ->
            node.op() instanceof Op.Reduce reduce
                ? rewrite.apply(node, reduce, node.input(0))
                : null);
  }

  private static @Nullable Node ofNothing(Node node, Op.Reduce reduce, Node x) {
    if (x.shape().size() > 0 || node.shape().size() == 0) {
      return null;
    }
    return switch (reduce.function()) {
      case SUM, SQUARED_DEVIATIONS -> Make.number(node, 0);
      case PROD -> Make.number(node, 1);
      case MEAN -> Make.constant(node.dtype(), node.shape(), Bits.canonicalNaN(node.dtype()));
      case MIN, MAX, ARGMIN, ARGMAX -> null; // refused when the graph was built
    };
  }

  private static @Nullable Node ofConstant(Node node, Op.Reduce reduce, Node x) {
    if (!Match.isConstant(x) || x.shape().size() == 0) {
      return null;
    }
    long bits = Match.bits(x);
    return switch (reduce.function()) {
      case MIN, MAX -> Make.constant(node.dtype(), node.shape(), Bits.canonical(x.dtype(), bits));
      case ARGMIN, ARGMAX -> Make.number(node, 0);
      case SUM ->
          Match.isExact(x)
              ? Make.number(node, bits * (x.shape().size() / node.shape().size()))
              : null;
      case PROD, MEAN, SQUARED_DEVIATIONS -> null;
    };
  }

  private static @Nullable Node ofSingle(Node node, Op.Reduce reduce, Node x) {
    if (x.shape().size() != node.shape().size()) {
      return null;
    }
    return switch (reduce.function()) {
      case SUM, PROD, MIN, MAX -> Canonical.isCanonical(x) ? Make.reshape(x, node.shape()) : null;
      case ARGMIN, ARGMAX -> Make.number(node, 0);
      case MEAN, SQUARED_DEVIATIONS -> null; // NaN for an infinity
    };
  }

  /** Keeps the canonical order, which leaves axes of extent 1 out itself. */
  private static @Nullable Node squeeze(Node node, Op.Reduce reduce, Node x) {
    List<Long> extents = new ArrayList<>();
    List<Integer> axes = new ArrayList<>();
    for (int axis = 0; axis < x.shape().rank(); axis++) {
      boolean reduced = reduce.axes().contains(axis);
      if (reduced && x.shape().extent(axis) == 1) {
        continue;
      }
      if (reduced) {
        axes.add(extents.size());
      }
      extents.add(x.shape().extent(axis));
    }
    if (axes.isEmpty() || axes.size() == reduce.axes().size()) {
      return null;
    }
    Shape squeezed = Shape.of(extents.stream().mapToLong(Long::longValue).toArray());
    Node input = Make.reshape(x, squeezed);
    return Make.reduce(reduce.function(), axes, input, node.dtype(), node.shape());
  }

  private static @Nullable Node merge(Node node, Op.Reduce outer, Node x) {
    if (!(x.op() instanceof Op.Reduce inner)
        || inner.function() != outer.function()
        || !isOrderFree(outer.function(), node.dtype())) {
      return null;
    }
    Node elements = x.input(0);
    List<Integer> axes = new ArrayList<>();
    int kept = 0;
    for (int axis = 0; axis < elements.shape().rank(); axis++) {
      boolean innerReduces = inner.axes().contains(axis);
      if (innerReduces || outer.axes().contains(kept)) {
        axes.add(axis);
      }
      kept += innerReduces ? 0 : 1;
    }
    return Make.reduce(outer.function(), axes, elements, node.dtype(), node.shape());
  }

  private static boolean isOrderFree(ReduceOp function, DType dtype) {
    return switch (function) {
      case MIN, MAX -> true;
      case SUM, PROD -> !dtype.isFloat();
      case ARGMIN, ARGMAX, MEAN, SQUARED_DEVIATIONS -> false;
    };
  }
}
