package dev.kiln.schedule;

import dev.kiln.graph.Node;
import dev.kiln.graph.Op;
import dev.kiln.kernel.Routine;
import dev.kiln.lower.InPlace;
import dev.kiln.lower.ShortReduction;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Chooses which nodes are computed into memory; all others are fused into the kernels of those who
 * use them.
 *
 * <p>Into memory go: what was asked for, reductions (but for short ones, which are written out),
 * concatenations, routines and their inputs; a value that several kernels, or one kernel through
 * several views, would compute again, where that costs more than writing and reading it; and values
 * below which a kernel would grow too large. Linear in the size of the graph.
 */
final class Fusion {
  /**
   * Computing a value again is cheaper than memory up to this many extra instructions an element.
   */
  private static final int RECOMPUTE = 10;

  /** The most instructions, by weight, in one kernel. */
  private static final int LARGEST = 320;

  /**
   * The most instructions, by weight and with loads counted, of a reduction that is written out.
   */
  private static final int LARGEST_WRITTEN_OUT = 64;

  private final List<Node> order;
  private final Set<Node> stored = new HashSet<>();

  /** Reductions that are written out, and the instructions of each. */
  private final Map<Node, Integer> writtenOut = new HashMap<>();

  /**
   * Decides for a whole graph.
   *
   * @param order all nodes, inputs first
   * @param targets what was asked for
   */
  Fusion(List<Node> order, Collection<Node> targets) {
    this.order = order;
    storeLoops();
    for (Node target : targets) {
      if (!(target.op() instanceof Op.Source)) {
        stored.add(target);
      }
    }
    storeWhatIsSharedAndDear();
    storeBelowLargeKernels();
  }

  /** The nodes to compute into memory. */
  Set<Node> stored() {
    return stored;
  }

  /**
   * A routine reads memory, through views where they leave a value at regular strides; a foreign
   * kernel knows dense arrays alone.
   */
  private void storeForRoutine(Routine routine, Node input) {
    Node memory =
        routine instanceof Routine.Foreign
            ? dense(input)
            : InPlace.of(input, stored::contains).map(InPlace::memory).orElse(input);
    if (!(memory.op() instanceof Op.Source)) {
      stored.add(memory);
    }
  }

  /** A node whose dense elements are those of the input, in their order. */
  private static Node dense(Node input) {
    Node node = input;
    while (node.op() instanceof Op.Reshape) {
      node = node.input(0);
    }
    return node;
  }

  /** Whether a reduction is no loop of its own, but an expression over its elements. */
  boolean isWrittenOut(Node reduction) {
    return writtenOut.containsKey(reduction);
  }

  private void storeLoops() {
    Map<Node, Integer> sizes = new HashMap<>();
    for (Node node : order) {
      long size = node.op().isView() ? 0 : weight(node);
      for (Node input : node.inputs()) {
        size += stored.contains(input) ? 1 : sizes.getOrDefault(input, 0);
      }
      if (ShortReduction.is(node)) {
        size = ShortReduction.elements(node) * (size + 1);
        if (size <= LARGEST_WRITTEN_OUT) {
          writtenOut.put(node, (int) size);
        }
      }
      boolean loops = node.op() instanceof Op.Reduce && !isWrittenOut(node);
      if (loops || node.op() instanceof Op.Concat || node.op() instanceof Op.Call) {
        stored.add(node);
      }
      if (node.op() instanceof Op.Call(Routine routine)) {
        node.inputs().forEach(input -> storeForRoutine(routine, input));
      }
      sizes.put(node, (int) Math.min(1 << 20, size));
    }
  }

