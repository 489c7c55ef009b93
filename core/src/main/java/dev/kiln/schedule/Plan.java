package dev.kiln.schedule;

import dev.kiln.graph.Node;
import java.util.List;

/**
 * What to run, in order.
 *
 * @param steps each after those whose results it reads
 * @param groups steps that may be run block of rows by block of rows, in order
 * @param results for each value asked for, the node whose memory has its elements: a step's target
 *     or a source
 */
public record Plan(List<Step> steps, List<RowGroup> groups, List<Node> results) {
  public Plan {
    steps = List.copyOf(steps);
    groups = List.copyOf(groups);
    results = List.copyOf(results);
  }

  /** A plan with all its groups. */
  static Plan of(List<Step> steps, List<Node> results) {
    return new Plan(steps, RowGroup.find(steps, results), results);
  }
}
