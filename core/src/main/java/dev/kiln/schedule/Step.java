package dev.kiln.schedule;

import dev.kiln.graph.Node;
import dev.kiln.kernel.Routine;
import dev.kiln.lower.InPlace;
import dev.kiln.lower.Lowered;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Computes one node into memory. */
public sealed interface Step {
  /** The node. */
  Node target();

  /** The nodes whose memory it reads. */
  default Set<Node> reads() {
    Set<Node> reads = new HashSet<>();
    switch (this) {
      case Kernels kernels -> {
        for (Lowered piece : kernels.pieces()) {
          for (Lowered.Read read : piece.reads()) {
            if (read.node() != null) {
              reads.add(read.node());
            }
          }
        }
      }
      case Call call -> call.inputs().forEach(input -> reads.add(input.memory()));
    }
    return reads;
  }

  /**
   * By kernels.
   *
   * @param pieces the kernels that together write all its elements: one, or one for each part of a
   *     concatenation; none where it is empty
   */
  record Kernels(Node target, List<Lowered> pieces) implements Step {
    public Kernels {
      pieces = List.copyOf(pieces);
    }
  }

  /** By a routine. */
  record Call(Node target, Routine routine, List<InPlace> inputs) implements Step {
    public Call {
      inputs = List.copyOf(inputs);
    }
  }
}
