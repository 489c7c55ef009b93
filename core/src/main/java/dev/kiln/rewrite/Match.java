package dev.kiln.rewrite;

import dev.kiln.DType;
import dev.kiln.graph.ElementOp;
import dev.kiln.graph.Node;
import dev.kiln.graph.Op;
import dev.kiln.kernel.Bits;

/** The questions that rules ask about nodes. */
final class Match {
  private Match() {}

  /** Whether the node is that element-wise function. */
  static boolean is(Node node, ElementOp function) {
    return node.op() instanceof Op.Map map && map.function() == function;
  }

  /**
   * Whether all elements are one known scalar. In simplified graphs that is a scalar or the
   * broadcast of one.
   */
  static boolean isConstant(Node node) {
    return node.op() instanceof Op.Scalar
        || (node.op() instanceof Op.Broadcast && node.input(0).op() instanceof Op.Scalar);
  }

  /** The scalar of a constant. */
  static long bits(Node constant) {
    Node leaf = constant.op() instanceof Op.Broadcast ? constant.input(0) : constant;
    return ((Op.Scalar) leaf.op()).bits();
  }

  /** Whether the node is the constant of these bits. */
  static boolean isBits(Node node, long bits) {
    return isConstant(node) && bits(node) == bits;
  }

  /** Whether the node is a constant whole number of its dtype: +0.0 for 0; for bool, 0 and 1. */
  static boolean isNumber(Node node, long number) {
    return isConstant(node) && bits(node) == Bits.ofLong(node.dtype(), number);
  }

  /** Whether the node is the integer or bool constant whose bits are all ones. */
  static boolean isAllOnes(Node node) {
    return !node.dtype().isFloat() && isBits(node, Bits.wrap(node.dtype(), -1));
  }

  /** Whether the node's dtype is integer or bool, where algebra knows no rounding, NaN or −0. */
  static boolean isExact(Node node) {
    return !node.dtype().isFloat();
  }

  /** Whether the node's elements are bool. */
  static boolean isBool(Node node) {
    return node.dtype() == DType.BOOL;
  }
}
