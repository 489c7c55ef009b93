package dev.kiln.contract;

import dev.kiln.DType;
import dev.kiln.Shape;
import dev.kiln.graph.ElementOp;
import dev.kiln.graph.Node;
import dev.kiln.graph.Op;
import dev.kiln.kernel.ReduceOp;
import dev.kiln.kernel.Routine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Random well-typed graphs: small odd shapes, all dtypes, special values, functions, casts, views,
 * concatenations and reductions over each other. A seed gives the same graph every time.
 */
public final class GraphFuzzer {
  private static final int LARGEST = 6000;
  private static final long[] EXTENTS = {0, 1, 1, 2, 3, 5, 7, 8, 13, 16, 17, 31, 33, 64, 67};

  /**
   * Functions whose results still differ where their arguments do: graphs of others soon are all
   * NaN, 0 or true.
   */
  private static final Set<ElementOp> MIXING =
      EnumSet.of(
          ElementOp.ADD,
          ElementOp.BITWISE_INVERT,
          ElementOp.BITWISE_XOR,
          ElementOp.MULTIPLY,
          ElementOp.NEGATIVE,
          ElementOp.SUBTRACT);

  private final SplittableRandom random;
  private final List<Node> nodes = new ArrayList<>();

  private GraphFuzzer(long seed) {
    random = new SplittableRandom(seed);
  }

  /** The roots of the graph of a seed. */
  public static List<Node> generate(long seed) {
    return new GraphFuzzer(seed).generate();
  }

  private List<Node> generate() {
    int leaves = random.nextInt(1, 4);
    for (int i = 0; i < leaves; i++) {
      nodes.add(leaf(shape()));
    }
    int steps = random.nextInt(2, 17);
    for (int i = 0; i < steps; i++) {
      nodes.add(step(next()));
    }
    List<Node> roots = new ArrayList<>(List.of(nodes.getLast()));
    while (random.nextInt(3) == 0) {
      roots.add(any());
    }
    return roots;
  }

  /**
   * Mostly what was made last, so that graphs grow deep; seldom single elements, which test little.
   */
  private Node next() {
    Node x = random.nextInt(4) == 0 ? any() : nodes.getLast();
    for (int tries = 0; tries < 4 && x.shape().size() <= 1; tries++) {
      x = tries < 3 ? any() : leaf(shape());
    }
    return x;
  }

  private Node any() {
    return nodes.get(random.nextInt(nodes.size()));
  }

  private Node leaf(Shape shape) {
    return leaf(dtype(), shape);
  }

  private Node leaf(DType dtype, Shape shape) {
    if (random.nextInt(8) == 0) {
      long bits = TestData.random(dtype, 1, TestData.Kind.ANYTHING, random)[0];
      return TestGraphs.broadcast(TestGraphs.scalar(dtype, bits), shape);
    }
    if (random.nextInt(8) == 0) {
      Node iota = TestGraphs.iota(shape);
      return dtype == DType.INT64 ? iota : TestGraphs.cast(iota, dtype);
    }
    TestData.Kind kind = pick(List.of(TestData.Kind.values()));
    return TestData.source(dtype, shape, kind, random);
  }

  /** Any dtype; floats more often, for most functions take nothing else. */
  private DType dtype() {
    return random.nextInt(3) == 0
        ? pick(List.of(DType.FLOAT32, DType.FLOAT64))
        : pick(TestGraphs.DTYPES);
  }

  private Shape shape() {
    long[] extents = new long[random.nextInt(8) == 0 ? 0 : random.nextInt(1, 5)];
    do {
      Arrays.setAll(extents, axis -> EXTENTS[random.nextInt(EXTENTS.length)]);
    } while (Shape.of(extents).size() > LARGEST
        || (Shape.of(extents).size() == 0 && random.nextInt(4) != 0));
    return Shape.of(extents);
  }

  private Node step(Node x) {
    return switch (random.nextInt(15)) {
      case 0, 1, 2, 3 -> function(x);
      case 4 -> TestGraphs.cast(x, dtype());
      case 5 -> where(x);
      case 6 -> slice(x);
      case 7 -> permute(x);
      case 8 -> reshape(x);
      case 9 -> broadcast(x);
      case 10 -> concat(x);
      case 11 -> routine(x);
      case 12, 13 -> withItsReduction(x);
      default -> reduce(x);
    };
  }

