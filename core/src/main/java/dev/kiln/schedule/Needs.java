package dev.kiln.schedule;

import dev.kiln.graph.Node;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which steps of a plan read what which others compute. */
final class Needs {
  private final List<BitSet> direct = new ArrayList<>();

  Needs(List<Step> steps) {
    Map<Node, Integer> makers = new HashMap<>();
    for (int step = 0; step < steps.size(); step++) {
      BitSet needed = new BitSet();
      for (Node read : steps.get(step).reads()) {
        Integer maker = makers.get(read);
        if (maker != null) {
          needed.set(maker);
        }
      }
      direct.add(needed);
      for (Node target : steps.get(step).targets()) {
        makers.put(target, step);
      }
    }
  }

  /** The steps whose results a step reads. */
  BitSet of(int step) {
    return direct.get(step);
  }

  /** For each step those that can run at the same time: elsewhere, and neither needs the other. */
  List<BitSet> beside(Placement placement) {
    List<BitSet> earlier = new ArrayList<>();
    List<BitSet> beside = new ArrayList<>();
    for (int step = 0; step < direct.size(); step++) {
      BitSet before = (BitSet) direct.get(step).clone();
      direct.get(step).stream().forEach(needed -> before.or(earlier.get(needed)));
      earlier.add(before);
      beside.add(new BitSet());
      for (int other = before.nextClearBit(0);
          other < step;
          other = before.nextClearBit(other + 1)) {
        if (!placement.backend(other).equals(placement.backend(step))) {
          beside.get(step).set(other);
          beside.get(other).set(step);
        }
      }
    }
    return beside;
  }
}
