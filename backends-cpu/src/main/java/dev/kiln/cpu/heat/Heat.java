package dev.kiln.cpu.heat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
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

  /** Between two looks at whether work is still running that code leaves the processor to. */
  private static final long LOOK_NANOS = 2_000_000;

  private final When when;

  /** Pieces of work that have begun. */
  private final AtomicLong begun = new AtomicLong();

  /** Pieces of work that are over. */
  private final AtomicLong over = new AtomicLong();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** Guarded by the lock. */
  private final List<Waiting> queue = new ArrayList<>();

  /** Guarded by the lock. */
  private @Nullable Thread thread;

  private volatile boolean closed;

  /**
   * What is to be heated.
   *
   * @param due not before this, by {@link System#nanoTime}
   * @param work how many pieces of work have to be over by then: as many as had begun
   * @param latest when it is heated even so
   */
  private record Waiting(
      Supplier<? extends Heatable> code, CountDownLatch done, long due, long work, long latest) {}

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
    start(code, 0, 0);
  }

  /**
   * Heats code as said, in the background not at once: something else serves until then, and needs
   * the processor and the JIT compiler more.
   *
   * @param code makes it, on the thread that heats
   * @param nanos from now
   * @param longer that it waits for work to be over that is running now
   */
  public void start(Supplier<? extends Heatable> code, long nanos, long longer) {
    switch (when) {
      case ALWAYS, NEVER -> {}
      case BACKGROUND -> {
        long due = System.nanoTime() + nanos;
        add(new Waiting(code, new CountDownLatch(1), due, begun.get(), due + longer));
      }
      case AT_ONCE -> {
        CountDownLatch done = new CountDownLatch(1);
        long now = System.nanoTime();
        add(new Waiting(code, done, now, 0, now));
        await(done);
      }
    }
  }

  /** Work begins. */
  public void begin() {
    begun.incrementAndGet();
  }

  /** Work that has begun is over. */
  public void end() {
    over.incrementAndGet();
  }

  private static void await(CountDownLatch done) {
    try {
      // Who is late is not waited for; it is heated all the same.
      boolean _ = done.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the caller's, for the caller to see
    }
  }

  private void add(Waiting waiting) {
    lock.lock();
    try {
      if (closed) {
        waiting.done().countDown();
        return;
      }
      queue.add(waiting);
      changed.signal();
      // Code that throws ends the thread, and is shown by the JVM; the rest goes on with the next.
      if (thread == null || !thread.isAlive()) {
        thread = Thread.ofPlatform().name("kiln-cpu-heat").daemon().start(this::work);
      }
    } finally {
      lock.unlock();
    }
  }

  private void work() {
    List<Warming> active = new ArrayList<>();
    SegmentClasses.initialise();
    try {
      while (!closed) {
        next(active).ifPresent(w -> active.add(new Warming(w.code().get(), w.done())));
        long now = System.nanoTime();
        active.removeIf(warming -> warming.round(now));
      }
    } catch (InterruptedException e) {
      // Closed: the thread ends here, and nobody asks for its interrupt flag.
    } finally {
      active.forEach(Warming::close);
    }
  }

  /** The next that is due; none where one of the active is before that. */
  private Optional<Waiting> next(List<Warming> active) throws InterruptedException {
    lock.lock();
    try {
      Optional<Waiting> next = due();
      while (next.isEmpty()) {
        long nanos = untilDue(active);
        if (nanos <= 0) {
          break;
        }
        long _ = changed.awaitNanos(nanos);
        next = due();
      }
      next.ifPresent(queue::remove);
      return next;
    } finally {
      lock.unlock();
    }
  }

  /** Until one of the active is due, or another look at the queue is worth it. */
  private long untilDue(List<Warming> active) {
    long now = System.nanoTime();
    long nanos = Long.MAX_VALUE;
    for (Warming warming : active) {
      nanos = Math.min(nanos, warming.due() - now);
    }
    for (Waiting waiting : queue) {
      nanos = Math.min(nanos, Math.max(LOOK_NANOS, waiting.due() - now));
    }
    return nanos;
  }

  private Optional<Waiting> due() {
    long now = System.nanoTime();
    long done = over.get();
    return queue.stream()
        .filter(w -> now - w.due() >= 0 && (done >= w.work() || now - w.latest() >= 0))
        .findFirst();
  }

  /** Heating ends soon. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      if (thread != null) {
        thread.interrupt();
      }
    } finally {
      lock.unlock();
    }
  }
}
