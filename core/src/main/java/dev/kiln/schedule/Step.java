package dev.kiln.schedule;

import dev.kiln.graph.Node;
import dev.kiln.lower.Lowered;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

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

  /** The nodes whose memory it reads. */
  public Set<Node> reads() {
    Set<Node> reads = new HashSet<>();
    for (Lowered piece : pieces) {
      for (Lowered.Read read : piece.reads()) {
        if (read.node() != null) {
          reads.add(read.node());
        }
      }
    }
    return reads;
  }
}