  private Node function(Node x) {
    boolean mixing = random.nextBoolean();
    List<ElementOp> functions =
        Arrays.stream(ElementOp.values())
            .filter(f -> f != ElementOp.CAST && f != ElementOp.WHERE)
            .filter(f -> !mixing || MIXING.contains(f))
            .filter(f -> TestGraphs.takes(f, x.dtype()))
            .toList();
    ElementOp function = pick(functions);
    if (function.arity() == 1) {
      return TestGraphs.map(function, x);
    }
    Node other = partner(x, x.dtype());
    return random.nextBoolean()
        ? TestGraphs.map(function, x, other)
        : TestGraphs.map(function, other, x);
  }

  private Node where(Node x) {
    Node condition = partner(x, DType.BOOL);
    Node other = partner(x, x.dtype());
    return random.nextBoolean()
        ? TestGraphs.map(ElementOp.WHERE, condition, x, other)
        : TestGraphs.map(ElementOp.WHERE, condition, other, x);
  }

  /** A node of a dtype that broadcasts with x, no larger than it: one met before, or a new leaf. */
  private Node partner(Node x, DType dtype) {
    for (int tries = 0; tries < 3; tries++) {
      Node other = any();
      if (fits(other.shape(), x.shape())) {
        return other.dtype() == dtype ? other : TestGraphs.cast(other, dtype);
      }
    }
    long[] extents = x.shape().toArray();
    int from = random.nextInt(3) == 0 ? random.nextInt(extents.length + 1) : 0;
    long[] suffix = Arrays.copyOfRange(extents, from, extents.length);
    for (int axis = 0; axis < suffix.length; axis++) {
      suffix[axis] = random.nextInt(4) == 0 ? 1 : suffix[axis];
    }
    return leaf(dtype, Shape.of(suffix));
  }

  private static boolean fits(Shape from, Shape to) {
    int added = to.rank() - from.rank();
    return added >= 0
        && IntStream.range(0, from.rank())
            .allMatch(k -> from.extent(k) == 1 || from.extent(k) == to.extent(k + added));
  }

  private Node slice(Node x) {
    int rank = x.shape().rank();
    long[] starts = new long[rank];
    long[] steps = new long[rank];
    long[] extents = new long[rank];
    for (int k = 0; k < rank; k++) {
      long n = x.shape().extent(k);
      steps[k] = random.nextInt(1, 4);
      if (n == 0) {
        continue;
      }
      long first = random.nextInt(3) == 0 ? random.nextLong(n) : 0;
      extents[k] = 1 + (n - 1 - first) / steps[k];
      extents[k] -= random.nextInt(3) == 0 ? random.nextLong((extents[k] + 1) / 2) : 0;
      starts[k] = first;
      if (random.nextInt(3) == 0) {
        starts[k] = first + (extents[k] - 1) * steps[k];
        steps[k] = -steps[k];
      }
    }
    return TestGraphs.slice(x, starts, steps, extents);
  }

  private Node permute(Node x) {
    int[] axes = IntStream.range(0, x.shape().rank()).toArray();
    for (int k = axes.length - 1; k > 0; k--) {
      int other = random.nextInt(k + 1);
      int held = axes[k];
      axes[k] = axes[other];
      axes[other] = held;
    }
    return TestGraphs.permute(x, axes);
  }

  private Node reshape(Node x) {
    List<Long> extents = new ArrayList<>();
    long rest = x.shape().size();
    if (rest == 0) {
      extents.addAll(List.of((long) random.nextInt(3), 0L));
      rest = 1;
    }
    for (int axis = random.nextInt(4); axis > 0; axis--) {
      long whole = rest;
      List<Long> divisors =
          LongStream.rangeClosed(1, whole).filter(d -> whole % d == 0).boxed().toList();
      long extent = pick(divisors);
      extents.add(random.nextInt(extents.size() + 1), extent);
      rest /= extent;
    }
    if (rest != 1 || random.nextInt(4) == 0) {
      extents.add(random.nextInt(extents.size() + 1), rest);
    }
    return TestGraphs.reshape(x, extents.stream().mapToLong(e -> e).toArray());
  }

