package dev.kiln.lower;

import dev.kiln.DType;
import dev.kiln.Shape;
import dev.kiln.graph.ElementOp;
import dev.kiln.graph.Node;
import dev.kiln.graph.Op;
import dev.kiln.kernel.Body;
import dev.kiln.kernel.Kernel;
import dev.kiln.kernel.Operand;
import dev.kiln.kernel.Output;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Makes one kernel of a part of the graph: from a root down to nodes that are computed already.
 *
 * <p>It walks from the root to its inputs and carries along where each input is read, as an {@link
 * AffineMap} of the loop dimensions. A view changes the map and is then gone; a function becomes
 * instructions, and so does a {@link ShortReduction}; what is reached through the same map twice is
 * computed once.
 */
public final class Lowering {
  private static final int MOST_SPLITS = 64;

  private final Predicate<Node> available;
  private final LoopSpace space;
  private final Body body = new Body();
  private final Map<Read, Integer> reads = new LinkedHashMap<>();
  private final Map<Constant, Integer> params = new LinkedHashMap<>();
  private final Map<Place, Body.Value> values = new HashMap<>();
  private @Nullable Node blocked;
  private long @Nullable [] split;

  private record Read(@Nullable Node node, DType dtype, long offset, List<Long> strides) {}

  private record Constant(DType dtype, long bits) {}

  private record Place(Node node, AffineMap map) {}

  private Lowering(Predicate<Node> available, LoopSpace space) {
    this.available = available;
    this.space = space;
  }

  /** What became of a root. */
  public sealed interface Outcome {
    /** The kernel. */
    record Done(Lowered lowered) implements Outcome {}

    /** No kernel: this node must be computed first, because a reshape of it has no affine map. */
    record Blocked(Node node) implements Outcome {}
  }

  /**
   * A kernel that stores a node's elements.
   *
   * @param value the root; it may not be empty
   * @param available which nodes are computed already and are read instead of being made part of
   *     the kernel
   * @param offset where the first element goes in the buffer written, in elements
   * @param strides where the others go, axis by axis
   */
  public static Outcome store(Node value, Predicate<Node> available, long offset, long[] strides) {
    Shape shape = value.shape();
    List<Integer> axes = IntStream.range(0, shape.rank()).boxed().toList();
    LoopSpace space = LoopSpace.over(shape.toArray(), axes, axes.size());
    return lower(value, available, space, lowering -> lowering.finishStore(value, offset, strides));
  }

  /**
   * A kernel that computes reductions of the same values over the same axes, their input fused into
   * it; the input may not be empty.
   */
  public static Outcome reduce(List<Node> reductions, Predicate<Node> available) {
    Node reduce = reductions.getFirst();
    Op.Reduce op = (Op.Reduce) reduce.op();
    Node input = reduce.input(0);
    List<Integer> order = new ArrayList<>();
    for (int axis = 0; axis < input.shape().rank(); axis++) {
      if (!op.axes().contains(axis)) {
        order.add(axis);
      }
    }
    int kept = order.size();
    order.addAll(op.axes());
    LoopSpace space = LoopSpace.over(input.shape().toArray(), order, kept);
    return lower(input, available, space, lowering -> lowering.finishReduce(reductions));
  }

  private interface Finish {
    Lowered apply(Lowering lowering);
  }

  private static Outcome lower(
      Node root, Predicate<Node> available, LoopSpace start, Finish finish) {
    LoopSpace space = start;
    for (int splits = 0; ; splits++) {
      Lowering lowering = new Lowering(available, space);
      if (lowering.evaluate(root)) {
        return new Outcome.Done(finish.apply(lowering));
      }
      Node blocked = lowering.blocked;
      if (blocked == null) {
        throw new AssertionError("lowering stopped without a reason");
      }
      if (lowering.split == null || splits == MOST_SPLITS) {
        return new Outcome.Blocked(blocked.input(0));
      }
      space = space.split((int) lowering.split[0], lowering.split[1]);
    }
  }

