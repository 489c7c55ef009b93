package dev.kiln.schedule;

import dev.kiln.DType;
import dev.kiln.Shape;
import dev.kiln.graph.BuildForeign;
import dev.kiln.graph.Graphs;
import dev.kiln.graph.Node;
import dev.kiln.graph.Op;
import dev.kiln.kernel.Bits;
import dev.kiln.kernel.ReduceOp;
import dev.kiln.kernel.Routine;
import dev.kiln.lower.InPlace;
import dev.kiln.lower.Lowered;
import dev.kiln.lower.Lowering;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Cuts a graph into steps and lowers each to its kernels. */
public final class Planner {
  private final Fusion fusion;
  private final Set<Node> stored;
  private final Siblings siblings;
  private final Set<Node> planned = new HashSet<>();
  private final List<Step> steps = new ArrayList<>();

  private Planner(Fusion fusion, Siblings siblings) {
    this.fusion = fusion;
    this.siblings = siblings;
    this.stored = fusion.stored();
  }

  /** The plan that computes these nodes, simplified before. */
  public static Plan plan(List<Node> roots) {
    List<Node> results = roots.stream().map(Planner::withSameMemory).toList();
    List<Node> order = Graphs.topological(results);
    Planner planner = new Planner(new Fusion(order, results), new Siblings(order));
    for (Node node : order) {
      if (planner.stored.contains(node)) {
        planner.add(node);
      }
    }
    return Plan.of(planner.steps, results);
  }

  /** A dense array has the same memory under every shape. */
  private static Node withSameMemory(Node root) {
    Node node = root;
    while (node.op() instanceof Op.Reshape) {
      node = node.input(0);
    }
    return node;
  }

  private void add(Node target) {
    ArrayDeque<Node> open = new ArrayDeque<>();
    open.push(target);
    while (!open.isEmpty()) {
      Node node = open.element();
      if (node.op() instanceof Op.Call call && node.shape().size() > 0) {
        open.pop();
        if (planned.add(node)) {
          List<Node> others = others(node, call.routine());
          planned.addAll(others);
          steps.add(new Step.Call(node, others, call.routine(), inPlace(node)));
        }
        continue;
      }
      List<Lowered> pieces = new ArrayList<>();
      Node first = planned.contains(node) ? null : pieces(node, pieces);
      if (first != null) {
        // A reshape of this value cannot be read in place: it gets a step of its own, before.
        if (!stored.add(first)) {
          throw new AssertionError("needed before itself: " + first);
        }
        open.push(first);
        continue;
      }
      open.pop();
      if (planned.add(node)) {
        List<Node> others = pieces.isEmpty() ? List.of() : siblings(node);
        planned.addAll(others);
        steps.add(new Step.Kernels(node, others, pieces));
      }
    }
  }

  /** Lowers a node; returns a node that must be computed before, or null where all is done. */
  private @Nullable Node pieces(Node node, List<Lowered> pieces) {
    Shape shape = node.shape();
    if (shape.size() == 0) {
      return null;
    }
    long[] strides = shape.rowMajorStrides();
    Predicate<Node> inputs = other -> other != node && isStored(other);
    if (node.op() instanceof Op.Reduce reduce && !fusion.isWrittenOut(node)) {
      return node.input(0).shape().size() == 0
          ? add(Lowering.store(ofNothing(reduce.function(), node), inputs, 0, strides), pieces)
          : add(Lowering.reduce(withSiblings(node), inputs), pieces);
    }
    if (node.op() instanceof Op.Concat concat) {
      long offset = 0;
      for (Node part : node.inputs()) {
        if (part.shape().size() > 0) {
          Node first = add(Lowering.store(part, this::isStored, offset, strides), pieces);
          if (first != null) {
            return first;
          }
        }
        offset += part.shape().extent(concat.axis()) * strides[concat.axis()];
      }
      return null;
    }
    return add(Lowering.store(node, inputs, 0, strides), pieces);
  }

  /** What else is computed when a routine computes a node. */
  private static List<Node> others(Node node, Routine routine) {
    return routine instanceof Routine.Foreign foreign
        ? BuildForeign.others(node, foreign)
        : List.of();
  }

  private List<InPlace> inPlace(Node call) {
    return call.inputs().stream()
        .map(input -> InPlace.of(input, this::isStored))
        .map(input -> input.orElseThrow(() -> new AssertionError("not in memory: " + call)))
        .toList();
  }

  private List<Node> siblings(Node node) {
    boolean loops = node.op() instanceof Op.Reduce && !fusion.isWrittenOut(node);
    return loops && node.input(0).shape().size() > 0 ? siblings.of(node) : List.of();
  }

  private List<Node> withSiblings(Node node) {
    List<Node> all = new ArrayList<>(siblings(node));
    all.addFirst(node);
    return all;
  }

  private boolean isStored(Node node) {
    return node.op() instanceof Op.Source || stored.contains(node);
  }

  private static @Nullable Node add(Lowering.Outcome outcome, List<Lowered> pieces) {
    return switch (outcome) {
      case Lowering.Outcome.Done done -> {
        pieces.add(done.lowered());
        yield null;
      }
      case Lowering.Outcome.Blocked blocked -> blocked.node();
    };
  }

  /** What a reduction of no elements is, as a node. */
  private static Node ofNothing(ReduceOp function, Node reduce) {
    DType dtype = reduce.dtype();
    long bits =
        switch (function) {
          case SUM, SQUARED_DEVIATIONS -> Bits.ofLong(dtype, 0);
          case PROD -> Bits.ofLong(dtype, 1);
          case MEAN -> Bits.canonicalNaN(dtype);
          case MIN -> emptyExtreme(reduce, 1);
          case MAX -> emptyExtreme(reduce, 0);
          case ARGMIN, ARGMAX -> throw new AssertionError("reduction of nothing: " + reduce);
        };
    Node scalar = Node.of(new Op.Scalar(bits), List.of(), dtype, Shape.of());
    return reduce.shape().rank() == 0
        ? scalar
        : Node.of(new Op.Broadcast(), List.of(scalar), dtype, reduce.shape());
  }

  /** For bool these are all and any, which nothing satisfies, or doesn't. */
  private static long emptyExtreme(Node reduce, long bits) {
    if (reduce.dtype() != DType.BOOL) {
      throw new AssertionError("extreme of nothing: " + reduce);
    }
    return bits;
  }
}
