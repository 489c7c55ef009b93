package dev.kiln.graph;

import dev.kiln.kernel.ReduceOp;
import dev.kiln.kernel.Routine;
import dev.kiln.spi.Buffer;
import java.util.List;

/**
 * What a {@link Node} does: attributes only, never inputs. The node adds inputs, dtype and shape,
 * which complete the meaning: a {@code Broadcast} goes to the node's shape.
 */
public sealed interface Op {
  /**
   * A leaf: dense row-major elements in memory. Two sources are equal if they are the same buffer.
   */
  record Source(Buffer buffer) implements Op {}

  /** A leaf: a 0-d scalar in the form of {@link dev.kiln.kernel.Bits}. */
  record Scalar(long bits) implements Op {}

  /** A leaf: int64, each element its own row-major number 0, 1, 2, … */
  record Iota() implements Op {}

  /** An element-wise function; all inputs have the node's shape. */
  record Map(ElementOp function) implements Op {}

  /** A view: repeats axes of extent 1 and adds leading axes, to the node's shape. */
  record Broadcast() implements Op {}

  /** A view: the same elements in row-major order under the node's shape. */
  record Reshape() implements Op {}

  /** A view: axis k of the node is axis {@code axes[k]} of the input. */
  record Permute(List<Integer> axes) implements Op {
    public Permute {
      axes = List.copyOf(axes);
    }
  }

  /**
   * A view: index i of axis k reads index {@code starts[k] + i * steps[k]} of the input; steps may
   * be negative, never 0. The extents are the node's.
   */
  record Slice(List<Long> starts, List<Long> steps) implements Op {
    public Slice {
      starts = List.copyOf(starts);
      steps = List.copyOf(steps);
    }
  }

  /** The inputs one after another along an axis. */
  record Concat(int axis) implements Op {}

  /**
   * Reduces over the given axes (ascending, none twice, at least one), which the node's shape
   * lacks.
   */
  record Reduce(ReduceOp function, List<Integer> axes) implements Op {
    public Reduce {
      axes = List.copyOf(axes);
    }
  }

  /** A routine of the inputs, which are computed into memory as its result is. */
  record Call(Routine routine) implements Op {}

  /** Whether a node of this op only rearranges what its one input has. */
  default boolean isView() {
    return switch (this) {
      case Broadcast b -> true;
      case Reshape r -> true;
      case Permute p -> true;
      case Slice s -> true;
      case Source s -> false;
      case Scalar s -> false;
      case Iota i -> false;
      case Map m -> false;
      case Concat c -> false;
      case Reduce r -> false;
      case Call c -> false;
    };
  }
}
