package dev.kiln.graph;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;

/**
 * A table that holds every living node once, and none of them alive.
 *
 * <p>Striped: each stripe is a small open hash table of weak references under its own lock, swept
 * of cleared references as it is used.
 */
final class Interner {
  private static final int STRIPES = 32;

  private final Stripe[] stripes = new Stripe[STRIPES];

  Interner() {
    for (int i = 0; i < STRIPES; i++) {
      stripes[i] = new Stripe();
    }
  }

  /** The node that means the same as the candidate: one met before, or the candidate itself. */
  Node intern(Node candidate) {
    int hash = candidate.meaningHash();
    return stripes[(hash >>> 27) & (STRIPES - 1)].intern(candidate, hash);
  }

  private static final class Entry extends WeakReference<Node> {
    final int hash;
    @org.jspecify.annotations.Nullable Entry next;

    Entry(
        Node node,
        int hash,
        ReferenceQueue<Node> queue,
        @org.jspecify.annotations.Nullable Entry next) {
      super(node, queue);
      this.hash = hash;
      this.next = next;
    }
  }

  private static final class Stripe {
    private final ReferenceQueue<Node> cleared = new ReferenceQueue<>();
    private @org.jspecify.annotations.Nullable Entry[] table = new Entry[64];
    private int size;

    synchronized Node intern(Node candidate, int hash) {
      sweep();
      for (Entry entry = table[hash & (table.length - 1)]; entry != null; entry = entry.next) {
        if (entry.hash == hash) {
          Node node = entry.get();
          if (node != null && node.means(candidate)) {
            return node;
          }
        }
      }
      if (size > table.length) {
        grow();
      }
      int slot = hash & (table.length - 1);
      table[slot] = new Entry(candidate, hash, cleared, table[slot]);
      size++;
      return candidate;
    }

    private void sweep() {
      for (Reference<? extends Node> gone = cleared.poll(); gone != null; gone = cleared.poll()) {
        Entry dead = (Entry) gone;
        int slot = dead.hash & (table.length - 1);
        Entry before = null;
        for (Entry entry = table[slot]; entry != null; entry = entry.next) {
          if (entry == dead) {
            if (before == null) {
              table[slot] = entry.next;
            } else {
              before.next = entry.next;
            }
            size--;
            break;
          }
          before = entry;
        }
      }
    }

    private void grow() {
      @org.jspecify.annotations.Nullable Entry[] old = table;
      table = new Entry[old.length * 2];
      for (Entry head : old) {
        Entry entry = head;
        while (entry != null) {
          Entry next = entry.next;
          int slot = entry.hash & (table.length - 1);
          entry.next = table[slot];
          table[slot] = entry;
          entry = next;
        }
      }
    }
  }
}
