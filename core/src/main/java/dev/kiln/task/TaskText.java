package dev.kiln.task;

import dev.kiln.NDArray;

/** Graphs of delayed values for people. */
final class TaskText {
  private TaskText() {}

  static String explain(TaskGraph graph) {
    StringBuilder text = new StringBuilder();
    int[] depths = new int[graph.size()];
    int longest = 0;
    int arrays = 0;
    for (int node = 0; node < graph.size(); node++) {
      for (int k = 0; k < graph.inputCount(node); k++) {
        depths[node] = Math.max(depths[node], depths[graph.input(node, k)] + 1);
      }
      longest = Math.max(longest, depths[node] + 1);
      arrays += graph.node(node) instanceof NDArray ? 1 : 0;
    }
    text.append("graph: ").append(graph.size()).append(" tasks, ").append(arrays);
    text.append(" of them arrays; the longest path has ").append(longest).append('\n');
    for (int node = 0; node < graph.size(); node++) {
      text.append("  t").append(node).append(" = ").append(label(graph, node)).append('(');
      for (int k = 0; k < graph.inputCount(node); k++) {
        text.append(k == 0 ? "t" : ", t").append(graph.input(node, k));
      }
      text.append(')');
      int users = graph.userCount(node);
      text.append(users > 1 ? ", needed " + users + " times\n" : "\n");
    }
    return text.toString();
  }

  static String dot(TaskGraph graph) {
    StringBuilder text = new StringBuilder();
    text.append("digraph kiln {\n");
    text.append("  node [shape=box, style=filled, fontname=\"sans-serif\"];\n");
    for (int node = 0; node < graph.size(); node++) {
      boolean isArray = graph.node(node) instanceof NDArray;
      text.append("  t").append(node).append(" [label=\"").append(quoted(label(graph, node)));
      text.append("\", fillcolor=\"").append(isArray ? "#cfdff5" : "#fdf3cf").append('"');
      text.append(graph.userCount(node) == 0 ? ", peripheries=2];\n" : "];\n");
      for (int k = 0; k < graph.inputCount(node); k++) {
        text.append("  t").append(graph.input(node, k)).append(" -> t").append(node).append(";\n");
      }
    }
    return text.append("}\n").toString();
  }

  private static String label(TaskGraph graph, int node) {
    return graph.node(node) instanceof NDArray array
        ? "array " + array.dtype() + array.shape()
        : graph.name(node);
  }

  private static String quoted(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }
}
