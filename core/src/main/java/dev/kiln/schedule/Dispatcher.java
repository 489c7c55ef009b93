package dev.kiln.schedule;

import dev.kiln.KilnException;
import dev.kiln.spi.Workers;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One pool of threads for everything that an engine computes. The thread that asks works too, so an
 * engine of n threads keeps n − 1 of its own, and one of a single thread none at all.
 */
public final class Dispatcher implements Workers, AutoCloseable {
  /** About what it takes to wake a thread; spinning much longer would take cores from others. */
  private static final long SPIN_NANOS = 50_000;

  private final int count;
  private final Thread[] threads;
  private final ConcurrentLinkedQueue<Job> jobs = new ConcurrentLinkedQueue<>();
  private final Semaphore tickets = new Semaphore(0);
  private volatile boolean closed;

  /** Starts the threads; {@code count} includes the caller's and is at least 1. */
  public Dispatcher(int count) {
    if (count < 1) {
      throw new KilnException("an engine of " + count + " threads; expected at least 1");
    }
    this.count = count;
    this.threads = new Thread[count - 1];
    for (int i = 0; i < threads.length; i++) {
      int worker = i + 1;
      threads[i] =
          Thread.ofPlatform().daemon().name("kiln-worker-" + worker).start(() -> work(worker));
    }
  }

  @Override
  public int count() {
    return count;
  }

  @Override
  public void forEach(long chunks, Task task) {
    Job job = new Job(chunks, task);
    int helpers = (int) Math.min(count - 1, chunks - 1);
    for (int i = 0; i < helpers; i++) {
      jobs.add(job);
    }
    if (helpers > 0) {
      tickets.release(helpers);
    }
    job.work(0, true);
    // Copies of the job that nobody took up by now find no chunk left and end at once.
    job.awaitDone();
  }

  @Override
  public void close() {
    closed = true;
    tickets.release(threads.length);
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void work(int worker) {
    while (true) {
      if (!spinForTicket()) {
        tickets.acquireUninterruptibly();
      }
      Job job = jobs.poll();
      if (job != null) {
        job.work(worker, false);
      } else if (closed) {
        return;
      }
    }
  }

  /**
   * Waits a moment for the next job, awake; it often follows at once, and waking a thread takes
   * longer.
   */
  private boolean spinForTicket() {
    long deadline = System.nanoTime() + SPIN_NANOS;
    while (!tickets.tryAcquire()) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      Thread.onSpinWait();
    }
    return true;
  }

  /** The chunks of one {@link #forEach}. */
  private static final class Job {
    private final long chunks;
    private final Task task;
    private final AtomicLong next = new AtomicLong();
    private final AtomicInteger active = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final Thread caller = Thread.currentThread();
    private volatile boolean interrupted;

    Job(long chunks, Task task) {
      this.chunks = chunks;
      this.task = task;
    }

    void work(int worker, boolean isCaller) {
      active.incrementAndGet();
      try {
        for (long chunk = next.getAndIncrement(); chunk < chunks; chunk = next.getAndIncrement()) {
          task.run(chunk, worker);
          if (isCaller && caller.isInterrupted()) {
            stop();
          }
        }
      } catch (Throwable e) {
        failure.compareAndSet(null, e);
        next.set(chunks);
      } finally {
        if (active.decrementAndGet() == 0 && !isCaller) {
          LockSupport.unpark(caller);
        }
      }
    }

    /** Returns when no worker is in a chunk and none will begin one. */
    void awaitDone() {
      long deadline = System.nanoTime() + SPIN_NANOS;
      while (active.get() > 0) {
        if (caller.isInterrupted()) {
          // A parked thread that is interrupted does not park again, so look once more and wait
          // actively.
          stop();
          Thread.onSpinWait();
        } else if (System.nanoTime() < deadline) {
          Thread.onSpinWait();
        } else {
          LockSupport.park(this);
        }
      }
      Throwable first = failure.get();
      if (first instanceof RuntimeException e) {
        throw e;
      }
      if (first instanceof Error e) {
        throw e;
      }
      if (interrupted) {
        throw new KilnException("interrupted: the computation was stopped before it was complete");
      }
    }

    private void stop() {
      if (next.getAndSet(chunks) < chunks) {
        interrupted = true;
      }
    }
  }
}
