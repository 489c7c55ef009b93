package dev.kiln.task;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Consecutive inputs that one worker claimed. It takes them one by one, and so may others that have
 * nothing left to claim: a batch that turns out to be long holds nobody up.
 */
final class Batch {
  private final long first;
  private final int size;
  private final @Nullable Object[] values;
  private final AtomicInteger next = new AtomicInteger();

  Batch(long first, int size, @Nullable Object[] values) {
    this.first = first;
    this.size = size;
    this.values = values;
  }

  int size() {
    return size;
  }

  /** The next input that nobody has taken, by its place in the batch, or −1. */
  int take() {
    int k = next.getAndIncrement();
    return k < size ? k : -1;
  }

  boolean isTaken() {
    return next.get() >= size;
  }

  /** The place among all inputs. */
  long index(int k) {
    return first + k;
  }

  /** The input, or, after {@link #put}, what has been made of it. */
  @Nullable Object get(int k) {
    return values[k];
  }

  void put(int k, @Nullable Object value) {
    values[k] = value;
  }
}
