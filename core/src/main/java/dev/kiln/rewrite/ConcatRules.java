package dev.kiln.rewrite;

import dev.kiln.Shape;
import dev.kiln.graph.Node;
import dev.kiln.graph.Op;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Concatenations become flat, and vanish where only one part of them is read. */
final class ConcatRules {
  private ConcatRules() {}

  /**
   * Nested concatenations are merged up to so many parts, so that a chain of thousands stays cheap
   * to rewrite.
   */
  private static final int MOST_PARTS = 64;

  static final List<Rule> ALL =
      List.of(
          Rule.any("concat(x) -> x", ConcatRules::single),
          Rule.any("concat(x, nothing, y) -> concat(x, y)", ConcatRules::dropEmpty),
          Rule.any("concat(concat(x, y), z) -> concat(x, y, z)", ConcatRules::flatten),
          Rule.any("slice within one part of a concat -> slice of the part", ConcatRules::slice));

  private static @Nullable Node single(Node node) {
    return node.op() instanceof Op.Concat && node.inputs().size() == 1 ? node.input(0) : null;
  }

  private static @Nullable Node dropEmpty(Node node) {
    if (!(node.op() instanceof Op.Concat concat) || node.shape().size() == 0) {
      return null;
    }
    List<Node> parts = node.inputs().stream().filter(part -> part.shape().size() > 0).toList();
    return parts.size() == node.inputs().size()
        ? null
        : Make.concat(concat.axis(), parts, node.shape());
  }

  private static @Nullable Node flatten(Node node) {
    if (!(node.op() instanceof Op.Concat concat) || node.inputs().size() > MOST_PARTS) {
      return null;
    }
    List<Node> parts = new ArrayList<>();
    for (Node input : node.inputs()) {
      if (input.op().equals(concat)) {
        parts.addAll(input.inputs());
      } else {
        parts.add(input);
      }
    }
    return parts.size() == node.inputs().size() || parts.size() > MOST_PARTS
        ? null
        : Make.concat(concat.axis(), parts, node.shape());
  }

  private static @Nullable Node slice(Node node) {
    if (!(node.op() instanceof Op.Slice slice)
        || !(node.input(0).op() instanceof Op.Concat concat)
        || node.shape().size() == 0) {
      return null;
    }
    int axis = concat.axis();
    long start = slice.starts().get(axis);
    long last = start + (node.shape().extent(axis) - 1) * slice.steps().get(axis);
    long offset = 0;
    for (Node part : node.input(0).inputs()) {
      long end = offset + part.shape().extent(axis);
      if (start < end) {
        return offset <= start && offset <= last && last < end
            ? within(part, slice, axis, start - offset, node.shape())
            : null;
      }
      offset = end;
    }
    throw new AssertionError("slice beyond its input: " + node);
  }

  private static Node within(Node part, Op.Slice slice, int axis, long start, Shape shape) {
    List<Long> starts = new ArrayList<>(slice.starts());
    starts.set(axis, start);
    return Make.slice(part, starts, slice.steps(), shape);
  }
}
