package dev.kiln.schedule;

import dev.kiln.spi.Backend;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which backend runs each step of a plan.
 *
 * @param home where steps run that nothing speaks against
 * @param choices one for each step; none where all run at home without further ado
 * @param nanos how long all steps take by the estimates, independent ones on different processors
 *     side by side; 0 where there are none
 */
public record Placement(Backend home, List<Choice> choices, double nanos) {
  public Placement {
    choices = List.copyOf(choices);
  }

  /**
   * A step's.
   *
   * @param name the device's: {@code opencl:0}
   * @param estimates for all that could be chosen; none where there was no choice
   * @param remark what else there is to say, or nothing
   * @param mayChange whether another device is chosen after more runs
   */
  record Choice(
      Backend backend, String name, List<Estimate> estimates, String remark, boolean mayChange) {
    Choice {
      estimates = List.copyOf(estimates);
    }

    /** For people. */
    String inWords() {
      String others =
          estimates.stream().map(Estimate::inWords).collect(Collectors.joining(", ", "; ", ""));
      return name + (estimates.isEmpty() ? "" : others) + (remark.isEmpty() ? "" : "; " + remark);
    }
  }

  /**
   * How long a step would take.
   *
   * @param nanos infinite where the device cannot do it
   */
  record Estimate(String name, double nanos) {
    private String inWords() {
      return name
          + (nanos == Double.POSITIVE_INFINITY
              ? " cannot"
              : String.format(Locale.ROOT, " %,d us", Math.round(nanos / 1000)));
    }
  }

  /** All steps on one backend. */
  public static Placement at(Backend home) {
    return new Placement(home, List.of(), 0);
  }

  /** What runs that step. */
  Backend backend(int step) {
    return choices.isEmpty() ? home : choices.get(step).backend();
  }

  /** Whether steps run on different backends. */
  boolean isMixed() {
    return !choices.isEmpty()
        && choices.stream().anyMatch(choice -> !choice.backend().equals(backend(0)));
  }

  /** All backends that steps run on, home first. */
  Set<Backend> backends() {
    if (choices.isEmpty()) {
      return Set.of(home);
    }
    Set<Backend> all = new LinkedHashSet<>();
    all.add(home);
    choices.forEach(choice -> all.add(choice.backend()));
    return all;
  }

  /** Whether all of a group's steps run at home. */
  boolean isAtHome(RowGroup group) {
    return choices.isEmpty()
        || choices.subList(group.from(), group.to()).stream()
            .allMatch(choice -> choice.backend().equals(home));
  }
}
