package dev.kiln.schedule;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Chunks in shares, one for each worker: it takes those of its own share one after another, then
 * what is left of the others'. So each works through memory of its own, which neighbours that are
 * dealt out in turn do not.
 */
final class Shares {
  /** From one share's counter to the next one's: no two in lines that are fetched together. */
  private static final int APART = 16;

  private final long chunks;
  private final int count;
  private final AtomicLongArray next;

  /** As many shares as workers, or as chunks where these are fewer. */
  Shares(long chunks, int workers) {
    this.chunks = chunks;
    this.count = (int) Math.min(chunks, workers);
    this.next = new AtomicLongArray(count * APART);
    for (int share = 0; share < count; share++) {
      next.set(share * APART, start(share));
    }
  }

  private long start(int share) {
    return chunks / count * share + Math.min(share, chunks % count);
  }

  /** A chunk that nobody has taken; −1 where none is left. */
  long take(int worker) {
    for (int k = 0; k < count; k++) {
      int share = (worker + k) % count;
      long end = start(share + 1);
      if (next.get(share * APART) < end) {
        long chunk = next.getAndIncrement(share * APART);
        if (chunk < end) {
          return chunk;
        }
      }
    }
    return -1;
  }

  /** Leaves nothing to take; whether there was something. */
  boolean close() {
    boolean left = false;
    for (int share = 0; share < count; share++) {
      long end = start(share + 1);
      left |= next.getAndSet(share * APART, end) < end;
    }
    return left;
  }
}
