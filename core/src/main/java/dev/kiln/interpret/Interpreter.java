package dev.kiln.interpret;

import dev.kiln.DType;
import dev.kiln.KilnException;
import dev.kiln.graph.Graphs;
import dev.kiln.graph.Node;
import dev.kiln.graph.Op;
import dev.kiln.spi.Buffer;
import dev.kiln.spi.Memory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The definition of every graph: evaluates it as it stands, node after node and element after
 * element.
 *
 * <p>Each node becomes an array of scalars in the form of {@link dev.kiln.kernel.Bits} in row-major
 * order, dropped when its last user is done.
 */
public final class Interpreter {
  /** The longest array that Java has everywhere. */
  private static final long LARGEST = Integer.MAX_VALUE - 8;

  /** Elements between two looks at the interrupt flag. */
  private static final int STRETCH = 1 << 16;

  private final Map<Node, long[]> values = new HashMap<>();

  private Interpreter() {}

  /**
   * The roots' elements, each in a dense row-major buffer of its own.
   *
   * @throws KilnException where an array has more than 2<sup>31</sup> − 9 elements, where memory
   *     does not suffice, or where the thread is interrupted, whose flag stays set
   */
  public static List<Buffer> evaluate(List<Node> roots, Memory memory) {
    return new Interpreter().run(roots, memory);
  }

  private List<Buffer> run(List<Node> roots, Memory memory) {
    List<Node> order = Graphs.topological(roots);
    order.forEach(Interpreter::checkSize);
    Map<Node, int[]> uses = new HashMap<>();
    for (Node node : order) {
      node.inputs().forEach(input -> count(uses, input));
    }
    roots.forEach(root -> count(uses, root));
    for (Node node : order) {
      Interrupts.check();
      values.put(node, evaluate(node));
      node.inputs().forEach(input -> drop(uses, input));
    }
    List<Buffer> results = new ArrayList<>();
    try {
      for (Node root : roots) {
        results.add(write(root, memory));
      }
    } catch (RuntimeException | Error e) {
      results.forEach(Buffer::release);
      throw e;
    }
    return results;
  }

  private static void checkSize(Node node) {
    if (node.shape().size() > LARGEST) {
      throw new KilnException(
          "the interpreter cannot hold "
              + node
              + ": it takes arrays of at most "
              + LARGEST
              + " elements; compute on the cpu backend, or in smaller parts");
    }
  }

  private static void count(Map<Node, int[]> uses, Node node) {
    uses.computeIfAbsent(node, n -> new int[1])[0]++;
  }

  private void drop(Map<Node, int[]> uses, Node node) {
    int[] left = uses.get(node);
    if (left == null || left[0] <= 0) {
      throw new AssertionError("uses miscounted: " + node);
    }
    if (--left[0] == 0) {
      values.remove(node);
    }
  }

  private long[] evaluate(Node node) {
    return switch (node.op()) {
      case Op.Source source -> read(source.buffer(), node.dtype(), (int) node.shape().size());
      case Op.Scalar scalar -> new long[] {scalar.bits()};
      case Op.Iota iota -> iota((int) node.shape().size());
      case Op.Map map -> map(node, map);
      case Op.Broadcast broadcast -> ViewMeaning.broadcast(node, input(node, 0));
      case Op.Reshape reshape -> input(node, 0);
      case Op.Permute permute -> ViewMeaning.permute(node, permute, input(node, 0));
      case Op.Slice slice -> ViewMeaning.slice(node, slice, input(node, 0));
      case Op.Concat concat -> ViewMeaning.concat(node, concat, inputs(node));
      case Op.Reduce reduce ->
          ReduceMeaning.reduce(
              reduce.function(),
              reduce.axes(),
              node.input(0).dtype(),
              node.input(0).shape(),
              input(node, 0));
      case Op.Call call -> RoutineMeaning.apply(call.routine(), arrays(node));
    };
  }

  private long[] input(Node node, int k) {
    long[] value = values.get(node.input(k));
    if (value == null) {
      throw new AssertionError("input " + k + " of " + node + " was dropped too early");
    }
    return value;
  }

  private List<long[]> inputs(Node node) {
    List<long[]> inputs = new ArrayList<>();
    for (int k = 0; k < node.inputs().size(); k++) {
      inputs.add(input(node, k));
    }
    return inputs;
  }

  private List<Values> arrays(Node node) {
    List<Values> arrays = new ArrayList<>();
    for (int k = 0; k < node.inputs().size(); k++) {
      arrays.add(new Values(node.input(k).dtype(), node.input(k).shape(), input(node, k)));
    }
    return arrays;
  }

  private long[] map(Node node, Op.Map op) {
    List<long[]> inputs = inputs(node);
    DType argument = node.input(0).dtype();
    long[] out = new long[(int) node.shape().size()];
    long[] x = new long[inputs.size()];
    for (int i = 0; i < out.length; i++) {
      if (i % STRETCH == 0) {
        Interrupts.check();
      }
      for (int k = 0; k < x.length; k++) {
        x[k] = inputs.get(k)[i];
      }
      out[i] = ElementMeaning.apply(op.function(), node.dtype(), argument, x);
    }
    return out;
  }

  private static long[] iota(int size) {
    long[] out = new long[size];
    for (int i = 0; i < size; i++) {
      out[i] = i;
    }
    return out;
  }

  private static long[] read(Buffer buffer, DType dtype, int size) {
    buffer.show();
    try {
      long[] out = new long[size];
      for (int i = 0; i < size; i++) {
        out[i] = Elements.get(buffer.contents(), dtype, i);
      }
      return out;
    } finally {
      buffer.unpin();
    }
  }

  private Buffer write(Node root, Memory memory) {
    long[] value = values.get(root);
    if (value == null) {
      throw new AssertionError("the root " + root + " was dropped too early");
    }
    Buffer buffer = memory.allocate((long) value.length * root.dtype().bytes());
    for (int i = 0; i < value.length; i++) {
      Elements.set(buffer.segment(), root.dtype(), i, value[i]);
    }
    return buffer;
  }
}
