package dev.kiln.cpu.heat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes vector code fast before it is used, on a thread of its own: all that is waiting in turns,
 * so that the JIT compiler always has something to do. Nothing is given up; what takes long is
 * looked at in ever longer intervals.
 */
public final class Heat implements AutoCloseable {
  /** When vector code runs. */
  public enum When {
    /** From the first call on. */
    ALWAYS,
    /** When it is hot; who asks for it waits for that. */
    AT_ONCE,
    /** When it is hot. */
    BACKGROUND,
    /** Never: what serves until then serves for good. */
    NEVER
  }

  /** The longest wait of {@link When#AT_ONCE}. */
  private static final long PATIENCE_SECONDS = 10;

  private final When when;
  private final DelayQueue<Waiting> queue = new DelayQueue<>();
  private volatile boolean closed;

  /** Guarded by this. */
  private @Nullable Thread thread;

  /**
   * What is to be heated.
   *
   * @param due not before this, by {@link System#nanoTime}
   */
  private record Waiting(Supplier<? extends Heatable> code, CountDownLatch done, long due)
      implements Delayed {
    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(due - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.compare(due - ((Waiting) other).due, 0);
    }
  }

  /** Heats as said. */
  public Heat(When when) {
    this.when = when;
  }

  /** When vector code runs. */
  public When when() {
    return when;
  }

  /**
   * Heats code as said.
   *
   * @param code makes it, on the thread that heats
   */
  public void start(Supplier<? extends Heatable> code) {
    start(code, 0);
  }

  /**
   * Heats code as said, in the background not at once: something else serves until then, and needs
   * the processor and the JIT compiler more.
   *
   * @param code makes it, on the thread that heats
   * @param nanos from now
   */
  public void start(Supplier<? extends Heatable> code, long nanos) {
    switch (when) {
      case ALWAYS, NEVER -> {}
      case BACKGROUND -> add(new Waiting(code, new CountDownLatch(1), System.nanoTime() + nanos));
      case AT_ONCE -> {
        Waiting waiting = new Waiting(code, new CountDownLatch(1), System.nanoTime());
        add(waiting);
        await(waiting.done());
      }
    }
  }

  private static void await(CountDownLatch done) {
    try {
      // Who is late is not waited for; it is heated all the same.
      boolean _ = done.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the caller's, for the caller to see
    }
  }

  private synchronized void add(Waiting waiting) {
    if (closed) {
      waiting.done().countDown();
      return;
    }
    queue.add(waiting);
    // Code that throws ends the thread, and is shown by the JVM; the rest goes on with the next.
    if (thread == null || !thread.isAlive()) {
      thread = Thread.ofPlatform().name("kiln-cpu-heat").daemon().start(this::work);
    }
  }

  private void work() {
    List<Warming> active = new ArrayList<>();
    SegmentClasses.initialise();
    try {
      while (!closed) {
        Waiting next =
            active.isEmpty() ? queue.take() : queue.poll(rest(active), TimeUnit.NANOSECONDS);
        if (next != null) {
          active.add(new Warming(next.code().get(), next.done()));
        }
        long now = System.nanoTime();
        active.removeIf(warming -> warming.round(now));
      }
    } catch (InterruptedException e) {
      // Closed: the thread ends here, and nobody asks for its interrupt flag.
    } finally {
      active.forEach(Warming::close);
    }
  }

  /** Until the next one is due. */
  private static long rest(List<Warming> active) {
    long now = System.nanoTime();
    return active.stream().mapToLong(warming -> warming.due() - now).min().orElse(0);
  }

  /** Heating ends soon. */
  @Override
  public synchronized void close() {
    closed = true;
    if (thread != null) {
      thread.interrupt();
    }
  }
}
