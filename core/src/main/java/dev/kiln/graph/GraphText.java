package dev.kiln.graph;

import dev.kiln.kernel.Bits;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;

/**
 * A graph as text for people: one line a node, inputs before users.
 *
 * <pre>
 * a  = source  float32(512, 512)
 * %1 = multiply(a, 2.0)  float32(512, 512)
 * %2 = sum(%1, axes 0)  float32(512,)
 * return %2
 * </pre>
 *
 * <p>Scalars, and in element-wise functions their broadcasts too, stand where they are used.
 */
public final class GraphText {
  private static final int MOST_LINES = 200;

  private GraphText() {}

  /** The graph of these roots, abbreviated in the middle beyond {@value #MOST_LINES} lines. */
  public static String of(List<Node> roots) {
    return of(roots, Map.of(), MOST_LINES);
  }

  /**
   * The graph of these roots.
   *
   * @param names what to call nodes; sources without one are a, b, c and so on
   * @param mostLines beyond which the middle is left out
   */
  public static String of(List<Node> roots, Map<Node, String> names, int mostLines) {
    Map<Node, String> labels = labels(roots, names);
    List<String> lines = new ArrayList<>();
    for (Node node : Graphs.topological(roots)) {
      if (labels.containsKey(node) && !(node.op() instanceof Op.Scalar)) {
        lines.add(labels.get(node) + " = " + expression(node, labels) + "  " + type(node));
      }
    }
    StringJoiner text = new StringJoiner("\n", "", "\n");
    abbreviate(lines, mostLines).forEach(text::add);
    StringJoiner results = new StringJoiner(", ");
    roots.forEach(root -> results.add(operand(root, labels)));
    return text.add("return " + results).toString();
  }

  /** The dtype and shape of a node: {@code float32(512, 512)}. */
  static String type(Node node) {
    return node.dtype().toString() + node.shape();
  }

  /** What a node does, without its inputs: {@code sum, axes 0}. */
  static String description(Node node) {
    String details = details(node);
    return details.isEmpty() ? name(node) : name(node) + ", " + details;
  }

  private static String name(Node node) {
    return switch (node.op()) {
      case Op.Source source -> "source";
      case Op.Scalar scalar -> Bits.toString(node.dtype(), scalar.bits());
      case Op.Iota iota -> "iota";
      case Op.Map map -> map.function() == ElementOp.CAST ? "astype" : map.function().label();
      case Op.Broadcast broadcast -> "broadcast_to";
      case Op.Reshape reshape -> "reshape";
      case Op.Permute permute -> "permute_dims";
      case Op.Slice slice -> "slice";
      case Op.Concat concat -> "concat";
      case Op.Reduce reduce -> reduce.function().name().toLowerCase(Locale.ROOT);
      case Op.Call call -> call.routine().label();
    };
  }

  /** The attributes that a name does not say; empty for most ops. */
  private static String details(Node node) {
    return switch (node.op()) {
      case Op.Permute permute -> "axes " + list(permute.axes());
      case Op.Slice slice -> indices(slice, node);
      case Op.Concat concat -> "axis " + concat.axis();
      case Op.Reduce reduce -> "axes " + list(reduce.axes());
      case Op.Call call -> call.routine().details();
      case Op.Source source -> "";
      case Op.Scalar scalar -> "";
      case Op.Iota iota -> "";
      case Op.Map map -> "";
      case Op.Broadcast broadcast -> "";
      case Op.Reshape reshape -> "";
    };
  }

  private static Map<Node, String> labels(List<Node> roots, Map<Node, String> names) {
    IdentityHashMap<Node, String> labels = new IdentityHashMap<>();
    int sources = 0;
    int others = 0;
    Set<Node> shown = shown(roots);
    for (Node node : Graphs.topological(roots)) {
      String given = names.get(node);
      if (given != null) {
        labels.put(node, given);
      } else if (node.op() instanceof Op.Source) {
        String name;
        do {
          name = letters(sources++);
        } while (names.containsValue(name));
        labels.put(node, name);
      } else if (shown.contains(node)) {
        labels.put(node, "%" + ++others);
      }
    }
    return labels;
  }

  /**
   * The nodes that get a line: not scalars, and not constants that only element-wise functions use.
   */
  private static Set<Node> shown(List<Node> roots) {
    Set<Node> shown = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Node node : Graphs.topological(roots)) {
      if (!(node.op() instanceof Op.Scalar) && !isConstant(node)) {
        shown.add(node);
      }
      if (!(node.op() instanceof Op.Map)) {
        for (Node input : node.inputs()) {
          if (isConstant(input)) {
            shown.add(input);
          }
        }
      }
    }
    for (Node root : roots) {
      if (isConstant(root)) {
        shown.add(root);
      }
    }
    return shown;
  }

  private static boolean isConstant(Node node) {
    return node.op() instanceof Op.Broadcast && node.input(0).op() instanceof Op.Scalar;
  }

  private static String letters(int number) {
    String letter = String.valueOf((char) ('a' + number % 26));
    return number < 26 ? letter : letter + number / 26;
  }

  private static String expression(Node node, Map<Node, String> labels) {
    if (node.inputs().isEmpty()) {
      return name(node);
    }
    StringJoiner arguments = new StringJoiner(", ", name(node) + "(", ")");
    for (Node input : node.inputs()) {
      arguments.add(
          node.op() instanceof Op.Map && isConstant(input) && !labels.containsKey(input)
              ? operand(input.input(0), labels)
              : operand(input, labels));
    }
    String details = details(node);
    if (!details.isEmpty()) {
      arguments.add(details);
    }
    return arguments.toString();
  }

  private static String operand(Node node, Map<Node, String> labels) {
    if (node.op() instanceof Op.Scalar) {
      return name(node);
    }
    String label = labels.get(node);
    if (label == null) {
      throw new AssertionError("no name for " + node);
    }
    return label;
  }

  private static List<String> abbreviate(List<String> lines, int most) {
    if (lines.size() <= most) {
      return lines;
    }
    int head = (most + 1) / 2;
    int tail = most / 2;
    List<String> kept = new ArrayList<>(lines.subList(0, head));
    kept.add("… " + (lines.size() - head - tail) + " more …");
    kept.addAll(lines.subList(lines.size() - tail, lines.size()));
    return kept;
  }

  private static String list(List<Integer> axes) {
    StringJoiner text = new StringJoiner(" ");
    axes.forEach(axis -> text.add(axis.toString()));
    return text.toString();
  }

  /** As Python writes a slice: {@code [0:10:2, 5::-1]}. */
  private static String indices(Op.Slice slice, Node node) {
    StringJoiner text = new StringJoiner(", ", "[", "]");
    for (int axis = 0; axis < slice.starts().size(); axis++) {
      long start = slice.starts().get(axis);
      long step = slice.steps().get(axis);
      long end = start + node.shape().extent(axis) * step;
      // Without elements or down to the first, a negative end would count from the other side.
      String stop = end < 0 ? "" : Long.toString(end);
      text.add(start + ":" + stop + (step == 1 ? "" : ":" + step));
    }
    return text.toString();
  }
}
