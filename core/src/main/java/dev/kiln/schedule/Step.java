package dev.kiln.schedule;

import dev.kiln.graph.Node;
import dev.kiln.lower.Lowered;
import java.util.List;

/**
 * Computes one node into memory.
 *
 * @param target the node
 * @param pieces the kernels that together write all its elements: one, or one for each part of a
 *     concatenation; none where it is empty
 */
public record Step(Node target, List<Lowered> pieces) {
  public Step {
    pieces = List.copyOf(pieces);
  }
}
