package dev.kiln.cpu.heat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CountDownLatch;

/**
 * Code on its way to being hot, which shows in that calls stop allocating: before that every vector
 * operation makes an object and takes a thousand times longer. For one thread alone.
 */
final class Warming implements AutoCloseable {
  /** Rounds after which the compiler has been asked for all that it will do. */
  private static final int ROUNDS_BEFORE_RESTING = 24;

  /** The rest after a round, which grows: on a busy machine the compiler may take long. */
  private static final long FIRST_REST_NANOS = 200_000;

  private static final long LONGEST_REST_NANOS = 100_000_000;

  // Looked up here: loading it is no work for the start of an engine.
  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final Heatable code;
  private final CountDownLatch done;
  private long allocated;
  private int rounds;
  private int quiet;
  private long rest = FIRST_REST_NANOS;
  private long due = System.nanoTime();

  /** Begins; the latch counts down at the end. */
  Warming(Heatable code, CountDownLatch done) {
    this.code = code;
    this.done = done;
  }

  /** When the next round is worth its while, by {@link System#nanoTime}. */
  long due() {
    return due;
  }

  /** A round, if one is due; true, and the code is in use, where it is hot. */
  boolean round(long now) {
    if (now - due < 0) {
      return false;
    }
    long before = threads.getCurrentThreadAllocatedBytes();
    boolean complete = code.exercise();
    allocated += threads.getCurrentThreadAllocatedBytes() - before;
    if (!complete) {
      return false;
    }
    boolean allocates = allocated > code.tolerated();
    allocated = 0;
    quiet = allocates ? 0 : quiet + 1;
    if (quiet >= code.quietRounds()) {
      code.finish();
      close();
      return true;
    }
    rounds++;
    due = System.nanoTime() + code.rest();
    if (rounds > ROUNDS_BEFORE_RESTING && allocates) {
      due = System.nanoTime() + rest;
      rest = Math.min(LONGEST_REST_NANOS, rest + rest / 8);
    }
    return false;
  }

  @Override
  public void close() {
    code.close();
    done.countDown();
  }
}
