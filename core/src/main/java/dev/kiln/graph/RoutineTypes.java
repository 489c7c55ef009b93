package dev.kiln.graph;

import dev.kiln.DType;
import dev.kiln.Shape;
import dev.kiln.kernel.ForeignKernel;
import dev.kiln.kernel.Routine;

/** The rules that a node of each routine keeps. */
final class RoutineTypes {
  private RoutineTypes() {}

  /** The first rule that a node breaks; empty where it keeps them all. */
  static String broken(Routine routine, Node node) {
    return switch (routine) {
      case Routine.Cumulative(Routine.Cumulative.Fold fold, int axis) -> {
        if (node.inputs().size() != 1) {
          yield "another number of inputs";
        }
        Node x = node.input(0);
        if (!x.dtype().isNumeric()) {
          yield "takes numbers";
        }
        if (axis < 0 || axis >= x.shape().rank()) {
          yield "no such axis";
        }
        yield sameType(node, x);
      }
      case Routine.MatMul matMul -> matMul(node);
      case Routine.RealFft fft -> realFft(node);
      case Routine.Sort sort -> sorted(node, sort.axis(), false);
      case Routine.ArgSort sort -> sorted(node, sort.axis(), true);
      case Routine.Foreign foreign -> foreign(foreign, node);
    };
  }

  private static String sorted(Node node, int axis, boolean places) {
    if (node.inputs().size() != 1) {
      return "another number of inputs";
    }
    Node x = node.input(0);
    if (x.dtype().kind() == DType.Kind.COMPLEX) {
      return "a complex input";
    }
    if (axis < 0 || axis >= x.shape().rank()) {
      return "no such axis";
    }
    if (node.dtype() != (places ? DType.INT64 : x.dtype())) {
      return "a result of another dtype";
    }
    return node.shape().equals(x.shape()) ? "" : "another shape than its input";
  }

  private static String matMul(Node node) {
    if (node.inputs().size() != 2) {
      return "another number of inputs";
    }
    Shape x = node.input(0).shape();
    Shape y = node.input(1).shape();
    int rank = x.rank();
    if (!node.dtype().isNumeric()
        || node.input(0).dtype() != node.dtype()
        || node.input(1).dtype() != node.dtype()) {
      return "takes numbers of one dtype";
    }
    if (rank < 2 || y.rank() != rank || node.shape().rank() != rank) {
      return "another number of axes";
    }
    for (int axis = 0; axis < rank - 2; axis++) {
      if (x.extent(axis) != y.extent(axis) || x.extent(axis) != node.shape().extent(axis)) {
        return "another number of products";
      }
    }
    long rows = x.extent(rank - 2);
    long columns = y.extent(rank - 1);
    if (x.extent(rank - 1) != y.extent(rank - 2) || x.extent(rank - 1) == 0) {
      return "matrices that don't fit";
    }
    if (rows == 1 || columns == 1) {
      return "a product with a vector";
    }
    boolean fits = node.shape().extent(rank - 2) == rows;
    return fits && node.shape().extent(rank - 1) == columns ? "" : "another shape than the product";
  }

  private static String realFft(Node node) {
    if (node.inputs().size() != 1) {
      return "another number of inputs";
    }
    Node x = node.input(0);
    int rank = x.shape().rank();
    if (!x.dtype().isFloat() || node.dtype() != x.dtype()) {
      return "takes floats and gives the same";
    }
    if (rank == 0 || x.shape().extent(rank - 1) == 0) {
      return "nothing to transform";
    }
    return node.shape().equals(BuildFourier.results(x.shape()))
        ? ""
        : "another shape than the transform";
  }

  private static String foreign(Routine.Foreign foreign, Node node) {
    if (!foreign.kernel().inputs().equals(node.inputs().stream().map(Node::dtype).toList())) {
      return "inputs of other dtypes, or more or fewer";
    }
    ForeignKernel.Argument.Result result = foreign.kernel().results().get(foreign.result());
    return node.dtype() == result.dtype() && node.shape().equals(result.shape())
        ? ""
        : "another result than declared";
  }

  private static String sameType(Node node, Node x) {
    if (node.dtype() != x.dtype()) {
      return "a result of another dtype";
    }
    return node.shape().equals(x.shape()) ? "" : "another shape than its input";
  }
}
