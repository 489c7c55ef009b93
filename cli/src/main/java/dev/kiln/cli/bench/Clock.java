package dev.kiln.cli.bench;

import com.sun.management.ThreadMXBean;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/** Times calls, in seconds. */
public final class Clock {
  /** The most time that is spent on warming one call up. */
  private static final double PATIENCE = 10;

  /** As many windows in a row must bring no better time. */
  private static final int STILL = 5;

  private static final double BETTER = 0.97;

  /** The part of a window that the JIT compiler may take for what doesn't matter. */
  private static final double BUSY = 0.1;

  /** What a window allocates by itself. */
  private static final long BOOKKEEPING = 1 << 16;

  private Clock() {}

  /** The time of one call. */
  public static double once(Runnable call) {
    long start = System.nanoTime();
    call.run();
    return (System.nanoTime() - start) / 1e9;
  }

  /** The bytes that one call allocates on the calling thread. */
  public static long allocated(Runnable call) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    call.run();
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  /** The best time of the calls that fit into so many seconds, of one at least. */
  public static double best(Runnable call, double seconds) {
    return times(call, seconds, 1)[0];
  }

  /** The times, sorted, of the calls that fit into so many seconds, of so many at least. */
  public static double[] times(Runnable call, double seconds, int atLeast) {
    double[] times = new double[Math.max(atLeast, 64)];
    int count = 0;
    for (double spent = 0; spent < seconds || count < atLeast; count++) {
      if (count == times.length) {
        times = Arrays.copyOf(times, 2 * count);
      }
      times[count] = once(call);
      spent += times[count];
    }
    times = Arrays.copyOf(times, count);
    Arrays.sort(times);
    return times;
  }

  /** The median of sorted times. */
  public static double median(double[] sorted) {
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  /**
   * Calls until the best time of a window no longer falls and the JIT compiler, which works in the
   * background, is done.
   *
   * @param window its length in seconds
   */
  public static void warm(Runnable call, double window) {
    warm(call, window, Long.MAX_VALUE);
  }

  /**
   * {@link #warm(Runnable, double)}, and until a call allocates no more than so many bytes on the
   * calling thread: vector code that is not compiled yet, or not well, allocates an object for each
   * operation.
   *
   * @return whether it came to that
   */
  public static boolean warm(Runnable call, double window, long bytes) {
    CompilationMXBean jit = ManagementFactory.getCompilationMXBean();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    double best = Double.POSITIVE_INFINITY;
    double spent = 0;
    int still = 0;
    while (still < STILL && spent < PATIENCE) {
      long compiled = jit.getTotalCompilationTime();
      long allocated = threads.getCurrentThreadAllocatedBytes();
      double[] times = times(call, window, 2);
      allocated = threads.getCurrentThreadAllocatedBytes() - allocated - BOOKKEEPING;
      double compiling = (jit.getTotalCompilationTime() - compiled) / 1e3;
      double length = Arrays.stream(times).sum();
      boolean falls = times[0] < BETTER * best || compiling > BUSY * length;
      still = falls || allocated / times.length > bytes ? 0 : still + 1;
      best = Math.min(best, times[0]);
      spent += length;
    }
    return still == STILL;
  }
}
