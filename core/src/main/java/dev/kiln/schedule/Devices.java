package dev.kiln.schedule;

import dev.kiln.KilnException;
import dev.kiln.kernel.ForeignKernel;
import dev.kiln.kernel.Routine;
import dev.kiln.lower.Lowered;
import dev.kiln.schedule.cost.Measuring;
import dev.kiln.schedule.cost.Profile;
import dev.kiln.schedule.cost.Profiles;
import dev.kiln.schedule.cost.Work;
import dev.kiln.spi.Backend;
import dev.kiln.spi.BackendProvider;
import dev.kiln.spi.Memory;
import dev.kiln.spi.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What an engine chooses among: a backend at home, and devices that are neither looked for nor
 * measured before that may be worth its while. Safe for many threads at once.
 *
 * <p>Looking costs some three seconds, so an engine looks when it has computed for as long, or is
 * about to. A step moves where all runs of its plan so far would have saved what preparing its
 * kernel costs. So what is lost is never more than what is won soon after, and a program that
 * computes little pays nothing.
 */
public final class Devices implements AutoCloseable {
  private static final System.Logger LOGGER = System.getLogger(Devices.class.getName());

  /** What it costs to look for devices, to open and to measure them. */
  static final double LOOKING_NANOS = 3e9;

  /** A fast machine: what it takes long for, takes long everywhere. */
  private static final Profile FAST = new Profile(0, 0, 20e9, 50e9, 25e9);

  /** Plans of fewer nanoseconds on that are explained without looking. */
  private static final double WORTH_EXPLAINING = 5e6;

  /**
   * The part of home's estimate that another's may take to be chosen: estimates of memory-bound
   * kernels are off by about a fifth, as caches and other programs will have it.
   */
  private static final double CLEARLY = 0.8;

  private static final double CANNOT = Double.POSITIVE_INFINITY;

  private final Backend home;
  private final List<BackendProvider> others;
  private final Workers workers;
  private final Memory memory;
  private final Profiles profiles;
  private final AtomicLong spent = new AtomicLong();
  private final ReentrantLock looking = new ReentrantLock();

  /** All candidates, found when first needed. */
  private volatile @Nullable List<Candidate> candidates;

  /** Those that steps may move to, and home; null until they are measured. */
  private volatile @Nullable Measured measured;

  private record Measured(Profile home, List<Rival> rivals) {}

  private record Rival(Candidate candidate, Profile profile) {}

  /**
   * Looks for nothing yet.
   *
   * @param others what provides further devices
   * @param profiles where their figures are kept
   */
  public Devices(
      Backend home,
      List<BackendProvider> others,
      Workers workers,
      Memory memory,
      Profiles profiles) {
    this.home = home;
    this.others = List.copyOf(others);
    this.workers = workers;
    this.memory = memory;
    this.profiles = profiles;
  }

  /** What the profile of a backend at home is found by. */
  static String fingerprint(Backend home) {
    return String.join(
        ", ",
        home.name() + ": " + home.describe(),
        Machine.processor(),
        Runtime.getRuntime().availableProcessors() + " processors",
        "Java " + Runtime.version());
  }

  /** Where the steps of a plan are to run. */
  public Placement choose(History history) {
    Placement settled = history.settled();
    if (settled != null) {
      return settled;
    }
    if (measured == null && isWorthLooking(history) && looking.tryLock()) {
      // Others don't wait meanwhile: they compute at home.
      try {
        look();
      } finally {
        looking.unlock();
      }
    }
    boolean isMeasured = measured != null;
    Placement placement = place(history, history.runs());
    if (isMeasured && placement.choices().stream().noneMatch(Placement.Choice::mayChange)) {
      history.settle(placement);
    }
    return placement;
  }

  /** Where they would run next time, for people: it looks for smaller plans too. */
  public Placement explain(History history) {
    if (measured == null && guess(history) >= WORTH_EXPLAINING) {
      looking.lock();
      try {
        look();
      } finally {
        looking.unlock();
      }
    }
    return place(history, history.runs() + 1);
  }

  /** Tells that the engine has computed for so long. */
  public void spent(long nanos) {
    spent.addAndGet(nanos);
  }

  /**
   * The backend that a user's own kernel is written for.
   *
   * @throws KilnException where it is not among these, or cannot run here
   */
  public Backend speaking(ForeignKernel kernel) {
    if (kernel.backend().equals(home.name())) {
      return home;
    }
    return candidates().stream()
        .filter(candidate -> candidate.backendName().equals(kernel.backend()))
        .findFirst()
        .flatMap(candidate -> candidate.open(workers, memory))
        .orElseThrow(() -> kernel.elsewhere(home.name()));
  }

