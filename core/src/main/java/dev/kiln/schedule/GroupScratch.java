package dev.kiln.schedule;

import dev.kiln.graph.Node;
import dev.kiln.spi.Buffer;
import dev.kiln.spi.Memory;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Memory for what is inside a {@link RowGroup}: a block of rows for each worker. Nodes of equal rows
 * share it where one is read for the last time before the other is written.
 */
final class GroupScratch implements AutoCloseable {
  /** Workers' parts are kept that many bytes apart, so that none shares a cache line. */
  private static final long APART = 128;

  private final Map<Node, Slot> slots = new HashMap<>();
  private final List<Buffer> buffers = new ArrayList<>();

  private record Slot(Buffer buffer, long workerBytes) {}

  GroupScratch(Plan plan, RowGroup group, int workers, Memory memory) {
    boolean done = false;
    try {
      allocate(plan, group, workers, memory);
      done = true;
    } finally {
      if (!done) {
        close();
      }
    }
  }

  private void allocate(Plan plan, RowGroup group, int workers, Memory memory) {
    Map<Node, Integer> lastReads = new HashMap<>();
    for (int i = group.from(); i < group.to(); i++) {
      for (Node read : plan.steps().get(i).reads()) {
        lastReads.put(read, i);
      }
    }
    Map<Long, ArrayDeque<Slot>> idle = new HashMap<>();
    for (int i = group.from(); i < group.to(); i++) {
      Step step = plan.steps().get(i);
      if (group.inside().contains(step.target())) {
        long rowBytes = step.target().shape().size() * step.target().dtype().bytes() / group.rows();
        long bytes = (group.blockRows(workers) * rowBytes + 2 * APART - 1) & -APART;
        Slot slot = idle.computeIfAbsent(bytes, k -> new ArrayDeque<>()).poll();
        if (slot == null) {
          Buffer buffer = memory.allocate(bytes * workers);
          buffers.add(buffer);
          buffer.pin();
          slot = new Slot(buffer, bytes);
        }
        slots.put(step.target(), slot);
      }
      for (Node read : step.reads()) {
        Slot slot = slots.get(read);
        if (slot != null && Objects.equals(lastReads.get(read), i)) {
          idle.computeIfAbsent(slot.workerBytes(), k -> new ArrayDeque<>()).add(slot);
        }
      }
    }
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
