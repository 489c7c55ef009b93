package dev.kiln.schedule;

import dev.kiln.kernel.ForeignKernel;
import dev.kiln.kernel.Routine;
import dev.kiln.schedule.cost.Work;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What is known of a plan: what its steps ask of a device, and its runs. Safe for many threads. */
public final class History {
  private final Plan plan;
  private final List<Work> works;
  private final Set<String> languages = new HashSet<>();
  private final AtomicLong runs = new AtomicLong();
  private volatile List<StepTime> times = List.of();
  private volatile @Nullable Placement settled;

  History(Plan plan) {
    this.plan = plan;
    this.works = plan.steps().stream().map(Cost::work).toList();
    for (Step step : plan.steps()) {
      if (step instanceof Step.Call(_, _, Routine.Foreign(ForeignKernel kernel, _), _)) {
        languages.add(kernel.backend());
      }
    }
  }

  Plan plan() {
    return plan;
  }

  /** For each step. */
  List<Work> works() {
    return works;
  }

  /** The backends that its users' own kernels are written for. */
  Set<String> languages() {
    return languages;
  }

  /** Counts a run that begins. */
  public void begin() {
    runs.incrementAndGet();
  }

  /** The runs begun so far. */
  long runs() {
    return runs.get();
  }

  /** Where the steps run from now on, if that will not change any more. */
  @Nullable Placement settled() {
    return settled;
  }

  /** Keeps a choice for all runs to come. */
  void settle(Placement placement) {
    settled = placement;
  }

  /** Keeps what a run measured. */
  void tell(List<StepTime> measured) {
    times = List.copyOf(measured);
  }

  /** What the last run measured; nothing where none was asked to. */
  List<StepTime> times() {
    return times;
  }
}
