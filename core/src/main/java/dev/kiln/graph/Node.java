package dev.kiln.graph;

import dev.kiln.DType;
import dev.kiln.Shape;
import java.util.List;

/**
 * A value of a delayed computation. Nodes are interned: two nodes that mean the same are the same
 * object, so identity is equality, and {@code equals} and {@code hashCode} are those of {@link
 * Object}.
 *
 * <p>Graphs may be a hundred thousand nodes deep. Whoever walks one does so without recursion:
 * {@link Graphs#topological}.
 */
public final class Node {
  // The one static table of the library: nodes are values, and values of one meaning must meet
  // wherever they are made.
  // It holds nodes weakly, so it keeps nothing alive.
  private static final Interner INTERNER = new Interner();

  private final Op op;
  private final List<Node> inputs;
  private final DType dtype;
  private final Shape shape;

  private Node(Op op, List<Node> inputs, DType dtype, Shape shape) {
    this.op = op;
    this.inputs = inputs;
    this.dtype = dtype;
    this.shape = shape;
  }

  /** The node of this meaning. Typing rules are {@code Build}'s; this only interns. */
  public static Node of(Op op, List<Node> inputs, DType dtype, Shape shape) {
    return INTERNER.intern(new Node(op, List.copyOf(inputs), dtype, shape));
  }

  /** What the node does. */
  public Op op() {
    return op;
  }

  /** What it is computed from. */
  public List<Node> inputs() {
    return inputs;
  }

  /** The only input, or the k-th. */
  public Node input(int k) {
    return inputs.get(k);
  }

  /** The dtype of its elements. */
  public DType dtype() {
    return dtype;
  }

  /** Its shape. */
  public Shape shape() {
    return shape;
  }

  /** Bytes of its elements; {@link Long#MAX_VALUE} where they are as many or more. */
  public long bytes() {
    return shape.size() > Long.MAX_VALUE / dtype.bytes()
        ? Long.MAX_VALUE
        : shape.size() * dtype.bytes();
  }

  /** Equality of meaning, given that the inputs are interned; for the interner alone. */
  boolean means(Node other) {
    if (dtype != other.dtype
        || inputs.size() != other.inputs.size()
        || !op.equals(other.op)
        || !shape.equals(other.shape)) {
      return false;
    }
    for (int k = 0; k < inputs.size(); k++) {
      if (inputs.get(k) != other.inputs.get(k)) {
        return false;
      }
    }
    return true;
  }

  /** The hash that goes with {@link #means}. */
  int meaningHash() {
    int hash = op.hashCode() * 31 + dtype.hashCode();
    hash = hash * 31 + shape.hashCode();
    for (Node input : inputs) {
      hash = hash * 31 + System.identityHashCode(input);
    }
    return hash ^ (hash >>> 16);
  }

  /** One line: {@code add float32(3, 4)}; the inputs are not shown. */
  @Override
  public String toString() {
    return Graphs.label(op) + " " + dtype + shape;
  }
}
