package dev.kiln.task;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** Where the results of a stream wait for its consumer. A null result is {@link #NULL} here. */
sealed interface Results {
  /** Stands for null. */
  Object NULL = new Object();

  /** Called by the tasks. */
  void put(long index, @Nullable Object result);

  /** Called by the consumer: the next result, or null if it is not there yet. */
  @Nullable Object poll();

  /** Whether {@link #poll} would give one. */
  boolean isReady();

  static Object nonNull(@Nullable Object result) {
    return result == null ? NULL : result;
  }

  /** In the order of the inputs; no more than {@code bound} wait at once. */
  final class Ordered implements Results {
    private final AtomicReferenceArray<@Nullable Object> ring;
    private long next;

    Ordered(int bound) {
      ring = new AtomicReferenceArray<>(bound);
    }

    @Override
    public void put(long index, @Nullable Object result) {
      ring.set((int) (index % ring.length()), nonNull(result));
    }

    @Override
    public @Nullable Object poll() {
      Object result = ring.getAndSet((int) (next % ring.length()), null);
      if (result != null) {
        next++;
      }
      return result;
    }

    @Override
    public boolean isReady() {
      return ring.get((int) (next % ring.length())) != null;
    }
  }

  /** In the order in which they are done. */
  final class AsCompleted implements Results {
    private final ConcurrentLinkedQueue<Object> queue = new ConcurrentLinkedQueue<>();

    @Override
    public void put(long index, @Nullable Object result) {
      queue.add(nonNull(result));
    }

    @Override
    public @Nullable Object poll() {
      return queue.poll();
    }

    @Override
    public boolean isReady() {
      return !queue.isEmpty();
    }
  }
}
