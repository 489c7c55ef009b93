package dev.kiln.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Walks over graphs, none of them recursive. */
public final class Graphs {
  private Graphs() {}

  /**
   * Every node that the roots need, each once, inputs before users; the order is the same every
   * time.
   */
  public static List<Node> topological(Collection<Node> roots) {
    List<Node> order = new ArrayList<>();
    Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    ArrayDeque<Node> path = new ArrayDeque<>();
    ArrayDeque<int[]> next = new ArrayDeque<>();
    for (Node root : roots) {
      if (!seen.add(root)) {
        continue;
      }
      path.push(root);
      next.push(new int[1]);
      while (!path.isEmpty()) {
        Node node = path.element();
        int k = next.element()[0]++;
        if (k == node.inputs().size()) {
          order.add(path.pop());
          next.pop();
        } else if (seen.add(node.input(k))) {
          path.push(node.input(k));
          next.push(new int[1]);
        }
      }
    }
    return order;
  }

  /**
   * The roots with some of the nodes that they need replaced by others of the same dtype and shape.
   */
  public static List<Node> replace(List<Node> roots, Map<Node, Node> replacements) {
    if (replacements.isEmpty()) {
      return roots;
    }
    Map<Node, Node> made = new HashMap<>(replacements);
    for (Node node : topological(roots)) {
      if (made.containsKey(node)) {
        continue;
      }
      List<Node> inputs = new ArrayList<>();
      boolean changed = false;
      for (Node input : node.inputs()) {
        Node now = made.getOrDefault(input, input);
        changed |= now != input;
        inputs.add(now);
      }
      made.put(node, changed ? Node.of(node.op(), inputs, node.dtype(), node.shape()) : node);
    }
    return roots.stream().map(root -> made.getOrDefault(root, root)).toList();
  }

  /** Bytes of the elements of all; {@link Long#MAX_VALUE} where they are as many or more. */
  public static long bytes(Collection<Node> nodes) {
    return nodes.stream()
        .mapToLong(Node::bytes)
        .reduce(0, (a, b) -> a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b);
  }

  /** An op as one word or a short phrase, for people. */
  public static String label(Op op) {
    return switch (op) {
      case Op.Source s -> "source";
      case Op.Scalar s -> "scalar";
      case Op.Iota i -> "iota";
      case Op.Map map -> map.function().label();
      case Op.Broadcast b -> "broadcast_to";
      case Op.Reshape r -> "reshape";
      case Op.Permute permute -> "permute_dims" + permute.axes();
      case Op.Slice slice -> "slice" + slice.starts() + "step" + slice.steps();
      case Op.Concat concat -> "concat[" + concat.axis() + "]";
      case Op.Reduce reduce -> reduce.function().name().toLowerCase(Locale.ROOT) + reduce.axes();
      case Op.Call call -> (call.routine().label() + " " + call.routine().details()).strip();
    };
  }
}
