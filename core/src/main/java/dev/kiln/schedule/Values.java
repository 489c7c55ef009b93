package dev.kiln.schedule;

import dev.kiln.graph.Node;
import dev.kiln.graph.Op;
import dev.kiln.spi.Buffer;
import dev.kiln.spi.Memory;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The memory of a run's values, each from its computation to its last use. Safe for many threads:
 * whoever reads a value for the last time gives it back.
 */
final class Values {
  private final List<Buffer> inputs;
  private final Map<Node, Buffer> buffers = new HashMap<>();
  private final Map<Node, Integer> readsLeft = new HashMap<>();

  /**
   * None yet.
   *
   * @param inputs the arrays in the place of the plan's placeholders
   */
  Values(Plan plan, List<Buffer> inputs) {
    this.inputs = inputs;
    for (Step step : plan.steps()) {
      for (Node read : step.reads()) {
        readsLeft.merge(read, 1, Integer::sum);
      }
    }
    for (Node result : plan.results()) {
      readsLeft.merge(result, 1, Integer::sum);
    }
  }

  /** The memory of a node that was computed, or is a source. */
  Buffer of(Node node) {
    if (node.op() instanceof Op.Source(Buffer source)) {
      return source instanceof Placeholder placeholder ? inputs.get(placeholder.place()) : source;
    }
    synchronized (this) {
      Buffer buffer = buffers.get(node);
      if (buffer == null) {
        throw new AssertionError("not computed: " + node);
      }
      return buffer;
    }
  }

  /** Memory for a node that is computed next. */
  void allocate(Node target, Memory where) {
    Buffer buffer = where.allocate(target.shape().size() * target.dtype().bytes());
    synchronized (this) {
      buffers.put(target, buffer);
    }
  }

  /** Sees to it that some values stay; whoever calls unpins what is added to the list. */
  void hold(Collection<Node> nodes, List<Buffer> held) {
    for (Node node : nodes) {
      Buffer buffer = of(node);
      buffer.hold();
      held.add(buffer);
    }
  }

  /** Gives back what a step has read for the last time, and results that nobody reads. */
  void releaseAfter(Step step) {
    // A device may have to be asked; nobody else waits meanwhile.
    unwanted(step).forEach(Buffer::release);
  }

  private synchronized List<Buffer> unwanted(Step step) {
    List<Buffer> unwanted = new ArrayList<>();
    for (Node target : step.targets()) {
      if (!readsLeft.containsKey(target)) {
        take(target, unwanted);
      }
    }
    for (Node read : step.reads()) {
      if (readsLeft.merge(read, -1, Integer::sum) == 0) {
        take(read, unwanted);
      }
    }
    return unwanted;
  }

  private void take(Node node, List<Buffer> taken) {
    Buffer buffer = buffers.remove(node);
    if (buffer != null) {
      taken.add(buffer);
    }
  }

  /** Gives everything back; nothing runs any more. */
  synchronized void releaseAll() {
    buffers.values().forEach(Buffer::release);
    buffers.clear();
  }
}
