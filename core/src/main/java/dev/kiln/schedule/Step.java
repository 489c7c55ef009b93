package dev.kiln.schedule;

import dev.kiln.DType;
import dev.kiln.graph.Node;
import dev.kiln.kernel.Routine;
import dev.kiln.lower.InPlace;
import dev.kiln.lower.Lowered;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Computes one node into memory, and sometimes others with it. */
public sealed interface Step {
  /** The node. */
  Node target();

  /** All nodes that it computes, the target first. */
  List<Node> targets();

  /** The nodes whose memory it reads. */
  Set<Node> reads();

  /**
   * By kernels.
   *
   * @param siblings further nodes that its kernel computes, one for each output after the first
   * @param pieces the kernels that together write all elements: one, or one for each part of a
   *     concatenation; none where there are no elements
   */
  record Kernels(Node target, List<Node> siblings, List<Lowered> pieces) implements Step {
    public Kernels {
      siblings = List.copyOf(siblings);
      pieces = List.copyOf(pieces);
    }

    @Override
    public List<Node> targets() {
      List<Node> targets = new ArrayList<>(siblings);
      targets.addFirst(target);
      return targets;
    }

    @Override
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

  /**
   * By a routine.
   *
   * @param siblings the other results of a foreign kernel
   */
  record Call(Node target, List<Node> siblings, Routine routine, List<InPlace> inputs)
      implements Step {
    public Call {
      siblings = List.copyOf(siblings);
      inputs = List.copyOf(inputs);
    }

    @Override
    public List<Node> targets() {
      List<Node> targets = new ArrayList<>(siblings);
      targets.addFirst(target);
      return targets;
    }

    /** The dtype that a backend is asked for: that of the inputs. */
    DType dtype() {
      return inputs.isEmpty() ? target.dtype() : inputs.getFirst().value().dtype();
    }

    @Override
    public Set<Node> reads() {
      Set<Node> reads = new HashSet<>();
      inputs.forEach(input -> reads.add(input.memory()));
      return reads;
    }
  }
}
