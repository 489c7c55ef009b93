package dev.kiln.graph;

import dev.kiln.KilnException;
import dev.kiln.Shape;
import dev.kiln.kernel.Routine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Typed constructors of Fourier transforms. */
public final class BuildFourier {
  private BuildFourier() {}

  /**
   * The transform of real numbers along an axis, which has n/2 + 1 elements afterwards; real and
   * imaginary parts lie along a new last axis of extent 2.
   *
   * @throws KilnException for other dtypes than floats, or an axis that is not there or empty
   */
  public static Node rfft(Node x, int axis) {
    if (!x.dtype().isFloat()) {
      throw new KilnException(
          "rfft takes floating-point arrays, given "
              + x.dtype()
              + "; convert with astype, for example to float64");
    }
    if (x.shape().rank() == 0) {
      throw new KilnException("rfft goes along an axis, and a 0-d array has none");
    }
    int at = x.shape().axis(axis);
    if (x.shape().extent(at) == 0) {
      throw new KilnException(
          "rfft along axis " + at + " of shape " + x.shape() + ": there is nothing to transform");
    }
    int rank = x.shape().rank();
    List<Integer> last = new ArrayList<>();
    for (int k = 0; k < rank; k++) {
      if (k != at) {
        last.add(k);
      }
    }
    last.add(at);
    Node rows = BuildViews.permute(x, ints(last));
    Node result =
        Node.of(
            new Op.Call(new Routine.RealFft()), List.of(rows), x.dtype(), results(rows.shape()));
    List<Integer> back = new ArrayList<>();
    for (int k = 0; k < rank; k++) {
      back.add(last.indexOf(k));
    }
    back.add(rank);
    return BuildViews.permute(result, ints(back));
  }

  /** The shape of the transform along the last axis. */
  static Shape results(Shape x) {
    long[] extents = Arrays.copyOf(x.toArray(), x.rank() + 1);
    extents[x.rank() - 1] = extents[x.rank() - 1] / 2 + 1;
    extents[x.rank()] = 2;
    return Shape.of(extents);
  }

  private static int[] ints(List<Integer> list) {
    return list.stream().mapToInt(Integer::intValue).toArray();
  }
}
