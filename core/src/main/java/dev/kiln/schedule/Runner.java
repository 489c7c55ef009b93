package dev.kiln.schedule;

import dev.kiln.KilnException;
import dev.kiln.graph.Node;
import dev.kiln.graph.Op;
import dev.kiln.lower.Lowered;
import dev.kiln.spi.Backend;
import dev.kiln.spi.Buffer;
import dev.kiln.spi.DeviceTimes;
import dev.kiln.spi.Executable;
import dev.kiln.spi.Launch;
import dev.kiln.spi.Memory;
import dev.kiln.spi.Sharing;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/** Runs a plan: launches its kernels in order, and gives temporaries back after their last use. */
public final class Runner {
  private final List<Buffer> inputs;
  private final Placement placement;
  private final Optional<History> profiled;
  private final Memory memory;
  private final Debug debug;
  private final Map<Node, Buffer> values = new HashMap<>();
  private final Map<Node, Integer> readsLeft = new HashMap<>();

  /** What the device's clock says of the step that ran last. */
  private Optional<DeviceTimes> onDevice = Optional.empty();

  private Runner(
      List<Buffer> inputs,
      Placement placement,
      Optional<History> profiled,
      Memory memory,
      Debug debug) {
    this.inputs = inputs;
    this.placement = placement;
    this.profiled = profiled;
    this.memory = memory;
    this.debug = debug;
  }

  /** The memory of the results of a plan that has its arrays in it. */
  public static List<Buffer> run(Plan plan, Backend backend, Memory memory, Debug debug) {
    return run(plan, List.of(), Placement.at(backend), Optional.empty(), memory, debug);
  }

  /**
   * The memory of the plan's results. Where it fails, everything computed so far is given back.
   *
   * @param inputs the arrays in the place of the plan's placeholders
   * @param profiled what is told how long each step took, if that is wanted
   */
  public static List<Buffer> run(
      Plan plan,
      List<Buffer> inputs,
      Placement placement,
      Optional<History> profiled,
      Memory memory,
      Debug debug) {
    Runner runner = new Runner(inputs, placement, profiled, memory, debug);
    boolean done = false;
    try {
      List<Buffer> results = runner.run(plan);
      placement.backends().forEach(Backend::await);
      done = true;
      return results;
    } finally {
      if (!done) {
        runner.values.values().forEach(Buffer::release);
      }
    }
  }

  private List<Buffer> run(Plan plan) {
    for (Step step : plan.steps()) {
      for (Node read : step.reads()) {
        readsLeft.merge(read, 1, Integer::sum);
      }
    }
    for (Node result : plan.results()) {
      readsLeft.merge(result, 1, Integer::sum);
    }
    Map<Integer, RowGroup> groups = new HashMap<>();
    Sharing sharing = placement.home().sharing().orElse(null);
    for (RowGroup group : plan.groups()) {
      if (sharing != null && group.suits(sharing) && placement.isAtHome(group)) {
        groups.put(group.from(), group);
      }
    }
    List<StepTime> times = new ArrayList<>();
    for (int next = 0; next < plan.steps().size(); ) {
      if (Thread.currentThread().isInterrupted()) {
        throw new KilnException("interrupted: the computation was stopped before it was complete");
      }
      long start = System.nanoTime();
      // The class of an event starts the recorder, a quarter of what a short command takes.
      KernelEvent event = FlightRecorder.isInitialized() ? KernelEvent.begun() : null;
      RowGroup group = groups.get(next);
      int first = next;
      onDevice = Optional.empty();
      if (group != null && sharing != null) {
        run(group, sharing);
        next = group.to();
      } else {
        boolean recorded = event != null && event.isEnabled();
        boolean timed = debug.at(4) || recorded || profiled.isPresent();
        run(plan.steps().get(next), placement.backend(next), timed);
        next++;
      }
      if (event != null) {
        event.tell(plan.steps().get(next - 1), next - first, onDevice);
      }
      if (profiled.isPresent()) {
        times.add(new StepTime(first, next, System.nanoTime() - start, onDevice));
      }
      if (debug.at(4)) {
        long micros = (System.nanoTime() - start) / 1000;
        String what = group == null ? "" : "steps " + first + " to " + (next - 1) + ", last ";
        debug.print("ran " + what + plan.steps().get(next - 1).target() + " in " + micros + " us");
        onDevice.ifPresent(own -> debug.print("  on the device: " + own.inWords()));
      }
    }
    profiled.ifPresent(history -> history.tell(times));
    return plan.results().stream().map(this::buffer).toList();
  }

