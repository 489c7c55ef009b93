package dev.kiln.schedule;

import dev.kiln.graph.Node;
import dev.kiln.lower.Lowered;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds the {@link RowGroup}s of a plan: runs of steps whose kernels have their outermost
 * dimension, or a divisor of it, in common, and read of each other what lies in the same row.
 * Linear in the number of accesses.
 */
final class RowGroups {
  /** A row of all arrays together may occupy this much; beyond it a block does not stay cached. */
  private static final long LARGEST_ROW = 1 << 20;

  private final List<Step> steps;

  /** For each node the number of the last step that reads it; for results beyond all steps. */
  private final Map<Node, Integer> lastReads = new HashMap<>();

  private final List<RowGroup> found = new ArrayList<>();

  // The group that is growing.
  private int from;
  private final List<Step.Kernels> group = new ArrayList<>();
  private long rows;
  private boolean handsOn;
  private final Set<Node> made = new HashSet<>();

  RowGroups(List<Step> steps, List<Node> results) {
    this.steps = steps;
    for (int i = 0; i < steps.size(); i++) {
      for (Node read : steps.get(i).reads()) {
        lastReads.put(read, i);
      }
    }
    results.forEach(result -> lastReads.put(result, steps.size()));
  }

  List<RowGroup> find() {
    begin(0);
    for (int i = 0; i < steps.size(); i++) {
      if (!join(i)) {
        end();
        begin(i);
        if (!join(i)) {
          begin(i + 1);
        }
      }
    }
    end();
    return List.copyOf(found);
  }

  private void begin(int step) {
    from = step;
    group.clear();
    rows = 0;
    handsOn = false;
    made.clear();
  }

  private void end() {
    if (!handsOn) {
      return;
    }
    Set<Node> inside = new HashSet<>();
    Set<Node> touched = new HashSet<>(made);
    long points = 1;
    for (Step.Kernels step : group) {
      touched.addAll(step.reads());
      for (Lowered piece : step.pieces()) {
        points = Math.max(points, piece.points() / rows);
      }
    }
    for (Node node : made) {
      if (lastReads.getOrDefault(node, 0) < from + group.size()) {
        inside.add(node);
      }
    }
    found.add(new RowGroup(from, group, rows, inside, rowBytes(touched, rows), points));
  }

  /** Adds a step to the group where that is possible. */
  private boolean join(int i) {
    if (!(steps.get(i) instanceof Step.Kernels step)) {
      return false;
    }
    long common = commonRows(step, rows);
    if (common < 2) {
      return false;
    }
    boolean reads = false;
    for (Lowered piece : step.pieces()) {
      for (Lowered.Read read : piece.reads()) {
        Node node = read.node();
        if (node != null) {
          RowAccess access = RowAccess.of(read.offset(), read.strides(), piece.extents(), common);
          boolean inner = made.contains(node);
          if (access.againstTheGrain() || (inner && !isLocal(access, node, common))) {
            return false;
          }
          reads |= inner;
        }
      }
      for (Lowered.Write write : piece.writes()) {
        RowAccess access = RowAccess.of(write.offset(), write.strides(), piece.extents(), common);
        if (!isLocal(access, step.target(), common)) {
          return false;
        }
      }
    }
    Set<Node> touched = new HashSet<>(step.reads());
    touched.addAll(step.targets());
    if (rowBytes(touched, common) > LARGEST_ROW) {
      return false;
    }
    group.add(step);
    rows = common;
    handsOn |= reads;
    made.addAll(step.targets());
    return true;
  }

  /** The rows that a step's kernels have in common with each other and with those before. */
  private static long commonRows(Step.Kernels step, long before) {
    long common = before;
    for (Lowered piece : step.pieces()) {
      if (!RowAccess.hasRows(piece)) {
        return 0;
      }
      common = gcd(common, piece.extents().getFirst());
    }
    return step.pieces().isEmpty() ? 0 : common;
  }

  private static boolean isLocal(RowAccess access, Node node, long rows) {
    return access.isLocal(node.shape().size(), rows);
  }

  private static long rowBytes(Set<Node> nodes, long rows) {
    long bytes = 0;
    for (Node node : nodes) {
      bytes += node.bytes() / rows;
    }
    return Math.max(1, bytes);
  }

  private static long gcd(long a, long b) {
    return a == 0 ? b : gcd(b % a, a);
  }
}
