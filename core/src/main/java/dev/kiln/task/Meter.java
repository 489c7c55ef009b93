package dev.kiln.task;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Counts for a listener, and costs nothing where there is none. */
final class Meter {
  private final @Nullable ProgressListener listener;
  private final String name;
  private final long total;
  private final long began = System.nanoTime();
  private final AtomicLong submitted = new AtomicLong();
  private final AtomicLong started = new AtomicLong();
  private final AtomicLong finished = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final AtomicLong batches = new AtomicLong();
  private final ReentrantLock telling = new ReentrantLock();

  /**
   * Creates it.
   *
   * @param total how many tasks there will be, or −1
   */
  Meter(@Nullable ProgressListener listener, String name, long total) {
    this.listener = listener;
    this.name = name;
    this.total = total;
  }

  void claimed(int tasks) {
    count(submitted, tasks);
  }

  void started() {
    count(started, 1);
  }

  /** A task that began was given back, to begin again later. */
  void givenBack() {
    count(started, -1);
  }

  void finished() {
    count(finished, 1);
  }

  void failed() {
    count(failed, 1);
  }

  /** Tells, unless another thread is telling; what it misses is in the next figures. */
  void batchEnded() {
    if (listener == null) {
      return;
    }
    batches.incrementAndGet();
    if (telling.tryLock()) {
      tellLocked(listener);
    }
  }

  /** Tells the last figures. */
  void ended() {
    if (listener == null) {
      return;
    }
    telling.lock();
    tellLocked(listener);
  }

  private void tellLocked(ProgressListener told) {
    try {
      told.update(progress());
    } finally {
      telling.unlock();
    }
  }

  private Progress progress() {
    // Read in this order, so that no figure exceeds one that comes before it.
    long whole = batches.get();
    long bad = failed.get();
    long good = finished.get();
    long begun = started.get();
    return new Progress(
        name,
        total < 0 ? OptionalLong.empty() : OptionalLong.of(total),
        submitted.get(),
        begun,
        good,
        bad,
        whole,
        Duration.ofNanos(System.nanoTime() - began));
  }

  private void count(AtomicLong counter, int tasks) {
    if (listener != null) {
      counter.addAndGet(tasks);
    }
  }
}