  /** Runs a step, with the device's own times where they are wanted and there are any. */
  private void run(Step step, Backend backend, boolean timed) {
    Memory own = backend.memory(memory);
    step.targets().forEach(target -> allocate(target, own));
    List<Buffer> held = new ArrayList<>();
    try {
      step.targets().forEach(target -> hold(buffer(target), held));
      for (Node read : step.reads()) {
        hold(buffer(read), held);
      }
      switch (step) {
        case Step.Kernels kernels -> launch(kernels, backend, timed);
        case Step.Call call -> onDevice = RoutineRun.run(call, backend, this::buffer, timed);
      }
    } finally {
      held.forEach(Buffer::unpin);
    }
    releaseAfter(step);
  }

  private void run(RowGroup group, Sharing sharing) {
    Set<Node> outside = new LinkedHashSet<>();
    for (Step step : group.steps()) {
      for (Node target : step.targets()) {
        if (!group.inside().contains(target)) {
          allocate(target, memory);
          outside.add(target);
        }
      }
      outside.addAll(step.reads());
    }
    outside.removeAll(group.inside());
    List<Buffer> held = new ArrayList<>();
    try (GroupScratch scratch = new GroupScratch(group, sharing, memory)) {
      outside.forEach(node -> hold(buffer(node), held));
      if (debug.at(5)) {
        debug.print(
            "launch in blocks of " + group.blockRows(sharing) + " of " + group.rows() + " rows");
      }
      new GroupRun(group, sharing, this::buffer, scratch).run();
    } finally {
      held.forEach(Buffer::unpin);
    }
    group.steps().forEach(this::releaseAfter);
  }

  private void allocate(Node target, Memory where) {
    values.put(target, where.allocate(target.shape().size() * target.dtype().bytes()));
  }

  /** Gives back what a step has read for the last time, and results that nobody reads. */
  private void releaseAfter(Step step) {
    for (Node target : step.targets()) {
      Buffer unread = readsLeft.containsKey(target) ? null : values.remove(target);
      if (unread != null) {
        unread.release();
      }
    }
    for (Node read : step.reads()) {
      if (readsLeft.merge(read, -1, Integer::sum) == 0) {
        Buffer temporary = values.remove(read);
        if (temporary != null) {
          temporary.release();
        }
      }
    }
  }

  private void launch(Step.Kernels step, Backend backend, boolean timed) {
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
  }

  private static void hold(Buffer buffer, List<Buffer> held) {
    buffer.hold();
    held.add(buffer);
  }

  private Buffer buffer(Node node) {
    if (node.op() instanceof Op.Source(Buffer source)) {
      return source instanceof Placeholder placeholder ? inputs.get(placeholder.place()) : source;
    }
    Buffer buffer = values.get(node);
    if (buffer == null) {
      throw new AssertionError("not computed: " + node);
    }
    return buffer;
  }

  private Launch launch(Lowered piece, List<Node> targets) {
    List<Launch.Access> operands = new ArrayList<>();
    for (Lowered.Read read : piece.reads()) {
      Node node = read.node();
      operands.add(
          access(node, node == null ? null : buffer(node), read.offset(), read.strides(), piece));
    }
    List<Launch.Access> outputs = new ArrayList<>();
    for (int o = 0; o < piece.writes().size(); o++) {
      Lowered.Write write = piece.writes().get(o);
      Node target = targets.get(o);
      outputs.add(access(target, buffer(target), write.offset(), write.strides(), piece));
    }
    return new Launch(piece.extents(), operands, piece.params(), outputs);
  }

  private static Launch.Access access(
      @Nullable Node node,
      @Nullable Buffer buffer,
      long offset,
      List<Long> strides,
      Lowered piece) {
    if (node != null && buffer != null) {
      Bounds.check(node, buffer, offset, strides, piece.extents());
    }
    return new Launch.Access(buffer, offset, strides);
  }
}