  /** Fills {@link #values} up to the root; false where a reshape is in the way. */
  private boolean evaluate(Node root) {
    ArrayDeque<Place> stack = new ArrayDeque<>();
    stack.push(new Place(root, space.root()));
    while (!stack.isEmpty()) {
      Place place = stack.element();
      if (values.containsKey(place)) {
        stack.pop();
        continue;
      }
      List<Place> inputs = inputs(place);
      if (inputs == null) {
        return false;
      }
      boolean ready = true;
      for (int k = inputs.size() - 1; k >= 0; k--) {
        if (!values.containsKey(inputs.get(k))) {
          stack.push(inputs.get(k));
          ready = false;
        }
      }
      if (ready) {
        stack.pop();
        values.put(place, value(place, inputs));
      }
    }
    return true;
  }

  /**
   * The places that a place is computed from; none for what is read; null where a reshape is in the
   * way.
   */
  private @Nullable List<Place> inputs(Place place) {
    Node node = place.node();
    if (isRead(node)) {
      return List.of();
    }
    if (node.op().isView()) {
      AffineMap map = ViewMaps.through(node, place.map(), space);
      if (map == null) {
        blocked = node;
        split = ViewMaps.splitFor(node, place.map(), space);
        return null;
      }
      return List.of(new Place(node.input(0), map));
    }
    if (node.op() instanceof Op.Reduce) {
      return ShortReduction.inputs(node, place.map(), space.rank()).stream()
          .map(map -> new Place(node.input(0), map))
          .toList();
    }
    return node.inputs().stream().map(input -> new Place(input, place.map())).toList();
  }

  /** A leaf, or one under another shape: dense elements are numbered the same under every shape. */
  private boolean isRead(Node node) {
    return isLeaf(node) || (node.op() instanceof Op.Reshape && isLeaf(node.input(0)));
  }

  private boolean isLeaf(Node node) {
    return switch (node.op()) {
      case Op.Source s -> true;
      case Op.Scalar s -> true;
      case Op.Iota i -> true;
      case Op.Map m -> available.test(node);
      case Op.Broadcast b -> available.test(node);
      case Op.Reshape r -> available.test(node);
      case Op.Permute p -> available.test(node);
      case Op.Slice s -> available.test(node);
      case Op.Concat c -> mustBeAvailable(node);
      case Op.Reduce r ->
          available.test(node) || (!ShortReduction.is(node) && mustBeAvailable(node));
      case Op.Call c -> mustBeAvailable(node);
    };
  }

  private boolean mustBeAvailable(Node node) {
    if (!available.test(node)) {
      throw new AssertionError("not computed yet: " + node);
    }
    return true;
  }

  private Body.Value value(Place place, List<Place> inputs) {
    Node node = place.node();
    if (isRead(node)) {
      Node leaf = isLeaf(node) ? node : node.input(0);
      if (leaf.op() instanceof Op.Scalar scalar) {
        return param(node.dtype(), scalar.bits());
      }
      boolean index = leaf.op() instanceof Op.Iota && !available.test(leaf);
      return read(index ? null : leaf, node, place.map());
    }
    if (node.op() instanceof Op.Map map) {
      List<Body.Value> arguments = new ArrayList<>();
      for (int k = 0; k < inputs.size(); k++) {
        Body.Value argument = value(inputs.get(k));
        boolean signSeen =
            map.function() == ElementOp.SIGNBIT || (map.function() == ElementOp.COPYSIGN && k == 1);
        arguments.add(
            signSeen && isComputed(node.input(k)) ? Expansion.canonical(argument) : argument);
      }
      return Expansion.expand(map.function(), node.dtype(), arguments);
    }
    if (node.op() instanceof Op.Reduce) {
      return ShortReduction.of(node, inputs.stream().map(this::value).toList());
    }
    return value(inputs.getFirst());
  }

  private Body.Value value(Place place) {
    Body.Value value = values.get(place);
    if (value == null) {
      throw new AssertionError("no value of " + place.node());
    }
    return value;
  }

  /**
   * Whether a node is arithmetic of this kernel, so that its NaNs may have any sign and payload
   * yet.
   */
  private boolean isComputed(Node node) {
    Node at = node;
    while (at.op().isView() && !available.test(at)) {
      at = at.input(0);
    }
    boolean computes = at.op() instanceof Op.Map || at.op() instanceof Op.Reduce;
    return computes && !available.test(at);
  }