  private boolean isWorthLooking(History history) {
    return spent.get() + guess(history) >= LOOKING_NANOS;
  }

  private static double guess(History history) {
    return history.works().stream().mapToDouble(FAST::nanos).sum();
  }

  private List<Candidate> candidates() {
    looking.lock();
    try {
      List<Candidate> found = candidates;
      if (found == null) {
        found = others.stream().flatMap(provider -> Candidate.of(provider).stream()).toList();
        candidates = found;
      }
      return found;
    } finally {
      looking.unlock();
    }
  }

  /** Measures what was not measured; the lock is held. */
  private void look() {
    if (measured != null) {
      return;
    }
    List<Rival> rivals = new ArrayList<>();
    Profile atHome = FAST;
    if (!candidates().isEmpty()) {
      Optional<Profile> own = homeProfile();
      if (own.isPresent()) {
        atHome = own.get();
        for (Candidate candidate : candidates()) {
          candidate
              .profile(profiles, workers, memory)
              .ifPresent(profile -> rivals.add(new Rival(candidate, profile)));
        }
      }
    }
    measured = new Measured(atHome, List.copyOf(rivals));
  }

  private Optional<Profile> homeProfile() {
    String fingerprint = fingerprint(home);
    Optional<Profile> known = profiles.find(fingerprint);
    if (known.isPresent()) {
      return known;
    }
    try {
      Profile profile = Measuring.of(home, memory);
      profiles.keep(fingerprint, profile);
      return Optional.of(profile);
    } catch (KilnException e) {
      LOGGER.log(
          System.Logger.Level.WARNING,
          "everything is computed on {0}, which cannot be measured: {1}",
          home.name(),
          e.getMessage());
      return Optional.empty();
    }
  }

  private Placement place(History history, long runs) {
    Measured known = measured;
    boolean canMove = known != null && !known.rivals().isEmpty();
    boolean mustMove = history.languages().stream().anyMatch(name -> !name.equals(home.name()));
    if (!canMove && !mustMove) {
      return Placement.at(home);
    }
    List<Placement.Choice> choices = new ArrayList<>();
    for (int i = 0; i < history.works().size(); i++) {
      Step step = history.plan().steps().get(i);
      if (step instanceof Step.Call(_, _, Routine.Foreign(ForeignKernel kernel, _), _)) {
        Backend backend = speaking(kernel);
        choices.add(
            new Placement.Choice(backend, backend.name(), List.of(), "its language", false));
      } else if (known == null) {
        choices.add(new Placement.Choice(home, home.name(), List.of(), "", false));
      } else {
        choices.add(choice(step, history.works().get(i), runs, known));
      }
    }
    return new Placement(home, choices);
  }

  private Placement.Choice choice(Step step, Work work, long runs, Measured known) {
    double atHome = known.home().nanos(work);
    List<Placement.Estimate> estimates = new ArrayList<>();
    estimates.add(new Placement.Estimate(home.name(), atHome));
    Placement.Choice best = new Placement.Choice(home, home.name(), List.of(), "", false);
    double bestNanos = CLEARLY * atHome;
    String later = "";
    for (Rival rival : known.rivals()) {
      String name = rival.candidate().name();
      double nanos = rival.candidate().holds(work) ? rival.profile().nanos(work) : CANNOT;
      // Who is slower anyway need not be opened to be asked whether it can.
      Optional<Backend> able =
          nanos < atHome || step instanceof Step.Call ? able(rival, step) : Optional.of(home);
      nanos = able.isPresent() ? nanos : CANNOT;
      estimates.add(new Placement.Estimate(name, nanos));
      if (nanos < bestNanos && able.isPresent()) {
        double making = rival.profile().makingNanos() * kernels(step);
        double saved = atHome - nanos;
        if (runs * saved >= making) {
          best = new Placement.Choice(able.get(), name, List.of(), "", false);
          bestNanos = nanos;
        } else {
          long from = (long) Math.ceil(making / saved);
          later = name + " from run " + from + " on, which pays for compiling there";
        }
      }
    }
    return new Placement.Choice(best.backend(), best.name(), estimates, later, !later.isEmpty());
  }

  private Optional<Backend> able(Rival rival, Step step) {
    return rival
        .candidate()
        .open(workers, memory)
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

  /** Gives back what is open, but not what is at home. */
  @Override
  public void close() {
    List<Candidate> found = candidates;
    if (found != null) {
      found.forEach(Candidate::close);
    }
  }
}
