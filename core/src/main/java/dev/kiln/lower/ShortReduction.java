package dev.kiln.lower;

import dev.kiln.Shape;
import dev.kiln.graph.ElementOp;
import dev.kiln.graph.Node;
import dev.kiln.graph.Op;
import dev.kiln.kernel.Body;
import dev.kiln.kernel.ReduceOp;
import java.util.ArrayList;
import java.util.List;

/**
 * A reduction of a few elements, written out as an expression over them: the sum over an axis of
 * three is {@code (x0 + x2) + x1}. It then fuses like any function, and its results are computed
 * side by side in vectors.
 *
 * <p>The expression is the canonical order: each element has a lane of its own, and the lanes that
 * none has hold the identity, which changes nothing.
 */
public final class ShortReduction {
  /** The most elements; fewer than a block has lanes. */
  private static final int LONGEST = 8;

  private ShortReduction() {}

  /** Whether a node is such a reduction. */
  public static boolean is(Node node) {
    if (!(node.op() instanceof Op.Reduce reduce) || node.shape().size() == 0) {
      return false;
    }
    long elements = node.input(0).shape().size() / node.shape().size();
    return switch (reduce.function()) {
      case SUM, PROD, MIN, MAX -> elements >= 1 && elements <= LONGEST;
      case MEAN, SQUARED_DEVIATIONS, ARGMIN, ARGMAX -> false;
    };
  }

  /** How many elements become one. */
  public static int elements(Node node) {
    return Math.toIntExact(node.input(0).shape().size() / node.shape().size());
  }

  /** Where the elements of the input are, given where the result is; in row-major order. */
  static List<AffineMap> inputs(Node node, AffineMap map, int loopRank) {
    List<Integer> axes = ((Op.Reduce) node.op()).axes();
    Shape shape = node.input(0).shape();
    List<AffineMap> maps = new ArrayList<>();
    for (int element = 0; element < elements(node); element++) {
      long[] offset = new long[shape.rank()];
      long[][] coef = new long[shape.rank()][];
      long rest = element;
      int kept = map.rank();
      for (int axis = shape.rank() - 1; axis >= 0; axis--) {
        if (axes.contains(axis)) {
          offset[axis] = rest % shape.extent(axis);
          rest /= shape.extent(axis);
          coef[axis] = new long[loopRank];
        } else {
          kept--;
          offset[axis] = map.offset[kept];
          coef[axis] = map.coef[kept];
        }
      }
      maps.add(new AffineMap(offset, coef));
    }
    return maps;
  }

  /** The result of some elements. */
  static Body.Value of(Node node, List<Body.Value> elements) {
    ElementOp combine = combine(((Op.Reduce) node.op()).function());
    List<Body.Value> lanes = new ArrayList<>(elements);
    while (lanes.size() > 1) {
      int half = Integer.highestOneBit(lanes.size() - 1);
      for (int lane = half; lane < lanes.size(); lane++) {
        List<Body.Value> pair = List.of(lanes.get(lane - half), lanes.get(lane));
        lanes.set(lane - half, Expansion.expand(combine, node.dtype(), pair));
      }
      lanes.subList(half, lanes.size()).clear();
    }
    return lanes.getFirst();
  }

  private static ElementOp combine(ReduceOp function) {
    return switch (function) {
      case SUM -> ElementOp.ADD;
      case PROD -> ElementOp.MULTIPLY;
      case MIN -> ElementOp.MINIMUM;
      case MAX -> ElementOp.MAXIMUM;
      case MEAN, SQUARED_DEVIATIONS, ARGMIN, ARGMAX ->
          throw new AssertionError(function + " is not written out");
    };
  }
}