  private void storeWhatIsSharedAndDear() {
    Map<Node, Integer> costs = costs();
    Map<Node, Uses> uses = new HashMap<>();
    for (int i = order.size() - 1; i >= 0; i--) {
      Node node = order.get(i);
      Uses of = uses.getOrDefault(node, new Uses());
      boolean computed = node.op() instanceof Op.Map || isWrittenOut(node);
      if (computed && costs.getOrDefault(node, 0) * (of.times() - 1L) > RECOMPUTE) {
        stored.add(node);
      }
      boolean ownKernel = stored.contains(node);
      // Users of one kernel share what they read through the same views. A view, a reduction that
      // is written out, and a value that is reached in several ways, begin a way of their own.
      boolean elsewhere = node.op().isView() || isWrittenOut(node);
      Object way = ownKernel || elsewhere || of.ways.size() != 1 ? node : of.onlyWay();
      long times = ownKernel ? 1 : of.times();
      for (Node input : node.inputs()) {
        uses.computeIfAbsent(input, k -> new Uses()).add(way, times);
      }
    }
  }

  /** The ways in which a node is reached from kernels, and how often each is computed. */
  private static final class Uses {
    final Map<Object, Long> ways = new HashMap<>(2);

    void add(Object way, long times) {
      ways.merge(way, times, Math::max);
    }

    long times() {
      long times = 0;
      for (long each : ways.values()) {
        times = Math.min(1 << 20, times + each);
      }
      return times;
    }

    Object onlyWay() {
      return ways.keySet().iterator().next();
    }
  }

  /**
   * What each node costs from the values that are stored in any case, counted with repetition and
   * bounded.
   */
  private Map<Node, Integer> costs() {
    Map<Node, Integer> costs = new HashMap<>();
    for (Node node : order) {
      long cost = 0;
      for (Node input : node.inputs()) {
        cost += stored.contains(input) ? 0 : costs.getOrDefault(input, 0);
      }
      cost = isWrittenOut(node) ? ShortReduction.elements(node) * (cost + 1) : cost;
      cost += Weights.of(node);
      costs.put(node, (int) Math.min(1 << 20, cost));
    }
    return costs;
  }

  private void storeBelowLargeKernels() {
    Map<Node, Integer> sizes = new HashMap<>();
    for (Node node : order) {
      sizes.put(node, size(node, sizes));
    }
  }

  private int size(Node node, Map<Node, Integer> sizes) {
    while (true) {
      int bound = upperBound(node, sizes);
      if (bound <= LARGEST) {
        return bound;
      }
      int exact = exactSize(node);
      if (exact <= LARGEST) {
        return exact;
      }
      Node largest = largestInput(node, sizes);
      if (largest == null) {
        return exact;
      }
      stored.add(largest);
    }
  }

  /**
   * The computed node under an input's views that brings most into the kernel, or null where
   * nothing can be cut off.
   */
  private @Nullable Node largestInput(Node node, Map<Node, Integer> sizes) {
    Node largest = null;
    int most = 0;
    for (Node input : node.inputs()) {
      Node under = input;
      while (under.op().isView() && !stored.contains(under)) {
        under = under.input(0);
      }
      if ((under.op() instanceof Op.Map || isWrittenOut(under))
          && !stored.contains(under)
          && sizes.getOrDefault(under, 0) > most) {
        largest = under;
        most = sizes.getOrDefault(under, 0);
      }
    }
    return largest;
  }

  private int upperBound(Node node, Map<Node, Integer> sizes) {
    long bound = weight(node);
    for (Node input : Set.copyOf(node.inputs())) {
      bound += stored.contains(input) ? 1 : sizes.getOrDefault(input, 0);
    }
    return (int) Math.min(Integer.MAX_VALUE, bound);
  }

  private int exactSize(Node root) {
    Set<Node> seen = new HashSet<>();
    ArrayDeque<Node> open = new ArrayDeque<>(root.inputs());
    int size = weight(root);
    while (!open.isEmpty()) {
      Node node = open.pop();
      if (seen.add(node)) {
        boolean inside = !stored.contains(node);
        size += inside ? weight(node) : 1;
        if (inside) {
          open.addAll(node.inputs());
        }
      }
    }
    return size;
  }

  private int weight(Node node) {
    return node.inputs().isEmpty()
        ? 1
        : isWrittenOut(node) ? writtenOut.getOrDefault(node, 0) : Weights.of(node);
  }
}
