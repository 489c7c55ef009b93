package dev.kiln.contract;

import dev.kiln.DType;
import dev.kiln.graph.Graphs;
import dev.kiln.graph.Node;
import dev.kiln.interpret.Interpreter;
import dev.kiln.spi.Buffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Finds the smallest part of a graph that still differs from the interpreter. */
final class Shrinker {
  private final Agreement agreement;

  Shrinker(Agreement agreement) {
    this.agreement = agreement;
  }

  /**
   * A failing node of as few nodes as can be found, or the roots where no single node fails by
   * itself.
   */
  List<Node> shrink(List<Node> roots) {
    Optional<Node> smallest =
        Graphs.topological(roots).stream()
            .sorted(Comparator.comparingInt(node -> Graphs.topological(List.of(node)).size()))
            .filter(this::fails)
            .findFirst();
    if (smallest.isEmpty()) {
      return roots;
    }
    Node node = smallest.get();
    for (boolean smaller = true; smaller; ) {
      smaller = false;
      for (Node part : Graphs.topological(List.of(node))) {
        Node simpler = replace(node, part);
        if (part != node && !part.inputs().isEmpty() && fails(simpler)) {
          node = simpler;
          smaller = true;
          break;
        }
      }
    }
    return List.of(node);
  }

  private boolean fails(Node node) {
    return agreement.difference(List.of(node)).isPresent();
  }

  /** The graph with one computed node in it given as elements in memory instead. */
  private static Node replace(Node root, Node part) {
    List<Node> order = Graphs.topological(List.of(root));
    List<Node> copies = new ArrayList<>();
    for (Node node : order) {
      List<Node> inputs = node.inputs().stream().map(k -> copies.get(order.indexOf(k))).toList();
      copies.add(
          node == part
              ? computed(node)
              : inputs.equals(node.inputs())
                  ? node
                  : Node.of(node.op(), inputs, node.dtype(), node.shape()));
    }
    return copies.getLast();
  }

  private static Node computed(Node node) {
    Buffer value = Interpreter.evaluate(List.of(node), TestBuffer.memory()).getFirst();
    DType dtype = node.dtype();
    return TestGraphs.source(dtype, node.shape(), TestBuffer.read(value, dtype));
  }
}
