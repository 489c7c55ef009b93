package dev.kiln.spi;

/** The threads of an engine, on which every backend's CPU work runs. */
public interface Workers {
  /** The number of threads that work at once, the caller's included; at least 1. */
  int count();

  /**
   * Calls {@code task.run(chunk, worker)} once for each chunk in {@code [0, chunks)}, in any order,
   * on all workers and the calling thread, and returns when all are done.
   *
   * <p>The first failure stops the rest and arrives here with its own type. An interrupt of the
   * caller stops the work soon: {@link dev.kiln.KilnException}, the caller's interrupt flag set.
   */
  void forEach(long chunks, Task task);

  /** A share of a launch. */
  @FunctionalInterface
  interface Task {
    /**
     * Does one chunk.
     *
     * @param chunk which
     * @param worker in {@code [0, count())}; no two chunks of one {@code forEach} run with the same
     *     worker at once, so it may choose scratch memory
     */
    void run(long chunk, int worker);
  }
}
