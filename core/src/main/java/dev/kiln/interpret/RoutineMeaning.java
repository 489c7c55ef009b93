package dev.kiln.interpret;

import dev.kiln.kernel.Routine;
import java.util.List;

/** What each routine means. */
final class RoutineMeaning {
  private RoutineMeaning() {}

  /** The elements of the result in row-major order. */
  static long[] apply(Routine routine, List<Values> inputs) {
    Values x = inputs.getFirst();
    return switch (routine) {
      case Routine.Cumulative(Routine.Cumulative.Fold fold, int axis) ->
          x.along(axis, new CumulativeMeaning(fold, x.dtype())::of);
      case Routine.MatMul matMul -> MatMulMeaning.of(x, inputs.getLast());
      case Routine.RealFft fft -> FourierMeaning.of(x);
      case Routine.Sort(int axis, boolean descending) ->
          x.along(axis, new SortMeaning(x.dtype(), descending)::sorted);
      case Routine.ArgSort(int axis, boolean descending) ->
          x.along(axis, new SortMeaning(x.dtype(), descending)::places);
    };
  }
}
