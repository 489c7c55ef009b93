package dev.kiln.interpret;

import dev.kiln.Shape;
import dev.kiln.graph.Node;
import dev.kiln.graph.Op;
import java.util.List;

/** What each view means: which element of the input every element of the view is. */
final class ViewMeaning {
  private ViewMeaning() {}

  /** Extents as of the input: an axis of extent 1 is repeated, missing leading axes are added. */
  static long[] broadcast(Node node, long[] input) {
    Shape from = node.input(0).shape();
    Shape to = node.shape();
    long[] strides = new long[to.rank()];
    long[] dense = from.rowMajorStrides();
    int added = to.rank() - from.rank();
    for (int axis = 0; axis < from.rank(); axis++) {
      boolean repeated = from.extent(axis) == 1;
      strides[added + axis] = repeated ? 0 : dense[axis];
    }
    return gather(input, 0, strides, to);
  }

  /** Axis k is axis {@code axes[k]} of the input. */
  static long[] permute(Node node, Op.Permute op, long[] input) {
    long[] dense = node.input(0).shape().rowMajorStrides();
    long[] strides = new long[dense.length];
    for (int axis = 0; axis < strides.length; axis++) {
      strides[axis] = dense[op.axes().get(axis)];
    }
    return gather(input, 0, strides, node.shape());
  }

  /** Index i of axis k is index {@code starts[k] + i * steps[k]} of the input. */
  static long[] slice(Node node, Op.Slice op, long[] input) {
    long[] dense = node.input(0).shape().rowMajorStrides();
    long[] strides = new long[dense.length];
    long offset = 0;
    for (int axis = 0; axis < strides.length; axis++) {
      strides[axis] = dense[axis] * op.steps().get(axis);
      offset += dense[axis] * op.starts().get(axis);
    }
    return gather(input, offset, strides, node.shape());
  }

  /** The inputs one after another along an axis. */
  static long[] concat(Node node, Op.Concat op, List<long[]> inputs) {
    long[] out = new long[(int) node.shape().size()];
    long inner = 1;
    long outer = 1;
    for (int axis = 0; axis < node.shape().rank(); axis++) {
      if (axis < op.axis()) {
        outer *= node.shape().extent(axis);
      } else if (axis > op.axis()) {
        inner *= node.shape().extent(axis);
      }
    }
    int at = 0;
    for (int row = 0; row < outer; row++) {
      for (int k = 0; k < inputs.size(); k++) {
        int length = (int) (node.input(k).shape().extent(op.axis()) * inner);
        System.arraycopy(inputs.get(k), row * length, out, at, length);
        at += length;
      }
    }
    return out;
  }

  private static long[] gather(long[] input, long offset, long[] strides, Shape shape) {
    int[] places = places(offset, strides, shape);
    long[] out = new long[places.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = input[places[i]];
    }
    return out;
  }

  /**
   * The element numbers offset + sum of stride * index, for every index of a shape in row-major
   * order.
   */
  static int[] places(long offset, long[] strides, Shape shape) {
    int[] places = new int[(int) shape.size()];
    long[] index = new long[shape.rank()];
    long at = offset;
    for (int i = 0; i < places.length; i++) {
      places[i] = (int) at;
      for (int axis = shape.rank() - 1; axis >= 0; axis--) {
        at += strides[axis];
        if (++index[axis] < shape.extent(axis)) {
          break;
        }
        at -= strides[axis] * shape.extent(axis);
        index[axis] = 0;
      }
    }
    return places;
  }
}
