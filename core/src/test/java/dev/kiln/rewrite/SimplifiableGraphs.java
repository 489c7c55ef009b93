package dev.kiln.rewrite;

import dev.kiln.DType;
import dev.kiln.Shape;
import dev.kiln.contract.TestData;
import dev.kiln.contract.TestGraphs;
import dev.kiln.graph.ElementOp;
import dev.kiln.graph.Node;
import dev.kiln.kernel.Bits;
import dev.kiln.kernel.ReduceOp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Random graphs full of what rules look for: few dtypes, operands that are equal or negated,
 * constants such as 0, 1, −1 and the extremes, views of views, and functions that laws speak of.
 */
final class SimplifiableGraphs {
  private static final List<ElementOp> FUNCTIONS =
      Arrays.stream(ElementOp.values())
          .filter(
              f ->
                  switch (f) {
                    case ABS, ADD, BITWISE_AND, BITWISE_INVERT, BITWISE_LEFT_SHIFT, BITWISE_OR ->
                        true;
                    case BITWISE_RIGHT_SHIFT, BITWISE_XOR, CEIL, DIVIDE, EQUAL, FLOOR -> true;
                    case FLOOR_DIVIDE, GREATER, GREATER_EQUAL, ISFINITE, ISINF, ISNAN, LESS -> true;
                    case LESS_EQUAL, MAXIMUM, MINIMUM, MULTIPLY, NEGATIVE, NOT_EQUAL, POW -> true;
                    case REMAINDER, ROUND, SIGN, SIGNBIT, SQRT, SUBTRACT, TRUNC -> true;
                    default -> false;
                  })
          .toList();

  private final SplittableRandom random;
  private final List<DType> dtypes;
  private final List<Node> nodes = new ArrayList<>();

  private SimplifiableGraphs(long seed) {
    random = new SplittableRandom(seed);
    dtypes =
        List.of(pick(TestGraphs.DTYPES), pick(List.of(DType.FLOAT32, DType.INT32)), DType.BOOL);
  }

  /** The roots of the graph of a seed. */
  static List<Node> generate(long seed) {
    return new SimplifiableGraphs(seed).generate();
  }

  private List<Node> generate() {
    for (int i = 0; i < 3; i++) {
      long[] extents = {random.nextInt(1, 4), random.nextInt(4) == 0 ? 1 : 6, random.nextInt(1, 3)};
      Shape shape = Shape.of(Arrays.copyOfRange(extents, random.nextInt(3), 3));
      nodes.add(TestData.source(pick(dtypes), shape, TestData.Kind.ANYTHING, random));
    }
    for (int i = random.nextInt(3, 20); i > 0; i--) {
      nodes.add(step(random.nextInt(4) == 0 ? pick(nodes) : nodes.getLast()));
    }
    return List.of(nodes.getLast(), pick(nodes));
  }

  private Node step(Node x) {
    return switch (random.nextInt(14)) {
      case 0 -> TestGraphs.cast(x, pick(dtypes));
      case 1 -> TestGraphs.cast(x, pick(TestGraphs.DTYPES));
      case 2 -> choice(x);
      case 3, 4 -> view(x);
      case 5 -> concat(x);
      case 6 -> reduce(x);
      default -> function(x);
    };
  }

  private Node function(Node x) {
    List<ElementOp> fitting =
        FUNCTIONS.stream().filter(f -> TestGraphs.takes(f, x.dtype())).toList();
    ElementOp function = pick(fitting);
    if (function.arity() == 1) {
      return TestGraphs.map(function, x);
    }
    Node y = partner(x);
    return random.nextInt(3) == 0 ? TestGraphs.map(function, y, x) : TestGraphs.map(function, x, y);
  }

  /** Something of the same dtype and shape. */
  private Node partner(Node x) {
    return switch (random.nextInt(6)) {
      case 0 -> x;
      case 1 -> x.dtype().isNumeric() ? TestGraphs.map(ElementOp.NEGATIVE, x) : x;
      case 2 ->
          nodes.stream()
              .filter(n -> n != x && n.dtype() == x.dtype() && n.shape().equals(x.shape()))
              .findAny()
              .orElse(x);
      default -> TestGraphs.broadcast(constant(x.dtype()), x.shape());
    };
  }

