package dev.kiln.schedule;

import dev.kiln.graph.Node;
import dev.kiln.spi.Buffer;
import dev.kiln.spi.Memory;
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
final class GroupScratch implements AutoCloseable {
  /** Workers' parts are kept that many bytes apart, so that none shares a cache line. */
  private static final long APART = 128;

  private final Map<Node, Slot> slots = new HashMap<>();
  private final List<Buffer> buffers = new ArrayList<>();

  private record Slot(Buffer buffer, long workerBytes) {}

  GroupScratch(RowGroup group, Sharing sharing, Memory memory) {
    boolean done = false;
    try {
      allocate(group, sharing, memory);
      done = true;
    } finally {
      if (!done) {
        close();
      }
    }
  }

  private void allocate(RowGroup group, Sharing sharing, Memory memory) {
    Map<Node, Integer> lastReads = new HashMap<>();
    for (int i = 0; i < group.steps().size(); i++) {
      for (Node read : group.steps().get(i).reads()) {
        lastReads.put(read, i);
      }
    }
    Map<Long, ArrayDeque<Slot>> idle = new HashMap<>();
    for (int i = 0; i < group.steps().size(); i++) {
      Step step = group.steps().get(i);
      for (Node target : step.targets()) {
        if (group.inside().contains(target)) {
          long bytes = workerBytes(target, group, sharing);
          Slot slot = idle.computeIfAbsent(bytes, k -> new ArrayDeque<>()).poll();
          slots.put(target, slot == null ? allocate(bytes, sharing, memory) : slot);
        }
      }
      for (Node read : step.reads()) {
        Slot slot = slots.get(read);
        if (slot != null && Objects.equals(lastReads.get(read), i)) {
          idle.computeIfAbsent(slot.workerBytes(), k -> new ArrayDeque<>()).add(slot);
        }
      }
    }
  }

  private static long workerBytes(Node node, RowGroup group, Sharing sharing) {
    long rowBytes = node.shape().size() * node.dtype().bytes() / group.rows();
    return (group.blockRows(sharing) * rowBytes + 2 * APART - 1) & -APART;
  }

  private Slot allocate(long workerBytes, Sharing sharing, Memory memory) {
    Buffer buffer = memory.allocate(workerBytes * sharing.workers().count());
    buffers.add(buffer);
    buffer.pin();
    return new Slot(buffer, workerBytes);
  }

  Buffer buffer(Node node) {
    return slot(node).buffer();
  }

  /** Elements from one worker's part to the next worker's. */
  long workerStep(Node node) {
    return slot(node).workerBytes() / node.dtype().bytes();
  }

  private Slot slot(Node node) {
    return Objects.requireNonNull(slots.get(node));
  }

  @Override
  public void close() {
    for (Buffer buffer : buffers) {
      buffer.unpin();
      buffer.release();
    }
  }
}
