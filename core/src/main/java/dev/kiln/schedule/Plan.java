package dev.kiln.schedule;

import dev.kiln.graph.Node;
import java.util.List;

/**
 * What to run, in order.
 *
 * @param steps each after those whose results it reads
 * @param results for each value asked for, the node whose memory has its elements: a step's target
 *     or a source
 */
public record Plan(List<Step> steps, List<Node> results) {
  public Plan {
    steps = List.copyOf(steps);
    results = List.copyOf(results);
  }
}
