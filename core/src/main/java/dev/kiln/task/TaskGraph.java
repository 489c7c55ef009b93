package dev.kiln.task;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A graph of delayed values and arrays in numbers: nodes come after what they need, and those that
 * need a node or that it needs are slices of one flat array.
 */
final class TaskGraph {
  private final List<Object> nodes;
  private final int[] roots;
  private final int[] inputStarts;
  private final int[] inputs;
  private final int[] userStarts;
  private final int[] users;

  private TaskGraph(List<Object> nodes, int[] roots, int[] inputStarts, int[] inputs) {
    this.nodes = nodes;
    this.roots = roots;
    this.inputStarts = inputStarts;
    this.inputs = inputs;
    this.userStarts = new int[nodes.size() + 1];
    this.users = new int[inputs.length];
    for (int input : inputs) {
      userStarts[input + 1]++;
    }
    for (int i = 0; i < nodes.size(); i++) {
      userStarts[i + 1] += userStarts[i];
    }
    int[] next = Arrays.copyOf(userStarts, nodes.size());
    for (int node = 0; node < nodes.size(); node++) {
      for (int i = inputStarts[node]; i < inputStarts[node + 1]; i++) {
        users[next[inputs[i]]++] = node;
      }
    }
  }

  /** The graph below these. */
  static TaskGraph of(List<? extends Delayed<?>> roots) {
    List<Object> nodes = new ArrayList<>();
    IdentityHashMap<Object, Integer> numbers = new IdentityHashMap<>();
    List<Frame> stack = new ArrayList<>();
    for (Delayed<?> root : roots) {
      enter(root, numbers, stack);
      while (!stack.isEmpty()) {
        Frame frame = stack.getLast();
        if (frame.next < frame.inputs.length) {
          enter(frame.inputs[frame.next++], numbers, stack);
        } else {
          stack.removeLast();
          numbers.put(frame.node, nodes.size());
          nodes.add(frame.node);
        }
      }
    }
    return numbered(nodes, numbers, roots);
  }

  /** A node whose inputs are being gone through. */
  private static final class Frame {
    final Object node;
    final Object[] inputs;
    int next;

    Frame(Object node) {
      this.node = node;
      this.inputs = inputsOf(node);
    }
  }

  private static void enter(
      Object node, IdentityHashMap<Object, Integer> numbers, List<Frame> stack) {
    // −1 until it has its number; a graph of immutable nodes has no cycle that could meet it.
    if (numbers.putIfAbsent(node, -1) == null) {
      stack.add(new Frame(node));
    }
  }

  private static TaskGraph numbered(
      List<Object> nodes,
      IdentityHashMap<Object, Integer> numbers,
      List<? extends Delayed<?>> roots) {
    int[] starts = new int[nodes.size() + 1];
    for (int i = 0; i < nodes.size(); i++) {
      starts[i + 1] = Math.addExact(starts[i], inputsOf(nodes.get(i)).length);
    }
    int[] inputs = new int[starts[nodes.size()]];
    int next = 0;
    for (Object node : nodes) {
      for (Object input : inputsOf(node)) {
        inputs[next++] = number(input, numbers);
      }
    }
    int[] rootNumbers = roots.stream().mapToInt(root -> number(root, numbers)).toArray();
    return new TaskGraph(nodes, rootNumbers, starts, inputs);
  }

  private static int number(Object node, IdentityHashMap<Object, Integer> numbers) {
    @Nullable Integer number = numbers.get(node);
    if (number == null) {
      throw new AssertionError("not numbered: " + node);
    }
    return number;
  }

  private static Object[] inputsOf(Object node) {
    return node instanceof Delayed<?> delayed ? delayed.inputs() : new Object[0];
  }

  int size() {
    return nodes.size();
  }

  /** A {@link Delayed}, or an array that is to be computed. */
  Object node(int number) {
    return nodes.get(number);
  }

  String name(int number) {
    return node(number) instanceof Delayed<?> delayed ? delayed.name() : "array";
  }

  int[] roots() {
    return roots;
  }

  int inputCount(int number) {
    return inputStarts[number + 1] - inputStarts[number];
  }

  /** The k-th of what a node needs; the same one may come several times. */
  int input(int number, int k) {
    return inputs[inputStarts[number] + k];
  }

  int userCount(int number) {
    return userStarts[number + 1] - userStarts[number];
  }

  /** The k-th of those that need a node, once for each time that they do. */
  int user(int number, int k) {
    return users[userStarts[number] + k];
  }

  /** From a node to the root that needs it, by the first user of each: their names. */
  List<String> path(int number) {
    List<String> path = new ArrayList<>();
    int at = number;
    path.add(name(at));
    while (userCount(at) > 0) {
      at = user(at, 0);
      path.add(name(at));
    }
    return path;
  }
}
