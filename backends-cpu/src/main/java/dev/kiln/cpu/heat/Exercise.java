package dev.kiln.cpu.heat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.BooleanSupplier;

/**
 * Calls vector code until it is hot, which shows in that calls stop allocating: before that every
 * vector operation makes an object and takes a thousand times longer.
 */
final class Exercise {
  private static final int CALLS_A_ROUND = 100;
  private static final int QUIET_ROUNDS = 3;

  /**
   * Rounds after which the compiler has been asked for all it will do, so that waiting is better
   * than running.
   */
  private static final int ROUNDS_BEFORE_RESTING = 60;

  private static final long REST_MILLIS = 1;

  // Loaded when something is first heated: it is no work for the start of an engine.
  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final BooleanSupplier closed;

  Exercise(BooleanSupplier closed) {
    this.closed = closed;
  }

  /**
   * Whether code is hot in so much of this thread's own time: on a busy machine the compiler gets
   * as little as it does. Rests count for as long as they were meant to be. False too where heating
   * is closed.
   *
   * @throws InterruptedException while it rested
   */
  boolean heats(Heatable code, long patienceNanos) throws InterruptedException {
    long deadline = threads.getCurrentThreadCpuTime() + patienceNanos;
    int quiet = 0;
    long rested = 0;
    for (int round = 0; quiet < QUIET_ROUNDS; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int call = 0; call < CALLS_A_ROUND; call++) {
        code.exercise();
      }
      long allocated = threads.getCurrentThreadAllocatedBytes() - before;
      quiet = allocated < 8 * CALLS_A_ROUND ? quiet + 1 : 0;
      if (closed.getAsBoolean() || threads.getCurrentThreadCpuTime() + rested > deadline) {
        return false;
      }
      if (round > ROUNDS_BEFORE_RESTING && quiet == 0) {
        Thread.sleep(REST_MILLIS);
        rested += REST_MILLIS * 1_000_000;
      }
    }
    return true;
  }
}
