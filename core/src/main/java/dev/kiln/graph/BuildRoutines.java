package dev.kiln.graph;

import dev.kiln.DType;
import dev.kiln.KilnException;
import dev.kiln.Shape;
import dev.kiln.kernel.Bits;
import dev.kiln.kernel.Routine;
import dev.kiln.kernel.Routine.Cumulative.Fold;
import java.util.List;

/** Typed constructors of routines along an axis. Negative axes count from the end. */
public final class BuildRoutines {
  private BuildRoutines() {}

  /**
   * Running sums or products along an axis, with the dtypes of a sum.
   *
   * @param initial whether 0, or 1 for products, stands before the first element
   * @throws KilnException where there is no such axis
   */
  public static Node cumulative(Fold fold, Node x, int axis, boolean initial) {
    int at = axis(label(fold), x, axis);
    DType accumulator = BuildReductions.accumulator(x.dtype());
    Node typed = Build.cast(x, accumulator);
    Node result =
        Node.of(
            new Op.Call(new Routine.Cumulative(fold, at)), List.of(typed), accumulator, x.shape());
    if (!initial) {
      return result;
    }
    long[] extents = x.shape().toArray();
    extents[at] = 1;
    Node identity = Build.scalar(accumulator, Bits.ofLong(accumulator, fold == Fold.SUM ? 0 : 1));
    Node first = BuildViews.broadcastTo(identity, Shape.of(extents));
    return BuildViews.concat(List.of(first, result), at);
  }

  /**
   * The same along the only axis.
   *
   * @throws KilnException where the array is not 1-d
   */
  public static Node cumulative(Fold fold, Node x) {
    if (x.shape().rank() > 1) {
      throw new KilnException(
          label(fold)
              + " of shape "
              + x.shape()
              + " needs an axis, such as "
              + label(fold)
              + "(0); for all elements in row-major order reshape(-1) first");
    }
    return cumulative(fold, x, 0, false);
  }

  /**
   * The elements along an axis in order, stable.
   *
   * @throws KilnException where there is no such axis
   */
  public static Node sort(Node x, int axis, boolean descending) {
    int at = axis("sort", x, axis);
    return Node.of(new Op.Call(new Routine.Sort(at, descending)), List.of(x), x.dtype(), x.shape());
  }

  /**
   * Where the elements along an axis are in order, as int64, stable.
   *
   * @throws KilnException where there is no such axis
   */
  public static Node argsort(Node x, int axis, boolean descending) {
    int at = axis("argsort", x, axis);
    return Node.of(
        new Op.Call(new Routine.ArgSort(at, descending)), List.of(x), DType.INT64, x.shape());
  }

  private static String label(Fold fold) {
    return "cumulative" + (fold == Fold.SUM ? "Sum" : "Prod");
  }

  /** An axis as a number from 0; 0-d arrays have none. */
  private static int axis(String what, Node x, int axis) {
    if (x.shape().rank() == 0) {
      throw new KilnException(
          what + " goes along an axis, and a 0-d array has none; reshape(1) gives it one");
    }
    return x.shape().axis(axis);
  }
}
