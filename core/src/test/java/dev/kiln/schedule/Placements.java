package dev.kiln.schedule;

import dev.kiln.spi.Backend;
import java.util.List;
import java.util.SplittableRandom;

/** Placements as tests want them. */
public final class Placements {
  private Placements() {}

  /** Each step on the backend named for it. */
  public static Placement of(Plan plan, Backend home, List<? extends Backend> backends) {
    if (backends.size() != plan.steps().size()) {
      throw new AssertionError(backends.size() + " backends for " + plan.steps().size() + " steps");
    }
    List<Placement.Choice> choices =
        backends.stream()
            .map(backend -> new Placement.Choice(backend, backend.name(), List.of(), "", false))
            .toList();
    return new Placement(home, choices, 0);
  }

  /** Each step on any of these, the first of which is home; more of them there in some plans. */
  public static Placement random(Plan plan, List<Backend> backends, SplittableRandom random) {
    int homes = random.nextInt(1, 4);
    List<Backend> each =
        plan.steps().stream()
            .map(step -> random.nextInt(backends.size() - 1 + homes) - homes + 1)
            .map(number -> backends.get(Math.max(0, number)))
            .toList();
    return of(plan, backends.getFirst(), each);
  }
}
