package dev.kiln.schedule;

import dev.kiln.graph.Node;
import java.util.HashMap;
import java.util.Map;

/**
 * When processors would be free and values computed, as steps of a plan are given to them one by
 * one: those on different processors side by side, where neither needs the other. In nanoseconds
 * since the beginning.
 */
final class Timetable {
  private final Map<String, Double> free = new HashMap<>();
  private final Map<Node, Double> computed = new HashMap<>();

  /** When a processor could begin a step: it is free, and all that the step reads is there. */
  double start(Step step, String processor) {
    double start = free.getOrDefault(processor, 0.0);
    for (Node read : step.reads()) {
      start = Math.max(start, computed.getOrDefault(read, 0.0));
    }
    return start;
  }

  /** Gives a step to a processor, which takes so long for it. */
  void add(Step step, String processor, double nanos) {
    double end = start(step, processor) + nanos;
    free.put(processor, end);
    step.targets().forEach(target -> computed.put(target, end));
  }

  /** When all has ended. */
  double end() {
    return free.values().stream().mapToDouble(Double::doubleValue).max().orElse(0);
  }
}
