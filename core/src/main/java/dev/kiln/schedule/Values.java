package dev.kiln.schedule;

import dev.kiln.graph.Node;
import dev.kiln.graph.Op;
import dev.kiln.spi.Buffer;
import dev.kiln.spi.Memory;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The memory of a run's values, each from its computation to its last use, by its number among the
 * plan's {@link Slots}. Safe for many threads: whoever reads a value for the last time gives it
 * back.
 */
final class Values {
  private final Slots slots;
  private final @Nullable Buffer[] buffers;
  private final int[] readsLeft;

  /**
   * None yet but the sources.
   *
   * @param inputs the arrays in the place of the plan's placeholders
   */
  Values(Plan plan, List<Buffer> inputs) {
    this.slots = plan.slots();
    this.buffers = slots.sources(inputs);
    this.readsLeft = slots.reads();
  }

  /** The memory of a node that was computed, or is a source. */
  Buffer of(Node node) {
    return of(slots.of(node));
  }

  /** The memory of the node of that number. */
  synchronized Buffer of(int slot) {
    Buffer buffer = buffers[slot];
    if (buffer == null) {
      throw new AssertionError("not computed: " + slots.node(slot));
    }
    return buffer;
  }

  /** The results' memory. */
  List<Buffer> results() {
    List<Buffer> results = new ArrayList<>();
    for (int slot : slots.results()) {
      results.add(of(slot));
    }
    return results;
  }

  /** Memory for what is computed next. */
  void allocate(int[] targets, Memory where) {
    for (int slot : targets) {
      Node target = slots.node(slot);
      Buffer buffer = where.allocate(target.bytes());
      synchronized (this) {
        buffers[slot] = buffer;
      }
    }
  }

  /** Sees to it that some values stay; whoever calls unpins what is added to the list. */
  void hold(int[] some, List<Buffer> held) {
    for (int slot : some) {
      Buffer buffer = of(slot);
      buffer.hold();
      held.add(buffer);
    }
  }

  /**
   * Gives back what was read for the last time, and results that nobody reads.
   *
   * @param targets what has been computed
   * @param reads what has been read, once for each step that did
   */
  void releaseAfter(int[] targets, int[] reads) {
    // A device may have to be asked; nobody else waits meanwhile.
    for (Buffer unwanted : unwanted(targets, reads)) {
      unwanted.release();
    }
  }

  private synchronized List<Buffer> unwanted(int[] targets, int[] reads) {
    List<Buffer> unwanted = new ArrayList<>();
    for (int slot : targets) {
      if (readsLeft[slot] == 0) {
        take(slot, unwanted);
      }
    }
    for (int slot : reads) {
      if (--readsLeft[slot] == 0) {
        take(slot, unwanted);
      }
    }
    return unwanted;
  }

  private void take(int slot, List<Buffer> taken) {
    Buffer buffer = buffers[slot];
    if (buffer != null && !(slots.node(slot).op() instanceof Op.Source)) {
      buffers[slot] = null;
      taken.add(buffer);
    }
  }

  /** Gives everything back; nothing runs any more. */
  synchronized void releaseAll() {
    List<Buffer> all = new ArrayList<>();
    for (int slot = 0; slot < buffers.length; slot++) {
      take(slot, all);
    }
    all.forEach(Buffer::release);
  }
}
