package dev.kiln.cpu;

import dev.kiln.spi.Memory;
import dev.kiln.spi.Workers;

/** What executables work with: threads, memory, loops, and scratch for each chunk of work. */
record Machine(Workers workers, Memory memory, Loops loops, Pool<Scratch> scratch) {
  /** A part of a launch. */
  @FunctionalInterface
  interface Work {
    /** Does one chunk, with scratch of the size asked for. */
    void run(long chunk, Scratch scratch);
  }

  /** Does all chunks, each with that much scratch; one chunk on the calling thread at once. */
  void forEach(long chunks, long scratchBytes, Work work) {
    if (chunks == 1) {
      withScratch(0, scratchBytes, work);
    } else if (chunks > 1) {
      workers.forEach(chunks, (chunk, worker) -> withScratch(chunk, scratchBytes, work));
    }
  }

  /** The same machine with the calling thread alone. */
  Machine onCallingThread() {
    return new Machine(new CallingThread(), memory, loops, scratch);
  }

  /** Parts to cut work into, so that every worker gets a few; one alone needs no more than one. */
  long parts() {
    return workers.count() == 1 ? 1 : 4L * workers.count();
  }

  private void withScratch(long chunk, long bytes, Work work) {
    // Several callers may use the workers at once, so a worker's number does not own scratch.
    Scratch mine = scratch.take();
    mine.begin(bytes);
    work.run(chunk, mine);
    // After a failure the scratch is left to the garbage collector.
    scratch.give(mine);
  }

  static long ceilDiv(long a, long b) {
    return (a + b - 1) / b;
  }
}
