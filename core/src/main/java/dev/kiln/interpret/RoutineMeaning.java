package dev.kiln.interpret;

import dev.kiln.kernel.Routine;
import java.util.List;

/** What each routine means. */
final class RoutineMeaning {
  private RoutineMeaning() {}

  /** The elements of the result in row-major order. */
  static long[] apply(Routine routine, List<Values> inputs) {
    return switch (routine) {
      case Routine.Cumulative(Routine.Cumulative.Fold fold, int axis) ->
          first(inputs).along(axis, new CumulativeMeaning(fold, first(inputs).dtype())::of);
      case Routine.MatMul matMul -> MatMulMeaning.of(first(inputs), inputs.getLast());
      case Routine.RealFft fft -> FourierMeaning.of(first(inputs));
      case Routine.Sort(int axis, boolean descending) ->
          first(inputs).along(axis, new SortMeaning(first(inputs).dtype(), descending)::sorted);
      case Routine.ArgSort(int axis, boolean descending) ->
          first(inputs).along(axis, new SortMeaning(first(inputs).dtype(), descending)::places);
      case Routine.Foreign foreign -> throw foreign.kernel().elsewhere("another");
    };
  }

  private static Values first(List<Values> inputs) {
    return inputs.getFirst();
  }
}
