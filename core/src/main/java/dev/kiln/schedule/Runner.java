package dev.kiln.schedule;

import dev.kiln.KilnException;
import dev.kiln.spi.Backend;
import dev.kiln.spi.Buffer;
import dev.kiln.spi.Memory;
import dev.kiln.spi.MemoryLimitException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Runs a plan: launches its steps, those on different backends side by side where neither needs the
 * other, and gives temporaries back after their last use. When it returns, nothing runs any more.
 */
public final class Runner {
  private final Plan plan;
  private final List<Buffer> inputs;
  private final Placement placement;
  private final Optional<History> profiled;
  private final Memory memory;
  private final Debug debug;

  private Runner(
      Plan plan,
      List<Buffer> inputs,
      Placement placement,
      Optional<History> profiled,
      Memory memory,
      Debug debug) {
    this.plan = plan;
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
    Runner runner = new Runner(plan, inputs, placement, profiled, memory, debug);
    if (placement.isMixed()) {
      Needs needs = new Needs(plan.steps());
      if (needs.beside(placement).stream().anyMatch(others -> !others.isEmpty())) {
        try {
          return runner.run(Optional.of(needs));
        } catch (MemoryLimitException e) {
          // Side by side, more is in memory at once.
          if (debug.at(1)) {
            debug.print("once more, one step after another: " + e.getMessage());
          }
        }
      }
    }
    return runner.run(Optional.empty());
  }

  /** What to say where the calling thread is interrupted. */
  static KilnException interrupted() {
    return new KilnException("interrupted: the computation was stopped before it was complete");
  }

  /** Runs all, side by side where it is told what needs what. */
  private List<Buffer> run(Optional<Needs> needs) {
    Values values = new Values(plan, inputs);
    try {
      Launcher launcher = new Launcher(values, memory, debug, profiled.isPresent());
      List<Unit> units = plan.units(placement);
      List<StepTime> times =
          needs.isPresent()
              ? new SideBySide(units, placement, needs.get(), values, launcher).run()
              : inOrder(units, launcher);
      placement.backends().forEach(Backend::await);
      profiled.ifPresent(history -> history.tell(times));
      return values.results();
    } catch (Throwable e) {
      endAfter(e);
      values.releaseAll();
      throw e;
    }
  }

  private static List<StepTime> inOrder(List<Unit> units, Launcher launcher) {
    List<StepTime> times = new ArrayList<>();
    for (Unit unit : units) {
      if (Thread.currentThread().isInterrupted()) {
        throw interrupted();
      }
      times.add(launcher.launch(unit));
    }
    return times;
  }

  /** Waits for what was launched before something failed. */
  private void endAfter(Throwable failure) {
    for (Backend backend : placement.backends()) {
      try {
        backend.await();
      } catch (RuntimeException e) {
        if (!e.equals(failure)) {
          failure.addSuppressed(e);
        }
      }
    }
  }
}