  private Body.Value param(DType dtype, long bits) {
    int index = params.computeIfAbsent(new Constant(dtype, bits), added -> params.size());
    return body.param(dtype, index);
  }

  /**
   * Reads dense memory, or the index where there is none, at the places of a node of as many
   * elements.
   */
  private Body.Value read(@Nullable Node memory, Node node, AffineMap map) {
    ViewMaps.Linear linear = ViewMaps.Linear.of(node.shape(), map, space.rank());
    List<Long> strides = new ArrayList<>();
    for (int d = 0; d < linear.strides.length; d++) {
      strides.add(space.extents().get(d) == 1 ? 0 : linear.strides[d]);
    }
    Read read = new Read(memory, node.dtype(), linear.offset, strides);
    int index = reads.computeIfAbsent(read, added -> reads.size());
    return body.load(node.dtype(), index);
  }

  private Lowered finishStore(Node root, long offset, long[] strides) {
    Body.Value value = value(new Place(root, space.root()));
    if (isComputed(root)) {
      value = Expansion.canonical(value);
    }
    int rank = space.rank();
    long[] write = new long[rank];
    for (int a = 0; a < strides.length; a++) {
      for (int d = 0; d < rank; d++) {
        write[d] += space.root().coef[a][d] * strides[a];
      }
    }
    Collapse collapse = collapse(List.of(write));
    List<Long> collapsed = collapse.strides.getLast();
    Operand.Access access =
        collapsed.getLast() == 1 || collapse.extents.getLast() == 1
            ? Operand.Access.CONTIGUOUS
            : Operand.Access.STRIDED;
    Output output = new Output.Store(value.dtype(), value.number(), access);
    return finish(collapse, List.of(output), List.of(new Lowered.Write(offset, collapsed)));
  }

  private Lowered finishReduce(List<Node> reductions) {
    Body.Value value = value(new Place(reductions.getFirst().input(0), space.root()));
    long[] write = new long[space.rank()];
    long stride = 1;
    for (int d = space.keptRank() - 1; d >= 0; d--) {
      write[d] = stride;
      stride *= space.extents().get(d);
    }
    Collapse collapse = collapse(List.of(write));
    List<Long> collapsed = collapse.strides.getLast().subList(0, collapse.keptRank);
    List<Output> outputs = new ArrayList<>();
    List<Lowered.Write> writes = new ArrayList<>();
    for (Node reduction : reductions) {
      Op.Reduce op = (Op.Reduce) reduction.op();
      outputs.add(new Output.Reduce(op.function(), reduction.dtype(), value.number()));
      writes.add(new Lowered.Write(0, collapsed));
    }
    return finish(collapse, outputs, writes);
  }

  private Collapse collapse(List<long[]> writes) {
    List<long[]> accesses = new ArrayList<>();
    for (Read read : reads.keySet()) {
      accesses.add(read.strides().stream().mapToLong(Long::longValue).toArray());
    }
    accesses.addAll(writes);
    return new Collapse(space.extents(), space.keptRank(), accesses);
  }

  private Lowered finish(Collapse collapse, List<Output> outputs, List<Lowered.Write> writes) {
    List<Operand> operands = new ArrayList<>();
    List<Lowered.Read> accesses = new ArrayList<>();
    for (Read read : reads.keySet()) {
      List<Long> strides = collapse.strides.get(operands.size());
      operands.add(
          new Operand(
              read.node() == null ? Operand.Source.INDEX : Operand.Source.MEMORY,
              read.dtype(),
              access(strides.getLast())));
      accesses.add(new Lowered.Read(read.node(), read.offset(), strides));
    }
    Kernel kernel =
        new Kernel(
            collapse.keptRank,
            collapse.extents.size() - collapse.keptRank,
            operands,
            params.keySet().stream().map(Constant::dtype).toList(),
            body.instrs(),
            outputs);
    return new Lowered(
        kernel,
        collapse.extents,
        accesses,
        params.keySet().stream().map(Constant::bits).toList(),
        writes);
  }

  private static Operand.Access access(long stride) {
    if (stride == 0) {
      return Operand.Access.BROADCAST;
    }
    return stride == 1 ? Operand.Access.CONTIGUOUS : Operand.Access.STRIDED;
  }
}
