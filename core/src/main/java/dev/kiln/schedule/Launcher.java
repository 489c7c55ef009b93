package dev.kiln.schedule;

import dev.kiln.graph.Node;
import dev.kiln.lower.Lowered;
import dev.kiln.spi.Backend;
import dev.kiln.spi.Buffer;
import dev.kiln.spi.DeviceTimes;
import dev.kiln.spi.Executable;
import dev.kiln.spi.Launch;
import dev.kiln.spi.Memory;
import dev.kiln.spi.Sharing;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/**
 * Launches the steps of a run, gives back what each has read for the last time, and tells whoever
 * wants to know how long it took. Safe for many threads.
 */
final class Launcher {
  private final Values values;
  private final Memory memory;
  private final Debug debug;
  private final boolean profiled;

  /**
   * For one run.
   *
   * @param profiled whether the devices' own times are wanted
   */
  Launcher(Values values, Memory memory, Debug debug, boolean profiled) {
    this.values = values;
    this.memory = memory;
    this.debug = debug;
    this.profiled = profiled;
  }

  /** Launches a unit; how long that took, to the end where the device's own times are wanted. */
  StepTime launch(Unit unit) {
    long start = System.nanoTime();
    // The class of an event starts the recorder, a quarter of what a short command takes.
    KernelEvent event = FlightRecorder.isInitialized() ? KernelEvent.begun() : null;
    Optional<DeviceTimes> onDevice = Optional.empty();
    if (unit.group() != null) {
      launch(unit.group(), unit.backend());
    } else {
      boolean recorded = event != null && event.isEnabled();
      boolean timed = debug.at(4) || recorded || profiled;
      onDevice = launch(unit.steps().getFirst(), unit.backend(), timed);
    }
    Step last = unit.steps().getLast();
    if (event != null) {
      event.tell(last, unit.steps().size(), onDevice);
    }
    StepTime time = new StepTime(unit.from(), unit.to(), System.nanoTime() - start, onDevice);
    if (debug.at(4)) {
      tell(time, last);
    }
    return time;
  }

  private void tell(StepTime time, Step last) {
    boolean several = time.to() > time.from() + 1;
    String what = several ? "steps " + time.from() + " to " + (time.to() - 1) + ", last " : "";
    debug.print("ran " + what + last.target() + " in " + time.nanos() / 1000 + " us");
    time.onDevice().ifPresent(own -> debug.print("  on the device: " + own.inWords()));
  }

  /** Launches a step; the device's own times where they are wanted and there are any. */
  private Optional<DeviceTimes> launch(Step step, Backend backend, boolean timed) {
    Memory own = backend.memory(memory);
    step.targets().forEach(target -> values.allocate(target, own));
    List<Buffer> held = new ArrayList<>();
    Optional<DeviceTimes> onDevice;
    try {
      values.hold(step.targets(), held);
      values.hold(step.reads(), held);
      onDevice =
          switch (step) {
            case Step.Kernels kernels -> launch(kernels, backend, timed);
            case Step.Call call -> RoutineRun.run(call, backend, values::of, timed);
          };
    } finally {
      held.forEach(Buffer::unpin);
    }
    values.releaseAfter(step);
    return onDevice;
  }

  private void launch(RowGroup group, Backend backend) {
    Sharing sharing = backend.sharing().orElseThrow();
    Set<Node> outside = new LinkedHashSet<>();
    for (Step step : group.steps()) {
      for (Node target : step.targets()) {
        if (!group.inside().contains(target)) {
          values.allocate(target, memory);
          outside.add(target);
        }
      }
      outside.addAll(step.reads());
    }
    outside.removeAll(group.inside());
    List<Buffer> held = new ArrayList<>();
    try (GroupScratch scratch = new GroupScratch(group, sharing, memory)) {
      values.hold(outside, held);
      if (debug.at(5)) {
        debug.print(
            "launch in blocks of " + group.blockRows(sharing) + " of " + group.rows() + " rows");
      }
      new GroupRun(group, sharing, values::of, scratch).run();
    } finally {
      held.forEach(Buffer::unpin);
    }
    group.steps().forEach(values::releaseAfter);
  }

  private Optional<DeviceTimes> launch(Step.Kernels step, Backend backend, boolean timed) {
    Optional<DeviceTimes> onDevice = Optional.empty();
    for (Lowered piece : step.pieces()) {
      if (debug.at(5)) {
        debug.print("launch over " + piece.extents() + " for " + step.target());
      }
      Executable executable = backend.compile(piece.kernel());
      Launch launch = launch(piece, step.targets());
      if (timed) {
        Optional<DeviceTimes> times = executable.launchTimed(launch);
        onDevice = onDevice.map(sum -> times.map(sum::plus).orElse(sum)).or(() -> times);
      } else {
        executable.launch(launch);
      }
    }
    return onDevice;
  }

  private Launch launch(Lowered piece, List<Node> targets) {
    List<Launch.Access> operands = new ArrayList<>();
    for (Lowered.Read read : piece.reads()) {
      operands.add(access(read.node(), read.offset(), read.strides(), piece));
    }
    List<Launch.Access> outputs = new ArrayList<>();
    for (int o = 0; o < piece.writes().size(); o++) {
      Lowered.Write write = piece.writes().get(o);
      outputs.add(access(targets.get(o), write.offset(), write.strides(), piece));
    }
    return new Launch(piece.extents(), operands, piece.params(), outputs);
  }

  private Launch.Access access(
      @Nullable Node node, long offset, List<Long> strides, Lowered piece) {
    Buffer buffer = node == null ? null : values.of(node);
    if (node != null && buffer != null) {
      Bounds.check(node, buffer, offset, strides, piece.extents());
    }
    return new Launch.Access(buffer, offset, strides);
  }
}
