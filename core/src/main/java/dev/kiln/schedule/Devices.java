package dev.kiln.schedule;

import dev.kiln.KilnException;
import dev.kiln.kernel.ForeignKernel;
import dev.kiln.kernel.Routine;
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
 * about to. A step moves where it ends sooner, and all runs of its plan so far would have saved
 * what preparing its kernel costs. So what is lost is never more than what is won soon after, and a
 * program that computes little pays nothing.
 */
public final class Devices implements AutoCloseable {
  private static final System.Logger LOGGER = System.getLogger(Devices.class.getName());

  /** What it costs to look for devices, to open and to measure them. */
  static final double LOOKING_NANOS = 3e9;

  /** A fast machine: what it takes long for, takes long everywhere. */
  private static final Profile FAST = new Profile(0, 0, 20e9, 50e9, 25e9);

  /** Plans of fewer nanoseconds on that are explained without looking. */
  private static final double WORTH_EXPLAINING = 5e6;

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

  private record Measured(Profile home, List<Placing.Rival> rivals) {}

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
    List<Placing.Rival> rivals = new ArrayList<>();
    Profile atHome = FAST;
    if (!candidates().isEmpty()) {
      Optional<Profile> own = homeProfile();
      if (own.isPresent()) {
        atHome = own.get();
        for (Candidate candidate : candidates()) {
          candidate
              .profile(profiles, workers, memory)
              .ifPresent(
                  profile ->
                      rivals.add(
                          new Placing.Rival(
                              candidate, profile, () -> candidate.open(workers, memory))));
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
    Placing placing = known == null ? null : new Placing(home, known.home(), known.rivals(), runs);
    List<Placement.Choice> choices = new ArrayList<>();
    for (int i = 0; i < history.works().size(); i++) {
      choices.add(choice(history.plan().steps().get(i), history.works().get(i), placing));
    }
    return new Placement(home, choices, placing == null ? 0 : placing.nanos());
  }

  private Placement.Choice choice(Step step, Work work, @Nullable Placing placing) {
    if (step instanceof Step.Call(_, _, Routine.Foreign(ForeignKernel kernel, _), _)) {
      Backend backend = speaking(kernel);
      if (placing != null) {
        placing.put(step, work, backend);
      }
      return new Placement.Choice(backend, backend.name(), List.of(), "its language", false);
    }
    return placing == null
        ? new Placement.Choice(home, home.name(), List.of(), "", false)
        : placing.choose(step, work);
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
