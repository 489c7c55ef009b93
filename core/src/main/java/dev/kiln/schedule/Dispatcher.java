package dev.kiln.schedule;

import dev.kiln.KilnException;
import dev.kiln.spi.Workers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One pool of threads for everything that an engine computes: chunks of kernels and users' tasks.
 * The thread that asks works too, so an engine of n threads keeps n − 1 of its own, and one of a
 * single thread none at all.
 *
 * <p>Work is offered by invitation: a worker with nothing else to do comes and helps. Whoever
 * invites never depends on it, since it can do everything itself; and a worker takes up an
 * invitation only when it has nothing else on its stack. So whoever waits, waits for threads that
 * are at work on what it began, and work within work cannot lock up, however many threads there
 * are.
 */
public final class Dispatcher implements Workers, AutoCloseable {
  /** About what it takes to wake a thread; spinning much longer would take cores from others. */
  private static final long SPIN_NANOS = 50_000;

  /** No pool has more. */
  public static final int MOST = 4096;

  /** What {@link #close()} waits for a worker to end. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final String INTERRUPTED =
      "interrupted: the computation was stopped before it was complete";

  private static final String CLOSED =
      "stopped: the engine is closed; open another with Engine.builder().build() and compute there";

  private final int count;
  private final Thread[] threads;
  private final ConcurrentLinkedQueue<Helping> invitations = new ConcurrentLinkedQueue<>();
  private final Set<Ongoing> ongoing = ConcurrentHashMap.newKeySet();
  private final Semaphore tickets = new Semaphore(0);
  private final AtomicInteger idle = new AtomicInteger();
  private volatile boolean closed;

  /** What a worker that has nothing else to do may take up. */
  @FunctionalInterface
  public interface Helping {
    /**
     * Helps until nothing is left to do; anything thrown would be a fault of Kiln.
     *
     * @param worker the number of the worker, from 1 to {@code count() - 1}
     */
    void help(int worker);
  }

  /** Work that lasts, and is stopped when the pool closes. */
  @FunctionalInterface
  public interface Ongoing {
    /** Makes it end soon, with that error. */
    void stop(KilnException why);
  }

  /** Starts the threads; {@code count} includes the caller's, and is 1 to {@link #MOST}. */
  public Dispatcher(int count) {
    if (count < 1 || count > MOST) {
      throw new KilnException(
          "an engine of " + count + " threads; expected at least 1 and at most " + MOST);
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
    checkOpen();
    Job job = new Job(chunks, task);
    int helpers = (int) Math.min(count - 1, chunks - 1);
    invite(helpers, job);
    job.work(0, true);
    if (helpers > 0) {
      withdraw(job);
    }
    job.awaitDone();
  }

  /** Whether it takes on nothing any more. */
  public boolean isClosed() {
    return closed;
  }

  /** Asks that many workers to help, whenever they have nothing else to do. */
  public void invite(int helpers, Helping work) {
    for (int i = 0; i < helpers; i++) {
      invitations.add(work);
    }
    if (helpers > 0) {
      tickets.release(helpers);
    }
  }

  /**
   * Takes back the invitations that nobody has taken up; tasks that launch many kernels while all
   * workers are busy would pile them up.
   *
   * @return how many
   */
  public int withdraw(Helping work) {
    int withdrawn = 0;
    while (invitations.remove(work)) {
      withdrawn++;
      // A worker that is just being woken keeps its ticket: it finds nothing, and stays awake for
      // what follows.
      if (idle.get() == 0) {
        tickets.tryAcquire();
      }
    }
    return withdrawn;
  }

  /**
   * Notes lasting work, which is stopped if the pool closes before {@link #leave}.
   *
   * @throws KilnException where the pool is closed
   */
  public void enter(Ongoing work) {
    ongoing.add(work);
    if (closed) {
      ongoing.remove(work);
      checkOpen();
    }
  }

  /** The end of what {@link #enter} noted. */
  public void leave(Ongoing work) {
    ongoing.remove(work);
  }

  /**
   * Begins the end: nothing new is taken on, what runs is told to stop. Returns at once.
   *
   * @throws KilnException where the calling thread is one of the pool's own
   */
  public void stop() {
    for (Thread thread : threads) {
      if (thread == Thread.currentThread()) {
        throw new KilnException(
            "an engine cannot be closed by a task that it runs; close it where it was opened");
      }
    }
    closed = true;
    for (Ongoing work : ongoing) {
      work.stop(new KilnException(CLOSED));
    }
    tickets.release(threads.length);
  }

  /** Stops what runs and waits for the threads, ten seconds at most. */
  @Override
  public void close() {
    stop();
    List<Thread> left = await(PATIENCE);
    if (!left.isEmpty()) {
      throw stillAtWork(left, PATIENCE);
    }
  }

  /** Waits until the threads have ended; those that have not within that time. */
  public List<Thread> await(Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    List<Thread> left = new ArrayList<>();
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive() && System.nanoTime() < deadline) {
        try {
          thread.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (thread.isAlive()) {
        left.add(thread);
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return left;
  }

  /** What is to be said of threads that did not end. */
  public static KilnException stillAtWork(List<Thread> left, Duration patience) {
    StringBuilder text = new StringBuilder();
    text.append("closed, but after ").append(patience.toMillis()).append(" ms still at work:");
    for (Thread thread : left) {
      StackTraceElement[] stack = thread.getStackTrace();
      text.append(' ').append(thread.getName());
      text.append(stack.length == 0 ? "" : " (at " + stack[0] + ")");
    }
    return new KilnException(
        text
            + "; a task should end soon after its thread is interrupted. These threads end with"
            + " it");
  }

  private void checkOpen() {
    if (closed) {
      throw new KilnException(CLOSED);
    }
  }

  private void work(int worker) {
    while (true) {
      idle.incrementAndGet();
      if (!spinForTicket()) {
        tickets.acquireUninterruptibly();
      }
      idle.decrementAndGet();
      Helping work = invitations.poll();
      if (work != null) {
        work.help(worker);
        // Whoever interrupted this thread meant what it was doing.
        Thread.interrupted();
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
  private final class Job implements Helping {
    private final Shares shares;
    private final Task task;
    private final AtomicInteger active = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final Thread caller = Thread.currentThread();
    private volatile @Nullable String stopped;

    Job(long chunks, Task task) {
      this.shares = new Shares(chunks, count);
      this.task = task;
    }

    @Override
    public void help(int worker) {
      work(worker, false);
    }

    void work(int worker, boolean isCaller) {
      active.incrementAndGet();
      try {
        for (long chunk = shares.take(worker); chunk >= 0; chunk = shares.take(worker)) {
          task.run(chunk, worker);
          if (isCaller && caller.isInterrupted()) {
            stop(INTERRUPTED);
          }
          if (closed) {
            stop(CLOSED);
          }
        }
      } catch (Throwable e) {
        failure.compareAndSet(null, e);
        shares.close();
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
          stop(INTERRUPTED);
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
      if (stopped != null) {
        throw new KilnException(stopped);
      }
    }

    private void stop(String why) {
      if (shares.close()) {
        stopped = why;
      }
    }
  }
}
