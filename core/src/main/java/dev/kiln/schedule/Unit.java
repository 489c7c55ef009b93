package dev.kiln.schedule;

import dev.kiln.spi.Backend;
import dev.kiln.spi.Sharing;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is run at once: a step, or a group of them block of rows by block of rows.
 *
 * @param from the first step's number in its plan
 * @param steps the steps
 * @param backend what runs them
 * @param group null for a single step
 */
record Unit(int from, List<? extends Step> steps, Backend backend, @Nullable RowGroup group) {
  Unit {
    steps = List.copyOf(steps);
  }

  /** The number after the last step's. */
  int to() {
    return from + steps.size();
  }

  /** A plan's, in order. */
  static List<Unit> of(Plan plan, Placement placement) {
    Map<Integer, RowGroup> groups = groups(plan, placement);
    List<Unit> units = new ArrayList<>();
    for (int next = 0; next < plan.steps().size(); next = units.getLast().to()) {
      RowGroup group = groups.get(next);
      units.add(
          group == null
              ? new Unit(next, List.of(plan.steps().get(next)), placement.backend(next), null)
              : new Unit(next, group.steps(), placement.home(), group));
    }
    return units;
  }

  private static Map<Integer, RowGroup> groups(Plan plan, Placement placement) {
    Map<Integer, RowGroup> groups = new HashMap<>();
    Sharing sharing = placement.home().sharing().orElse(null);
    for (RowGroup group : plan.groups()) {
      if (sharing != null && group.suits(sharing) && placement.isAtHome(group)) {
        groups.put(group.from(), group);
      }
    }
    return groups;
  }
}
