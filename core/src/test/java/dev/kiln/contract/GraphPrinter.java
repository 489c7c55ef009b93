package dev.kiln.contract;

import dev.kiln.DType;
import dev.kiln.graph.Graphs;
import dev.kiln.graph.Node;
import dev.kiln.graph.Op;
import dev.kiln.kernel.Bits;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/** Prints failing graphs, the first elements of their sources included. */
final class GraphPrinter {
  private static final int MOST_LINES = 60;
  private static final int MOST_ELEMENTS = 8;

  private GraphPrinter() {}

  /** One line for each node, inputs before users. */
  static String print(List<Node> roots) {
    List<String> lines = new ArrayList<>();
    Map<Node, Integer> numbers = new HashMap<>();
    for (Node node : Graphs.topological(roots)) {
      StringJoiner inputs = new StringJoiner(", ", "(", ")");
      node.inputs().forEach(input -> inputs.add("%" + numbers.get(input)));
      lines.add("%" + numbers.size() + " = " + node + inputs + content(node));
      numbers.put(node, numbers.size());
    }
    if (lines.size() > MOST_LINES) {
      int left = lines.size() - MOST_LINES;
      lines.subList(MOST_LINES / 2, lines.size() - MOST_LINES / 2).clear();
      lines.add(MOST_LINES / 2, "… " + left + " more …");
    }
    return String.join("\n", lines);
  }

  private static String content(Node node) {
    return switch (node.op()) {
      case Op.Source source ->
          elements(node.dtype(), TestBuffer.read(source.buffer(), node.dtype()));
      case Op.Scalar scalar -> elements(node.dtype(), scalar.bits());
      default -> "";
    };
  }

  private static String elements(DType dtype, long... bits) {
    StringJoiner text = new StringJoiner(", ", " [", bits.length > MOST_ELEMENTS ? ", …]" : "]");
    for (int i = 0; i < Math.min(bits.length, MOST_ELEMENTS); i++) {
      text.add(element(dtype, bits[i]));
    }
    return text.toString();
  }

  /** A value and its bits. */
  static String element(DType dtype, long bits) {
    String hex = Long.toHexString(dtype.bits() == 64 ? bits : bits & ((1L << dtype.bits()) - 1));
    return Bits.toString(dtype, bits) + "=0x" + hex;
  }
}
