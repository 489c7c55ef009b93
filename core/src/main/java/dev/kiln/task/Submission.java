package dev.kiln.task;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A delayed value that is being computed by helpers. Whoever waits for it does tasks where no
 * helper is at work, so it ends even if no worker ever becomes free, or there is none. One with a
 * limit of time does not, since a task that it has begun would hold it up, unless nobody else may
 * ever come: where there is no worker, or where it is in a task itself and all workers may wait as
 * it does.
 */
final class Submission<T extends @Nullable Object> implements Future<T> {
  /** How often one who waits looks whether helpers have all left. */
  private static final long LOOK_MILLIS = 5;

  /** What one in a task, with a limit, waits for a worker: time to wake one on a busy machine. */
  private static final long HELP_NANOS = 50_000_000;

  private final GraphRun run;
  private final Watch watch;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final AtomicBoolean ending = new AtomicBoolean();
  private final ReentrantLock callersSeat = new ReentrantLock();
  private volatile boolean cancelled;
  private volatile @Nullable Throwable failure;

  Submission(Settings settings, Crew crew, TaskGraph graph) {
    run = new GraphRun(settings, crew, graph, Seat.Sitter.WAITER, this::endIfOver);
    watch = run.begin();
    // From here on others see this object.
    run.invite();
    endIfOver();
  }

  /** Ends it once everything is computed, or it has stopped and nobody is at a task any more. */
  private void endIfOver() {
    // In this order: after a stop nobody begins, so whoever is not at work then never will be.
    boolean over =
        run.isDone()
            || (run.team().hasStopped() && !run.team().hasHelp() && !callersSeat.isLocked());
    if (over && ending.compareAndSet(false, true)) {
      run.team().dismiss();
      watch.close();
      failure = run.end();
      ended.countDown();
    }
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    if (ended.getCount() == 0) {
      return false;
    }
    boolean first = run.team().fail(new Failure(new CancellationException("cancelled"), null));
    cancelled |= first;
    endIfOver();
    return first;
  }

  @Override
  public boolean isCancelled() {
    return cancelled;
  }

  @Override
  public boolean isDone() {
    return cancelled || ended.getCount() == 0;
  }

  @Override
  public T get() throws InterruptedException, ExecutionException {
    boolean there = false;
    while (!cancelled && !there) {
      there = waitOrWork(Long.MAX_VALUE, true);
    }
    return result();
  }

  @Override
  public T get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    long start = System.nanoTime();
    long limit = unit.toNanos(timeout);
    long patience = isDone() ? 0 : patience(limit);
    while (!cancelled) {
      long waited = System.nanoTime() - start;
      long left = limit - waited;
      if (waitOrWork(Math.max(0, left), left > 0 && waited >= patience)) {
        break;
      }
      if (left <= 0) {
        throw new TimeoutException(
            "not computed within " + timeout + " " + unit + "; it goes on, unless it is cancelled");
      }
    }
    return result();
  }

  /** How long one with a limit leaves everything to workers, in nanoseconds. */
  private long patience(long limit) {
    if (!run.team().mayHaveHelp()) {
      return 0;
    }
    return isInTask() ? Math.min(limit / 2, HELP_NANOS) : Long.MAX_VALUE;
  }

  /** Whether the calling thread is in a task of any call, which its stack tells. */
  private static boolean isInTask() {
    return StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
        .walk(frames -> frames.anyMatch(frame -> frame.getDeclaringClass().equals(Team.class)));
  }

  /**
   * Waits a little, or does a task if it may and nobody else does; whether the end has come.
   *
   * @throws InterruptedException which is this thread's affair: the computation goes on
   */
  private boolean waitOrWork(long nanos, boolean mayWork) throws InterruptedException {
    // It may have been stopped while nobody was at work, who would have ended it.
    endIfOver();
    if (ended.getCount() == 0) {
      return true;
    }
    if (Thread.interrupted()) {
      throw new InterruptedException("while waiting for a delayed value");
    }
    if (mayWork && !run.team().hasHelp() && callersSeat.tryLock()) {
      try {
        run.takePartOnce();
      } finally {
        callersSeat.unlock();
        endIfOver();
      }
      return ended.getCount() == 0;
    }
    run.invite();
    return ended.await(
        Math.min(nanos, TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS)), TimeUnit.NANOSECONDS);
  }

  @SuppressWarnings({"unchecked", "NullAway"}) // The root's value: null only where T has it.
  private T result() throws ExecutionException {
    if (cancelled) {
      throw new CancellationException("cancelled");
    }
    Throwable thrown = failure;
    if (thrown != null) {
      throw new ExecutionException(thrown.getMessage(), thrown);
    }
    return (T) run.results().getFirst();
  }
}
