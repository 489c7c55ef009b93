package dev.kiln.schedule;

import dev.kiln.DType;
import dev.kiln.graph.Node;
import dev.kiln.interpret.PlainRoutine;
import dev.kiln.kernel.Routine;
import dev.kiln.lower.InPlace;
import dev.kiln.spi.Backend;
import dev.kiln.spi.Buffer;
import dev.kiln.spi.RoutineExecutable;
import dev.kiln.spi.RoutineLaunch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** Runs a routine where the backend offers it, and the plain one elsewhere. */
final class RoutineRun {
  private RoutineRun() {}

  /** Runs a step; the buffers are pinned. */
  static void run(Step.Call call, Backend backend, Function<Node, Buffer> buffers, Buffer out) {
    List<RoutineLaunch.Array> inputs = new ArrayList<>();
    for (InPlace input : call.inputs()) {
      inputs.add(array(input, buffers.apply(input.memory())));
    }
    Node target = call.target();
    List<Long> strides = Arrays.stream(target.shape().rowMajorStrides()).boxed().toList();
    InPlace output = new InPlace(target, target, 0, strides);
    executable(call, backend).launch(new RoutineLaunch(inputs, array(output, out)));
  }

  /** Who does it, and how, for people. */
  static String describe(Step.Call call, Backend backend) {
    Routine routine = call.routine();
    DType dtype = dtype(call);
    return backend
        .routine(routine, dtype)
        .map(own -> backend.name() + ": " + own.describe())
        .orElseGet(
            () ->
                backend.name()
                    + " has no "
                    + routine.label()
                    + " of "
                    + dtype
                    + ": "
                    + new PlainRoutine(routine).describe());
  }

  private static RoutineExecutable executable(Step.Call call, Backend backend) {
    return backend
        .routine(call.routine(), dtype(call))
        .orElseGet(() -> new PlainRoutine(call.routine()));
  }

  private static DType dtype(Step.Call call) {
    return call.inputs().getFirst().value().dtype();
  }

  private static RoutineLaunch.Array array(InPlace place, Buffer buffer) {
    Node value = place.value();
    List<Long> extents = Arrays.stream(value.shape().toArray()).boxed().toList();
    Bounds.check(place.memory(), buffer, place.offset(), place.strides(), extents);
    return new RoutineLaunch.Array(
        buffer, value.dtype(), value.shape(), place.offset(), place.strides());
  }
}
