package dev.kiln.schedule;

import dev.kiln.graph.Node;
import dev.kiln.spi.Sharing;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Memory for what is inside a {@link RowGroup}: a block of rows for each worker. Nodes of equal
 * rows share it where one is read for the last time before the other is written.
 */
final class GroupScratch {
  /** Workers' parts are kept that many bytes apart, so that none shares a cache line. */
  private static final long APART = 128;

  private final RowGroup group;
  private final long blockRows;

  /** For each piece of memory, the bytes of a worker's part. */
  private final List<Long> workerBytes = new ArrayList<>();

  private final Map<Node, Integer> pieces = new HashMap<>();

  GroupScratch(RowGroup group, Sharing sharing) {
    this.group = group;
    this.blockRows = group.blockRows(sharing);
    Map<Node, Integer> lastReads = new HashMap<>();
    for (int i = 0; i < group.steps().size(); i++) {
      for (Node read : group.steps().get(i).reads()) {
        lastReads.put(read, i);
      }
    }
    Map<Long, ArrayDeque<Integer>> idle = new HashMap<>();
    for (int i = 0; i < group.steps().size(); i++) {
      Step step = group.steps().get(i);
      for (Node target : step.targets()) {
        if (group.inside().contains(target)) {
          long bytes = bytes(target);
          Integer piece = idle.computeIfAbsent(bytes, k -> new ArrayDeque<>()).poll();
          pieces.put(target, piece == null ? add(bytes) : piece);
        }
      }
      for (Node read : step.reads()) {
        Integer piece = pieces.get(read);
        if (piece != null && Objects.equals(lastReads.get(read), i)) {
          idle.computeIfAbsent(workerBytes.get(piece), k -> new ArrayDeque<>()).add(piece);
        }
      }
    }
  }

  private long bytes(Node node) {
    long rowBytes = node.bytes() / group.rows();
    return (blockRows * rowBytes + 2 * APART - 1) & -APART;
  }

  private int add(long bytes) {
    workerBytes.add(bytes);
    return workerBytes.size() - 1;
  }

  /** The bytes of a worker's part of each piece of memory. */
  List<Long> workerBytes() {
    return List.copyOf(workerBytes);
  }

  /** Which piece of memory a node lives in. */
  int piece(Node node) {
    return Objects.requireNonNull(pieces.get(node));
  }

  /** Elements from one worker's part to the next worker's. */
  long workerStep(Node node) {
    return workerBytes.get(piece(node)) / node.dtype().bytes();
  }
}
