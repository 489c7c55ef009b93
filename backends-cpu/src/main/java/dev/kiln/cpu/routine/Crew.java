package dev.kiln.cpu.routine;

import dev.kiln.KilnException;
import dev.kiln.spi.Workers;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The engine's workers, as routines use them.
 *
 * @param workers the engine's
 */
record Crew(Workers workers) {
  /** A share of a routine. */
  @FunctionalInterface
  interface Work {
    void run(long chunk);
  }

  /** The calling thread alone. */
  static Crew alone() {
    return new Crew(
        new Workers() {
          @Override
          public int count() {
            return 1;
          }

          @Override
          public void forEach(long chunks, Task task) {
            for (long chunk = 0; chunk < chunks; chunk++) {
              task.run(chunk, 0);
            }
          }
        });
  }

  int count() {
    return workers.count();
  }

  /** Does all chunks, in any order; one chunk on the calling thread at once. */
  void forEach(long chunks, Work work) {
    if (chunks == 1) {
      work.run(0);
    } else if (chunks > 1) {
      workers.forEach(chunks, (chunk, worker) -> work.run(chunk));
    }
  }

  /** Does all chunks, in any order; work is told on which worker it is, to choose its memory. */
  void forEach(long chunks, Workers.Task work) {
    if (chunks == 1) {
      work.run(0, 0);
    } else if (chunks > 1) {
      workers.forEach(chunks, work);
    }
  }

  /**
   * Does chunks that may wait for earlier ones: each is begun only after all before it. {@code
   * failed} is called when a chunk has failed, so that no other waits for it.
   */
  void inOrder(long chunks, long most, Work work, Runnable failed) {
    // In stretches, so that an interrupt is noticed between them.
    for (long start = 0; start < chunks; start += most) {
      if (Thread.currentThread().isInterrupted()) {
        throw new KilnException("interrupted: the computation was stopped before it was complete");
      }
      long end = Math.min(chunks, start + most);
      AtomicLong next = new AtomicLong(start);
      forEach(
          Math.min(count(), end - start),
          member -> {
            try {
              for (long c = next.getAndIncrement(); c < end; c = next.getAndIncrement()) {
                work.run(c);
              }
            } catch (RuntimeException | Error e) {
              failed.run();
              throw e;
            }
          });
    }
  }
}
