package dev.kiln.contract;

import dev.kiln.DType;
import dev.kiln.Shape;
import dev.kiln.graph.Graphs;
import dev.kiln.graph.Node;
import dev.kiln.graph.Op;
import dev.kiln.interpret.Interpreter;
import dev.kiln.spi.Buffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Compares an evaluator with the interpreter, bit by bit, and words the difference. */
public final class Agreement {
  private final GraphEvaluator evaluator;

  /** Compares this evaluator. */
  public Agreement(GraphEvaluator evaluator) {
    this.evaluator = evaluator;
  }

  /**
   * Fails where the roots' elements differ from the interpreter's in any bit, where a source was
   * written to, or where one stays pinned.
   */
  public void check(String what, Node... roots) {
    check(what, List.of(roots));
  }

  /** As {@link #check(String, Node...)}. */
  public void check(String what, List<Node> roots) {
    Optional<String> difference = difference(roots);
    if (difference.isPresent()) {
      throw new AssertionError(what + ": " + difference.get() + "\n" + GraphPrinter.print(roots));
    }
  }

  /** What differs, in a line, if anything does. */
  Optional<String> difference(List<Node> roots) {
    Map<TestBuffer, long[]> before = contents(roots);
    List<Buffer> expected = Interpreter.evaluate(roots, TestBuffer.memory());
    List<Buffer> actual = evaluator.evaluate(roots);
    if (actual.size() != roots.size()) {
      return Optional.of(actual.size() + " results for " + roots.size() + " roots");
    }
    List<String> differences = new ArrayList<>();
    for (int k = 0; k < roots.size(); k++) {
      differences.addAll(
          difference(roots.get(k), expected.get(k), actual.get(k)).stream().toList());
    }
    // The result of a source may be its own buffer, which lives on.
    actual.stream().filter(buffer -> !(buffer instanceof TestBuffer)).forEach(Buffer::release);
    contents(roots)
        .forEach(
            (buffer, bytes) -> {
              if (!Arrays.equals(bytes, before.get(buffer))) {
                differences.add("a source was written to");
              }
              if (buffer.pins() != 0) {
                differences.add("a source stays pinned " + buffer.pins() + " times");
              }
            });
    return differences.stream().findFirst();
  }

  private static Map<TestBuffer, long[]> contents(List<Node> roots) {
    Map<TestBuffer, long[]> contents = new HashMap<>();
    for (Node node : Graphs.topological(roots)) {
      if (node.op() instanceof Op.Source source && source.buffer() instanceof TestBuffer buffer) {
        contents.put(buffer, TestBuffer.read(buffer, DType.UINT8));
      }
    }
    return contents;
  }

  private static Optional<String> difference(Node root, Buffer expected, Buffer actual) {
    if (actual.contents().byteSize() != expected.contents().byteSize()) {
      return Optional.of(
          "the buffer of "
              + root
              + " has "
              + actual.contents().byteSize()
              + " bytes instead of "
              + expected.contents().byteSize());
    }
    long at = actual.contents().mismatch(expected.contents());
    if (at < 0) {
      return Optional.empty();
    }
    DType dtype = root.dtype();
    int index = (int) (at / dtype.bytes());
    long[] right = TestBuffer.read(expected, dtype);
    long[] wrong = TestBuffer.read(actual, dtype);
    long count = 0;
    for (int i = 0; i < right.length; i++) {
      count += right[i] == wrong[i] ? 0 : 1;
    }
    return Optional.of(
        root
            + " differs first at "
            + Arrays.toString(indexOf(root.shape(), index))
            + " (element "
            + index
            + "): expected "
            + GraphPrinter.element(dtype, right[index])
            + ", got "
            + GraphPrinter.element(dtype, wrong[index])
            + arguments(root, index)
            + "; "
            + count
            + " of "
            + right.length
            + " elements differ");
  }

  /** For a function: the arguments of the element that differs. */
  private static String arguments(Node root, int index) {
    if (!(root.op() instanceof Op.Map)) {
      return "";
    }
    List<String> arguments = new ArrayList<>();
    List<Buffer> inputs = Interpreter.evaluate(root.inputs(), TestBuffer.memory());
    for (int k = 0; k < inputs.size(); k++) {
      DType dtype = root.input(k).dtype();
      arguments.add(GraphPrinter.element(dtype, TestBuffer.read(inputs.get(k), dtype)[index]));
    }
    return " of " + arguments;
  }

  private static long[] indexOf(Shape shape, long element) {
    long[] index = new long[shape.rank()];
    long rest = element;
    for (int axis = shape.rank() - 1; axis >= 0; axis--) {
      index[axis] = rest % shape.extent(axis);
      rest /= shape.extent(axis);
    }
    return index;
  }
}
