package dev.kiln.schedule;

import dev.kiln.graph.Node;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What to run, in order; and what of running it is the same every time. Safe for many threads. */
public final class Plan {
  private final List<Step> steps;
  private final List<RowGroup> groups;
  private final List<Node> results;
  private final Slots slots;

  /** Where it ran last, mostly the only place. */
  private volatile @Nullable Placed last;

  private record Placed(Placement placement, List<Unit> units) {}

  /**
   * A plan of steps.
   *
   * @param steps each after those whose results it reads
   * @param groups steps that may be run block of rows by block of rows, in order
   * @param results for each value asked for, the node whose memory has its elements: a step's
   *     target or a source
   */
  public Plan(List<Step> steps, List<RowGroup> groups, List<Node> results) {
    this.steps = List.copyOf(steps);
    this.groups = List.copyOf(groups);
    this.results = List.copyOf(results);
    this.slots = new Slots(this.steps, this.results);
  }

  /** A plan with all its groups. */
  static Plan of(List<Step> steps, List<Node> results) {
    return new Plan(steps, RowGroup.find(steps, results), results);
  }

  /** What computes the results, in order. */
  public List<Step> steps() {
    return steps;
  }

  /** Which steps may be run block of rows by block of rows. */
  public List<RowGroup> groups() {
    return groups;
  }

  /** For each value asked for, the node whose memory has its elements. */
  public List<Node> results() {
    return results;
  }

  /** The places of its nodes' memory in a run. */
  Slots slots() {
    return slots;
  }

  /** What is run at once, in order, when its steps run there. */
  List<Unit> units(Placement placement) {
    Placed known = last;
    if (known == null || !known.placement().equals(placement)) {
      known = new Placed(placement, Unit.of(this, placement));
      last = known;
    }
    return known.units();
  }
}
