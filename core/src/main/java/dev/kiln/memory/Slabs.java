package dev.kiln.memory;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * Small blocks: slabs of one page, halved until a block fits (a buddy system). Two free halves
 * become one again, so that blocks of one size do not keep memory from blocks of another. Not for
 * several threads at once.
 */
final class Slabs {
  /** The largest block: a whole slab. */
  static final long LARGEST = Pages.PAGE;

  private static final int ORDERS = 16;
  private static final long SMALLEST = Pages.PAGE >> (ORDERS - 1);

  // The last to come is the first to go: it is the likeliest to be in the cache.
  private final List<LinkedHashSet<Long>> free = new ArrayList<>();

  Slabs() {
    for (int order = 0; order < ORDERS; order++) {
      free.add(new LinkedHashSet<>());
    }
  }

  /** The size of the blocks that hold so many bytes. */
  static long blockBytes(long bytes) {
    return SMALLEST << order(bytes);
  }

  /** A block for so many bytes, or 0 where a slab must be {@linkplain #add added} first. */
  long take(long bytes) {
    int wanted = order(bytes);
    int order = wanted;
    while (order < ORDERS && free.get(order).isEmpty()) {
      order++;
    }
    if (order == ORDERS) {
      return 0;
    }
    long block = free.get(order).removeLast();
    while (order > wanted) {
      order--;
      free.get(order).add(block + (SMALLEST << order));
    }
    return block;
  }

  /** Gives a block back. */
  void giveBack(long address, long bytes) {
    int order = order(bytes);
    long block = address;
    while (order < ORDERS - 1 && free.get(order).remove(block ^ (SMALLEST << order))) {
      block &= -(SMALLEST << (order + 1));
      order++;
    }
    free.get(order).add(block);
  }

  /** Adds a slab, all of it free. */
  void add(long address) {
    free.get(ORDERS - 1).add(address);
  }

  /** Takes a slab away that is all free, or 0 for none. */
  long takeWhole() {
    LinkedHashSet<Long> whole = free.get(ORDERS - 1);
    return whole.isEmpty() ? 0 : whole.removeFirst();
  }

  private static int order(long bytes) {
    int order = 0;
    while (SMALLEST << order < bytes) {
      order++;
    }
    return order;
  }
}