  private Node broadcast(Node x) {
    long[] extents = x.shape().toArray();
    for (int axis = 0; axis < extents.length; axis++) {
      if (extents[axis] == 1 && Shape.of(extents).size() < LARGEST / 8) {
        extents[axis] = random.nextInt(1, 8);
      }
    }
    if (extents.length < 4 && Shape.of(extents).size() < LARGEST / 4 && random.nextBoolean()) {
      long first = random.nextInt(1, 4);
      extents = LongStream.concat(LongStream.of(first), Arrays.stream(extents)).toArray();
    }
    return Arrays.equals(extents, x.shape().toArray())
        ? permute(x)
        : TestGraphs.broadcast(x, Shape.of(extents));
  }

  private Node concat(Node x) {
    int rank = x.shape().rank();
    if (rank == 0 || x.shape().size() > LARGEST / 2) {
      return slice(x);
    }
    int axis = random.nextInt(rank);
    long[] extents = x.shape().toArray();
    extents[axis] = random.nextInt(4);
    Node other = leaf(x.dtype(), Shape.of(extents));
    return switch (random.nextInt(3)) {
      case 0 -> TestGraphs.concat(axis, x, other);
      case 1 -> TestGraphs.concat(axis, other, x);
      default -> TestGraphs.concat(axis, x, other, TestGraphs.flip(x, axis));
    };
  }

  private Node reduce(Node x) {
    int rank = x.shape().rank();
    if (rank == 0) {
      return function(x);
    }
    int[] axes = IntStream.range(0, rank).filter(axis -> random.nextInt(3) == 0).toArray();
    if (axes.length == 0) {
      axes = new int[] {random.nextInt(rank)};
    }
    boolean empty = Arrays.stream(axes).anyMatch(axis -> x.shape().extent(axis) == 0);
    List<ReduceOp> functions =
        Arrays.stream(ReduceOp.values())
            .filter(f -> TestGraphs.takes(f, x.dtype()))
            .filter(f -> !empty || !needsElements(f))
            .toList();
    return functions.isEmpty() ? function(x) : TestGraphs.reduce(pick(functions), x, axes);
  }

  private Node routine(Node x) {
    int rank = x.shape().rank();
    boolean matrices = rank >= 2 && x.shape().extent(rank - 1) > 0 && x.dtype().isNumeric();
    if (matrices && x.shape().extent(rank - 2) != 1 && random.nextInt(3) == 0) {
      long[] extents = x.shape().toArray();
      extents[rank - 2] = extents[rank - 1];
      extents[rank - 1] = random.nextInt(2, 7);
      return TestGraphs.matmul(x, leaf(x.dtype(), Shape.of(extents)));
    }
    if (rank == 0) {
      return reduce(x);
    }
    if (x.dtype().isFloat() && x.shape().extent(rank - 1) > 0 && random.nextInt(4) == 0) {
      return TestGraphs.rfft(x);
    }
    int axis = random.nextInt(rank);
    if (!x.dtype().isNumeric() || random.nextBoolean()) {
      boolean descending = random.nextBoolean();
      return random.nextBoolean()
          ? TestGraphs.call(new Routine.Sort(axis, descending), x)
          : TestGraphs.call(new Routine.ArgSort(axis, descending), x);
    }
    Routine.Cumulative.Fold fold = pick(List.of(Routine.Cumulative.Fold.values()));
    return TestGraphs.call(new Routine.Cumulative(fold, axis), x);
  }

  /** x against one of its reductions, as in the deviations from a mean or a softmax. */
  private Node withItsReduction(Node x) {
    Node reduced = reduce(x);
    if (!(reduced.op() instanceof Op.Reduce reduce)) {
      return reduced;
    }
    nodes.add(reduced);
    long[] kept = x.shape().toArray();
    reduce.axes().forEach(axis -> kept[axis] = 1);
    Node like = reduced.dtype() == x.dtype() ? reduced : TestGraphs.cast(reduced, x.dtype());
    Node back = TestGraphs.broadcast(TestGraphs.reshape(like, kept), x.shape());
    ElementOp function =
        x.dtype() == DType.BOOL
            ? ElementOp.BITWISE_XOR
            : pick(List.of(ElementOp.SUBTRACT, ElementOp.MULTIPLY, ElementOp.MAXIMUM));
    Node result = TestGraphs.map(function, x, back);
    return x.dtype().isFloat() && random.nextBoolean()
        ? TestGraphs.map(ElementOp.EXP, result)
        : result;
  }

  private static boolean needsElements(ReduceOp function) {
    return switch (function) {
      case MIN, MAX, ARGMIN, ARGMAX -> true;
      case SUM, PROD, MEAN, SQUARED_DEVIATIONS -> false;
    };
  }

  private <T> T pick(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
