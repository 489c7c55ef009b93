package dev.kiln.schedule;

import dev.kiln.lower.Lowered;
import dev.kiln.schedule.cost.Profile;
import dev.kiln.schedule.cost.Work;
import dev.kiln.spi.Backend;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Chooses where the steps of a plan run, one after another: where each ends first, those before it
 * being where they were put, and independent ones side by side.
 */
final class Placing {
  /**
   * The part of home's estimate that another's may take to be chosen: estimates of memory-bound
   * kernels are off by about a fifth, as caches and other programs will have it.
   */
  private static final double CLEARLY = 0.8;

  /** What it costs to have another processor work meanwhile: a thread, which is waited for. */
  private static final double BESIDE_NANOS = 2e5;

  private static final double CANNOT = Double.POSITIVE_INFINITY;

  private final Backend home;
  private final Profile atHome;
  private final List<Rival> rivals;
  private final long runs;
  private final Timetable timetable = new Timetable();

  /**
   * A device that steps may move to.
   *
   * @param backend opened when it is first asked for; empty where it cannot be
   */
  record Rival(Candidate candidate, Profile profile, Supplier<Optional<Backend>> backend) {}

  /**
   * For one run of a plan.
   *
   * @param runs how many of that plan there were, this one included
   */
  Placing(Backend home, Profile atHome, List<Rival> rivals, long runs) {
    this.home = home;
    this.atHome = atHome;
    this.rivals = rivals;
    this.runs = runs;
  }

  /** Where the next step runs. */
  Placement.Choice choose(Step step, Work work) {
    double nanosAtHome = atHome.nanos(work);
    double startAtHome = timetable.start(step, Candidate.HOST);
    List<Placement.Estimate> estimates = new ArrayList<>();
    estimates.add(new Placement.Estimate(home.name(), nanosAtHome));
    Placement.Choice best = new Placement.Choice(home, home.name(), List.of(), "", false);
    String bestProcessor = Candidate.HOST;
    double bestNanos = nanosAtHome;
    double bestEnd = Double.POSITIVE_INFINITY;
    String later = "";
    for (Rival rival : rivals) {
      String name = rival.candidate().name();
      String processor = rival.candidate().processor();
      double nanos = rival.candidate().holds(work) ? rival.profile().nanos(work) : CANNOT;
      // What both wait for counts for none.
      double start = timetable.start(step, processor);
      double first = Math.min(start, startAtHome);
      double here = nanosAtHome + Math.max(0, startAtHome - first - BESIDE_NANOS);
      double waiting = start - first;
      // Who is slower anyway need not be opened to be asked whether it can.
      Optional<Backend> able =
          waiting + nanos < here || step instanceof Step.Call
              ? able(rival, step)
              : Optional.of(home);
      nanos = able.isPresent() ? nanos : CANNOT;
      estimates.add(new Placement.Estimate(name, nanos));
      if (able.isPresent() && waiting + nanos < CLEARLY * here && start + nanos < bestEnd) {
        double making = rival.profile().makingNanos() * kernels(step);
        double saved = here - (waiting + nanos);
        if (runs * saved >= making) {
          best = new Placement.Choice(able.get(), name, List.of(), "", false);
          bestProcessor = processor;
          bestNanos = nanos;
          bestEnd = start + nanos;
        } else {
          long from = (long) Math.ceil(making / saved);
          later = name + " from run " + from + " on, which pays for compiling there";
        }
      }
    }
    timetable.add(step, bestProcessor, bestNanos);
    return new Placement.Choice(best.backend(), best.name(), estimates, later, !later.isEmpty());
  }

  /** Notes that the next step runs on that backend, for reasons of its own. */
  void put(Step step, Work work, Backend backend) {
    Optional<Rival> rival =
        rivals.stream()
            .filter(other -> other.candidate().backendName().equals(backend.name()))
            .findFirst();
    String processor = rival.map(other -> other.candidate().processor()).orElse(Candidate.HOST);
    // A user's own kernel may do what the device cannot by its figures.
    double nanos =
        rival
            .map(other -> other.profile().nanos(work))
            .filter(Double::isFinite)
            .orElseGet(() -> atHome.nanos(work));
    timetable.add(step, processor, nanos);
  }

  /** How long all steps so far take, in nanoseconds. */
  double nanos() {
    return timetable.end();
  }

  private static Optional<Backend> able(Rival rival, Step step) {
    return rival
        .backend()
        .get()
        .filter(
            backend ->
                switch (step) {
                  case Step.Kernels kernels ->
                      kernels.pieces().stream().map(Lowered::kernel).allMatch(backend::runs);
                  case Step.Call call -> backend.runs(call.routine(), call.dtype());
                });
  }

  private static int kernels(Step step) {
    return switch (step) {
      case Step.Kernels kernels -> kernels.pieces().size();
      case Step.Call call -> 1;
    };
  }
}