  private Node constant(DType dtype) {
    long bits =
        random.nextBoolean()
            ? Bits.ofLong(dtype, random.nextInt(-1, 3))
            : pick(TestData.special(dtype));
    return TestGraphs.scalar(dtype, bits);
  }

  private Node choice(Node x) {
    Node condition = TestGraphs.broadcast(constant(DType.BOOL), x.shape());
    if (x.dtype() == DType.BOOL) {
      condition = x;
    } else if (random.nextBoolean()) {
      condition = TestGraphs.map(ElementOp.LESS, x, partner(x));
    }
    return TestGraphs.map(
        ElementOp.WHERE, condition, partner(x), random.nextBoolean() ? x : partner(x));
  }

  private Node view(Node x) {
    int rank = x.shape().rank();
    long[] extents = x.shape().toArray();
    return switch (random.nextInt(5)) {
      case 0 -> {
        int[] axes = IntStream.range(0, rank).toArray();
        for (int k = rank - 1; k > 0; k--) {
          int other = random.nextInt(k + 1);
          int held = axes[k];
          axes[k] = axes[other];
          axes[other] = held;
        }
        yield TestGraphs.permute(x, axes);
      }
      case 1 -> rank < 4 ? TestGraphs.reshape(x, with(extents, random.nextInt(rank + 1), 1)) : x;
      case 2 ->
          TestGraphs.reshape(
              x, random.nextBoolean() ? new long[] {x.shape().size()} : without(extents));
      case 3 ->
          x.shape().size() > 100
              ? x
              : TestGraphs.broadcast(x, Shape.of(with(extents, 0, random.nextInt(1, 3))));
      default -> slice(x);
    };
  }

  private static long[] with(long[] extents, int axis, long extent) {
    List<Long> list = new ArrayList<>(Arrays.stream(extents).boxed().toList());
    list.add(axis, extent);
    return list.stream().mapToLong(Long::longValue).toArray();
  }

  private static long[] without(long[] extents) {
    return Arrays.stream(extents).filter(extent -> extent != 1).toArray();
  }

  private Node slice(Node x) {
    int rank = x.shape().rank();
    long[] starts = new long[rank];
    long[] steps = new long[rank];
    long[] extents = x.shape().toArray();
    for (int axis = 0; axis < rank; axis++) {
      long n = extents[axis];
      steps[axis] = random.nextInt(6) == 0 ? 2 : 1;
      starts[axis] = n > 1 && random.nextInt(3) == 0 ? random.nextLong(n) : 0;
      extents[axis] = n == 0 ? 0 : 1 + (n - 1 - starts[axis]) / steps[axis];
      if (random.nextInt(30) == 0) {
        extents[axis] = 0;
      } else if (n > 0 && random.nextInt(4) == 0) {
        starts[axis] += (extents[axis] - 1) * steps[axis];
        steps[axis] = -steps[axis];
      }
    }
    return TestGraphs.slice(x, starts, steps, extents);
  }

  private Node concat(Node x) {
    if (x.shape().rank() == 0 || x.shape().size() > 200) {
      return x;
    }
    int axis = random.nextInt(x.shape().rank());
    Node part = slice(x);
    boolean fits = true;
    for (int k = 0; k < x.shape().rank(); k++) {
      fits &= k == axis || part.shape().extent(k) == x.shape().extent(k);
    }
    return fits ? TestGraphs.concat(axis, x, part) : TestGraphs.concat(axis, x);
  }

  private Node reduce(Node x) {
    int rank = x.shape().rank();
    int[] axes = IntStream.range(0, rank).filter(axis -> random.nextInt(3) == 0).toArray();
    List<ReduceOp> fitting =
        Arrays.stream(ReduceOp.values()).filter(op -> TestGraphs.takes(op, x.dtype())).toList();
    return axes.length == 0 || x.shape().size() == 0
        ? x
        : TestGraphs.reduce(pick(fitting), x, axes);
  }

  private <T> T pick(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
