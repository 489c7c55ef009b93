package dev.kiln.graph;

import dev.kiln.kernel.Routine;

/** The rules that a node of each routine keeps. */
final class RoutineTypes {
  private RoutineTypes() {}

  /** The first rule that a node breaks; empty where it keeps them all. */
  static String broken(Routine routine, Node node) {
    return switch (routine) {
      case Routine.Cumulative(Routine.Cumulative.Fold fold, int axis) -> {
        if (node.inputs().size() != 1) {
          yield "another number of inputs";
        }
        Node x = node.input(0);
        if (!x.dtype().isNumeric()) {
          yield "takes numbers";
        }
        if (axis < 0 || axis >= x.shape().rank()) {
          yield "no such axis";
        }
        yield sameType(node, x);
      }
    };
  }

  private static String sameType(Node node, Node x) {
    if (node.dtype() != x.dtype()) {
      return "a result of another dtype";
    }
    return node.shape().equals(x.shape()) ? "" : "another shape than its input";
  }
}
