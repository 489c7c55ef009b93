package dev.kiln.schedule;

import dev.kiln.graph.Node;
import dev.kiln.lower.Lowered;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Computes one node into memory, and its siblings with it.
 *
 * @param target the node
 * @param siblings further nodes that its kernel computes, one for each output after the first
 * @param pieces the kernels that together write all its elements: one, or one for each part of a
 *     concatenation; none where it is empty
 */
public record Step(Node target, List<Node> siblings, List<Lowered> pieces) {
  public Step {
    siblings = List.copyOf(siblings);
    pieces = List.copyOf(pieces);
  }

  /** The nodes that it computes: the target and its siblings. */
  public List<Node> targets() {
    List<Node> targets = new ArrayList<>(siblings);
    targets.addFirst(target);
    return targets;
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
