package dev.kiln.graph;

import dev.kiln.Shape;
import dev.kiln.kernel.Routine;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * What rows (indices of axis 0) of a node depend on. Where the rows of a node depend on the same
 * rows of its inputs, the node over fewer rows has the same bits there: canonical orders don't know
 * of axes that are not reduced.
 */
public final class RowLocal {
  private RowLocal() {}

  /** What some rows of a node need of one input. */
  public enum Need {
    /** The same rows. */
    ROWS,
    /** The input's part of these rows: inputs lie one after the other. */
    PART,
    /** All of it, and the same for all rows. */
    WHOLE
  }

  /**
   * What rows of a node need of each input; empty where rows depend on other rows, or may do so.
   *
   * @param node has rows
   */
  public static Optional<List<Need>> needs(Node node) {
    return switch (node.op()) {
      case Op.Source source -> Optional.of(List.of());
      case Op.Iota iota -> Optional.of(List.of());
      case Op.Scalar scalar -> Optional.empty();
      case Op.Map map -> all(node, Need.ROWS);
      case Op.Broadcast broadcast -> all(node, hasRows(node) ? Need.ROWS : Need.WHOLE);
      case Op.Reshape reshape -> hasRowsOfOneSize(node) ? all(node, Need.ROWS) : Optional.empty();
      case Op.Permute permute ->
          permute.axes().getFirst() == 0 ? all(node, Need.ROWS) : Optional.empty();
      case Op.Slice slice ->
          hasRows(node) && slice.starts().getFirst() == 0 && slice.steps().getFirst() == 1
              ? all(node, Need.ROWS)
              : Optional.empty();
      case Op.Concat concat -> all(node, concat.axis() == 0 ? Need.PART : Need.ROWS);
      case Op.Reduce reduce -> unless(reduce.axes().contains(0), node);
      case Op.Call call -> routine(node, call.routine());
    };
  }

  private static Optional<List<Need>> routine(Node node, Routine routine) {
    return switch (routine) {
      case Routine.Cumulative cumulative -> unless(cumulative.axis() == 0, node);
      case Routine.Sort sort -> unless(sort.axis() == 0, node);
      case Routine.ArgSort sort -> unless(sort.axis() == 0, node);
      case Routine.RealFft fft -> unless(node.input(0).shape().rank() < 2, node);
      case Routine.MatMul matMul ->
          Optional.of(List.of(Need.ROWS, isOneProduct(node) ? Need.WHOLE : Need.ROWS));
      case Routine.Foreign foreign -> Optional.empty();
    };
  }

  /**
   * The fewest rows over which a node means the same: a product of matrices with one row would be
   * another operation.
   */
  public static long fewestRows(Node node) {
    return node.op() instanceof Op.Call(Routine.MatMul matMul) && isOneProduct(node) ? 2 : 1;
  }

  private static boolean isOneProduct(Node product) {
    return product.shape().rank() == 2;
  }

  private static Optional<List<Need>> all(Node node, Need need) {
    return Optional.of(Collections.nCopies(node.inputs().size(), need));
  }

  private static Optional<List<Need>> unless(boolean mixesRows, Node node) {
    return mixesRows ? Optional.empty() : all(node, Need.ROWS);
  }

  /** Whether the input has as many axes, and as many rows. */
  private static boolean hasRows(Node view) {
    Shape from = view.input(0).shape();
    return from.rank() == view.shape().rank() && from.extent(0) == view.shape().extent(0);
  }

  private static boolean hasRowsOfOneSize(Node reshape) {
    Shape from = reshape.input(0).shape();
    return from.size() > 0 && from.rank() > 0 && from.extent(0) == reshape.shape().extent(0);
  }
}
