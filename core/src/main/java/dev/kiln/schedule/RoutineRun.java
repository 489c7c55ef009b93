package dev.kiln.schedule;

import dev.kiln.graph.Node;
import dev.kiln.interpret.PlainRoutine;
import dev.kiln.kernel.ForeignKernel;
import dev.kiln.kernel.Routine;
import dev.kiln.lower.InPlace;
import dev.kiln.spi.Backend;
import dev.kiln.spi.Buffer;
import dev.kiln.spi.DeviceTimes;
import dev.kiln.spi.RoutineExecutable;
import dev.kiln.spi.RoutineLaunch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Runs a routine where the backend offers it, and the plain one elsewhere. */
final class RoutineRun {
  private RoutineRun() {}

  /**
   * Runs a step; the buffers are pinned. The device's own times where they are wanted and there are
   * any.
   */
  static Optional<DeviceTimes> run(
      Step.Call call, Backend backend, Function<Node, Buffer> buffers, boolean timed) {
    List<RoutineLaunch.Array> inputs = new ArrayList<>();
    for (InPlace input : call.inputs()) {
      inputs.add(array(input, buffers.apply(input.memory())));
    }
    List<RoutineLaunch.Array> outputs = new ArrayList<>();
    for (Node target : inOrder(call)) {
      List<Long> strides = Arrays.stream(target.shape().rowMajorStrides()).boxed().toList();
      outputs.add(array(new InPlace(target, target, 0, strides), buffers.apply(target)));
    }
    RoutineExecutable routine =
        backend
            .routine(call.routine(), call.dtype())
            .orElseGet(() -> new PlainRoutine(call.routine()));
    RoutineLaunch launch = new RoutineLaunch(inputs, outputs);
    if (timed) {
      return routine.launchTimed(launch);
    }
    routine.launch(launch);
    return Optional.empty();
  }

  /** A step's results as the routine has them: the target is one among the others. */
  private static List<Node> inOrder(Step.Call call) {
    List<Node> nodes = new ArrayList<>(call.siblings());
    int place = call.routine() instanceof Routine.Foreign(ForeignKernel _, int result) ? result : 0;
    nodes.add(place, call.target());
    return nodes;
  }

  /** Who does it, and how, for people. */
  static String describe(Step.Call call, Backend backend) {
    Routine routine = call.routine();
    return backend
        .routine(routine, call.dtype())
        .map(own -> backend.name() + ": " + own.describe())
        .orElseGet(
            () ->
                backend.name()
                    + " has no "
                    + routine.label()
                    + " of "
                    + call.dtype()
                    + ": "
                    + new PlainRoutine(routine).describe());
  }

  private static RoutineLaunch.Array array(InPlace place, Buffer buffer) {
    Node value = place.value();
    List<Long> extents = Arrays.stream(value.shape().toArray()).boxed().toList();
    if (value.shape().size() > 0) {
      Bounds.check(place.memory(), buffer, place.offset(), place.strides(), extents);
    }
    return new RoutineLaunch.Array(
        buffer, value.dtype(), value.shape(), place.offset(), place.strides());
  }
}
