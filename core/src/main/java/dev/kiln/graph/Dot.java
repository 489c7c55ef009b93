package dev.kiln.graph;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * A graph in Graphviz's DOT language: one box a node, coloured by what kind of op it is; roots have
 * a double border.
 */
public final class Dot {
  private Dot() {}

  /** The graph of these roots. */
  public static String of(List<Node> roots) {
    StringBuilder text = new StringBuilder();
    text.append("digraph kiln {\n");
    text.append("  node [shape=box, style=filled, fontname=\"sans-serif\"];\n");
    Set<Node> marked = Set.copyOf(roots);
    IdentityHashMap<Node, Integer> numbers = new IdentityHashMap<>();
    for (Node node : Graphs.topological(roots)) {
      int number = numbers.size();
      numbers.put(node, number);
      text.append("  n").append(number).append(" [label=");
      text.append(quoted(GraphText.description(node) + "\n" + GraphText.type(node)));
      text.append(", fillcolor=").append(quoted(colour(node.op())));
      text.append(marked.contains(node) ? ", peripheries=2];\n" : "];\n");
      for (int k = 0; k < node.inputs().size(); k++) {
        text.append("  n").append(numbers.get(node.input(k))).append(" -> n").append(number);
        // Which input an edge is matters only where there are several.
        text.append(node.inputs().size() > 1 ? " [label=\"" + k + "\"];\n" : ";\n");
      }
    }
    return text.append("}\n").toString();
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
  }

  private static String colour(Op op) {
    return switch (op) {
      case Op.Source source -> "#cfe8cf";
      case Op.Scalar scalar -> "#eeeeee";
      case Op.Iota iota -> "#eeeeee";
      case Op.Map map -> "#cfdff5";
      case Op.Broadcast view -> "#fdf3cf";
      case Op.Reshape view -> "#fdf3cf";
      case Op.Permute view -> "#fdf3cf";
      case Op.Slice view -> "#fdf3cf";
      case Op.Concat concat -> "#f5dccf";
      case Op.Reduce reduce -> "#f3cfe0";
      case Op.Call call -> "#e0cff3";
    };
  }
}
