package dev.kiln.schedule;

import dev.kiln.graph.Node;
import dev.kiln.interpret.PlainRoutine;
import dev.kiln.kernel.ForeignKernel;
import dev.kiln.kernel.Routine;
import dev.kiln.lower.InPlace;
import dev.kiln.spi.Backend;
import dev.kiln.spi.Buffer;
import dev.kiln.spi.DeviceTimes;
import dev.kiln.spi.Memory;
import dev.kiln.spi.RoutineExecutable;
import dev.kiln.spi.RoutineLaunch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A routine as the backend offers it, or the plain one. */
final class ReadyCall implements Ready {
  private final RoutineExecutable routine;
  private final List<Operand> inputs = new ArrayList<>();
  private final List<Operand> outputs = new ArrayList<>();

  /**
   * An array but for its buffer.
   *
   * @param reach null where there are no elements
   */
  private record Operand(InPlace place, int slot, @Nullable Reach reach) {
    RoutineLaunch.Array in(Values values) {
      Node value = place.value();
      Buffer buffer = values.of(slot);
      if (reach != null) {
        reach.check(buffer);
      }
      return new RoutineLaunch.Array(
          buffer, value.dtype(), value.shape(), place.offset(), place.strides());
    }
  }

  ReadyCall(Step.Call call, Backend backend, Slots slots) {
    for (InPlace input : call.inputs()) {
      inputs.add(operand(input, slots));
    }
    for (Node target : inOrder(call)) {
      List<Long> strides = Arrays.stream(target.shape().rowMajorStrides()).boxed().toList();
      outputs.add(operand(new InPlace(target, target, 0, strides), slots));
    }
    routine =
        backend
            .routine(call.routine(), call.dtype())
            .orElseGet(() -> new PlainRoutine(call.routine()));
  }

  /** A step's results as the routine has them: the target is one among the others. */
  private static List<Node> inOrder(Step.Call call) {
    List<Node> nodes = new ArrayList<>(call.siblings());
    int place = call.routine() instanceof Routine.Foreign(ForeignKernel _, int result) ? result : 0;
    nodes.add(place, call.target());
    return nodes;
  }

  private static Operand operand(InPlace place, Slots slots) {
    Node value = place.value();
    List<Long> extents = Arrays.stream(value.shape().toArray()).boxed().toList();
    Reach reach =
        value.shape().size() == 0
            ? null
            : Reach.of(place.memory(), place.offset(), place.strides(), extents);
    return new Operand(place, slots.of(place.memory()), reach);
  }

  @Override
  public Optional<DeviceTimes> launch(Values values, Memory memory, Debug debug, boolean timed) {
    RoutineLaunch launch = new RoutineLaunch(in(inputs, values), in(outputs, values));
    if (timed) {
      return routine.launchTimed(launch);
    }
    routine.launch(launch);
    return Optional.empty();
  }

  private static List<RoutineLaunch.Array> in(List<Operand> operands, Values values) {
    List<RoutineLaunch.Array> arrays = new ArrayList<>(operands.size());
    for (Operand operand : operands) {
      arrays.add(operand.in(values));
    }
    return arrays;
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
}
