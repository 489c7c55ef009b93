package dev.kiln.opencl;

import static java.util.Objects.requireNonNull;

import dev.kiln.opencl.routine.Plan;
import dev.kiln.opencl.routine.Plans;
import dev.kiln.opencl.routine.Slot;
import dev.kiln.spi.DeviceTimes;
import dev.kiln.spi.RoutineExecutable;
import dev.kiln.spi.RoutineLaunch;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.jocl.cl_mem;

/** One of the backend's own routines, for one device: each launch makes a plan and follows it. */
final class RoutineProgram implements RoutineExecutable, AutoCloseable {
  private final Plans plans;
  private final OpenClBackend.Machine machine;
  private final boolean processor;
  private final List<String> names;
  private final Tables kept;
  private final Once<Functions> narrow;
  private final Once<Functions> wide;

  RoutineProgram(Plans plans, OpenClBackend.Machine machine, Programs programs) {
    this.plans = plans;
    this.machine = machine;
    this.processor = machine.device().isProcessor();
    this.names = plans.functions(processor);
    this.kept = new Tables(machine.residence());
    this.narrow = new Once<>(() -> functions(programs, false));
    this.wide = new Once<>(() -> functions(programs, true));
  }

  private Functions functions(Programs programs, boolean wideIndex) {
    String options = Programs.options(machine.device(), wideIndex);
    return new Functions(names, programs.build(plans.text(processor), options));
  }

  @Override
  public void launch(RoutineLaunch launch) {
    launch(launch, false);
  }

  @Override
  public Optional<DeviceTimes> launchTimed(RoutineLaunch launch) {
    return launch(launch, true);
  }

  private Optional<DeviceTimes> launch(RoutineLaunch launch, boolean timed) {
    Plan plan = plans.plan(launch, processor);
    return machine.launch(
        timed, (visit, commands) -> new Following(launch, plan, visit, commands).run());
  }

  /** Follows a plan once. */
  private final class Following {
    private final RoutineLaunch launch;
    private final Plan plan;
    private final Visit visit;
    private final Commands commands;
    private final cl_mem output;
    private final List<cl_mem> scratch;

    /** All before the first call: to write one is to wait for the calls before it. */
    private final Map<Slot, cl_mem> tables = new HashMap<>();

    Following(RoutineLaunch launch, Plan plan, Visit visit, Commands commands) {
      this.launch = launch;
      this.plan = plan;
      this.visit = visit;
      this.commands = commands;
      output = visit.write(launch.output().buffer(), true).memory();
      scratch = plan.scratch().stream().map(bytes -> visit.scratch(bytes).memory()).toList();
      for (Plan.Step step : plan.steps()) {
        for (Slot slot : step.slots()) {
          if (slot instanceof Slot.Table || slot instanceof Slot.Numbers) {
            tables.computeIfAbsent(slot, table -> kept.of(table, visit, commands));
          }
        }
      }
    }

    void run() {
      Functions functions = (plan.wide() ? wide : narrow).get();
      Call[] calls = functions.take();
      try {
        for (Plan.Step step : plan.steps()) {
          Call call = calls[names.indexOf(step.function())];
          for (int s = 0; s < step.slots().size(); s++) {
            give(call, s, step.slots().get(s));
          }
          commands.call(call.kernel(), array(step.items()), group(step));
        }
      } finally {
        functions.give(calls);
      }
    }

    private void give(Call call, int at, Slot slot) {
      switch (slot) {
        case Slot.Input(int number) ->
            call.memory(at, visit.read(launch.inputs().get(number).buffer()).memory());
        case Slot.Output output -> call.memory(at, this.output);
        case Slot.Scratch(int number) -> call.memory(at, scratch.get(number));
        case Slot.Table _, Slot.Numbers _ -> call.memory(at, requireNonNull(tables.get(slot)));
        case Slot.Scalar(long value) -> call.number(at, Long.BYTES, value);
      }
    }
  }

  /** Lone work-items: a processor does one after another, elsewhere drivers put some together. */
  private long[] group(Plan.Step step) {
    return step.group().isEmpty() && processor
        ? LongStream.generate(() -> 1).limit(step.items().size()).toArray()
        : array(step.group());
  }

  private static long[] array(List<Long> numbers) {
    return numbers.stream().mapToLong(Long::longValue).toArray();
  }

  @Override
  public String describe() {
    return plans.describe(processor);
  }

  @Override
  public void close() {
    narrow.made().ifPresent(Functions::close);
    wide.made().ifPresent(Functions::close);
    kept.close();
  }
}
