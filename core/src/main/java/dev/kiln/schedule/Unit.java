package dev.kiln.schedule;

import dev.kiln.graph.Node;
import dev.kiln.spi.Backend;
import dev.kiln.spi.Sharing;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is run at once: a step, or a group of them block of rows by block of rows. Safe for many
 * threads.
 */
final class Unit {
  private final int from;
  private final List<? extends Step> steps;
  private final Backend backend;
  private final @Nullable RowGroup group;
  private final Slots slots;
  private final int[] targets;
  private final int[] touched;
  private final int[] reads;
  private volatile @Nullable Ready ready;

  private Unit(
      int from,
      List<? extends Step> steps,
      Backend backend,
      @Nullable RowGroup group,
      Slots slots) {
    this.from = from;
    this.steps = List.copyOf(steps);
    this.backend = backend;
    this.group = group;
    this.slots = slots;
    Set<Node> inside = group == null ? Set.of() : group.inside();
    Set<Node> written = new LinkedHashSet<>();
    List<Node> read = new ArrayList<>();
    for (Step step : steps) {
      written.addAll(step.targets());
      read.addAll(step.reads());
    }
    written.removeAll(inside);
    Set<Node> all = new LinkedHashSet<>(written);
    all.addAll(read);
    all.removeAll(inside);
    targets = slots.of(written);
    touched = slots.of(all);
    reads = slots.of(read);
  }

  /** The first step's number in its plan. */
  int from() {
    return from;
  }

  /** The number after the last step's. */
  int to() {
    return from + steps.size();
  }

  /** Its steps, in order. */
  List<? extends Step> steps() {
    return steps;
  }

  /** What runs it. */
  Backend backend() {
    return backend;
  }

  /** The values that are to have memory of their own when it is launched. */
  int[] targets() {
    return targets;
  }

  /** All values outside itself that it writes or reads. */
  int[] touched() {
    return touched;
  }

  /** What its steps read, once for each that does. */
  int[] reads() {
    return reads;
  }

  /** Made ready for its backend, now or before. */
  Ready ready() {
    Ready known = ready;
    if (known == null) {
      known =
          group == null
              ? Ready.of(steps.getFirst(), backend, slots)
              : new ReadyGroup(group, backend.sharing().orElseThrow(), slots);
      ready = known;
    }
    return known;
  }

  /** A plan's, in order. */
  static List<Unit> of(Plan plan, Placement placement) {
    Map<Integer, RowGroup> groups = groups(plan, placement);
    List<Unit> units = new ArrayList<>();
    for (int next = 0; next < plan.steps().size(); next = units.getLast().to()) {
      RowGroup group = groups.get(next);
      List<? extends Step> steps = group == null ? List.of(plan.steps().get(next)) : group.steps();
      Backend where = group == null ? placement.backend(next) : placement.home();
      units.add(new Unit(next, steps, where, group, plan.slots()));
    }
    return List.copyOf(units);
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
