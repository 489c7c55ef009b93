package dev.kiln.schedule;

import dev.kiln.graph.Node;
import dev.kiln.graph.Op;
import dev.kiln.spi.Buffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of the nodes whose memory a plan touches, so that a run keeps its buffers in arrays
 * and looks nothing up.
 */
final class Slots {
  private final Map<Node, Integer> numbers = new HashMap<>();
  private final List<Node> nodes = new ArrayList<>();
  private final int[] reads;
  private final int[] results;

  Slots(List<Step> steps, List<Node> results) {
    for (Step step : steps) {
      step.targets().forEach(this::add);
      step.reads().forEach(this::add);
    }
    results.forEach(this::add);
    this.reads = new int[nodes.size()];
    this.results = of(results);
    for (Step step : steps) {
      for (int read : of(step.reads())) {
        reads[read]++;
      }
    }
    for (int result : this.results) {
      reads[result]++;
    }
  }

  private void add(Node node) {
    if (numbers.putIfAbsent(node, nodes.size()) == null) {
      nodes.add(node);
    }
  }

  /** The number of a node. */
  int of(Node node) {
    Integer number = numbers.get(node);
    if (number == null) {
      throw new AssertionError("no step reads or computes " + node);
    }
    return number;
  }

  /** The numbers of some nodes. */
  int[] of(Collection<Node> some) {
    int[] slots = new int[some.size()];
    int next = 0;
    for (Node node : some) {
      slots[next++] = of(node);
    }
    return slots;
  }

  /** The node of that number. */
  Node node(int slot) {
    return nodes.get(slot);
  }

  /** The numbers of the plan's results. */
  int[] results() {
    return results;
  }

  /** How often each is read, by the steps and by whoever asked for results. */
  int[] reads() {
    return reads.clone();
  }

  /**
   * The memory that is there from the beginning.
   *
   * @param inputs the arrays in the place of the plan's placeholders
   */
  @Nullable Buffer[] sources(List<Buffer> inputs) {
    @Nullable Buffer[] buffers = new Buffer[nodes.size()];
    for (int slot = 0; slot < buffers.length; slot++) {
      if (nodes.get(slot).op() instanceof Op.Source source) {
        Buffer buffer = source.buffer();
        buffers[slot] =
            buffer instanceof Placeholder placeholder ? inputs.get(placeholder.place()) : buffer;
      }
    }
    return buffers;
  }
}
