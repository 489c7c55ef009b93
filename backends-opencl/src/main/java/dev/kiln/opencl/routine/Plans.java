package dev.kiln.opencl.routine;

import dev.kiln.DType;
import dev.kiln.kernel.Routine;
import dev.kiln.spi.RoutineLaunch;
import java.util.List;
import java.util.Optional;

/** A routine for one dtype: its program, and a plan for each launch. */
public sealed interface Plans permits CumulativePlans, FourierPlans, MatMulPlans, SortPlans {
  /** The routine's plans; empty where there is only core's way. */
  static Optional<Plans> of(Routine routine, DType dtype) {
    return switch (routine) {
      case Routine.MatMul matMul -> Optional.of(new MatMulPlans(dtype));
      case Routine.Cumulative cumulative -> Optional.of(new CumulativePlans(cumulative, dtype));
      case Routine.Sort(int axis, boolean descending) ->
          Optional.of(new SortPlans(axis, descending, false, dtype));
      case Routine.ArgSort(int axis, boolean descending) ->
          Optional.of(new SortPlans(axis, descending, true, dtype));
      case Routine.RealFft fft -> Optional.of(new FourierPlans(dtype));
      case Routine.Foreign foreign -> Optional.empty();
    };
  }

  /**
   * The program in OpenCL C.
   *
   * @param processor whether work-items are a processor's threads, which like much work each
   */
  String text(boolean processor);

  /** The functions of the program that plans name. */
  List<String> functions(boolean processor);

  /** What to call for a launch. */
  Plan plan(RoutineLaunch launch, boolean processor);

  /** How it is done, for people. */
  String describe(boolean processor);
}
