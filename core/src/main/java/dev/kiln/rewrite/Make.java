package dev.kiln.rewrite;

import dev.kiln.DType;
import dev.kiln.Shape;
import dev.kiln.graph.ElementOp;
import dev.kiln.graph.Node;
import dev.kiln.graph.Op;
import dev.kiln.kernel.Bits;
import dev.kiln.kernel.ReduceOp;
import java.util.List;

/**
 * The nodes that rules make. Their typing is the rules' duty; the verifier looks after each pass.
 */
final class Make {
  private Make() {}

  /** A constant array: the scalar, broadcast unless 0-d. */
  static Node constant(DType dtype, Shape shape, long bits) {
    Node scalar = Node.of(new Op.Scalar(bits), List.of(), dtype, Shape.of());
    return shape.rank() == 0 ? scalar : broadcast(scalar, shape);
  }

  /** A constant whole number in place of a node. */
  static Node number(Node like, long number) {
    return constant(like.dtype(), like.shape(), Bits.ofLong(like.dtype(), number));
  }

  /** An element-wise function of the given dtype. */
  static Node map(ElementOp function, DType dtype, Node... inputs) {
    return Node.of(new Op.Map(function), List.of(inputs), dtype, inputs[0].shape());
  }

  /** An element-wise function whose result has the first input's dtype. */
  static Node map(ElementOp function, Node... inputs) {
    return map(function, inputs[0].dtype(), inputs);
  }

  static Node broadcast(Node input, Shape shape) {
    return Node.of(new Op.Broadcast(), List.of(input), input.dtype(), shape);
  }

  static Node reshape(Node input, Shape shape) {
    return Node.of(new Op.Reshape(), List.of(input), input.dtype(), shape);
  }

  static Node permute(Node input, List<Integer> axes) {
    long[] extents = new long[axes.size()];
    for (int axis = 0; axis < extents.length; axis++) {
      extents[axis] = input.shape().extent(axes.get(axis));
    }
    return Node.of(new Op.Permute(axes), List.of(input), input.dtype(), Shape.of(extents));
  }

  static Node slice(Node input, List<Long> starts, List<Long> steps, Shape shape) {
    return Node.of(new Op.Slice(starts, steps), List.of(input), input.dtype(), shape);
  }

  /** Inputs one after another along an axis; the shape is that of the concatenation it replaces. */
  static Node concat(int axis, List<Node> inputs, Shape shape) {
    return Node.of(new Op.Concat(axis), inputs, inputs.getFirst().dtype(), shape);
  }

  static Node reduce(ReduceOp function, List<Integer> axes, Node input, DType dtype, Shape shape) {
    return Node.of(new Op.Reduce(function, axes), List.of(input), dtype, shape);
  }
}
