package dev.kiln.task;

import dev.kiln.KilnException;
import java.time.Duration;
import java.util.function.Predicate;

/**
 * When a failed task is tried again. The wait doubles from one attempt to the next; the worker
 * sleeps through it, so give work that waits a {@link Parallel#blocking} of its own.
 *
 * {@snippet file="dev/kiln/examples/ParallelTour.java" region="retry"}
 *
 * @param attempts how often it is tried in all, at least 1
 * @param first what is waited after the first attempt
 * @param longest the most that is waited between two attempts
 * @param when which failures are worth another attempt
 */
public record Retry(
    int attempts, Duration first, Duration longest, Predicate<? super Exception> when) {
  /** Never again. */
  static final Retry NEVER = new Retry(1, Duration.ZERO, Duration.ZERO, failure -> false);

  /** Checks the numbers. */
  public Retry {
    if (attempts < 1 || first.isNegative() || longest.isNegative()) {
      throw new KilnException(
          attempts
              + " attempts, with waits of "
              + first
              + " to "
              + longest
              + "; expected at least one attempt and no negative wait");
    }
  }

  /** Up to that many attempts in all, after failures of that type, with no wait between them. */
  public static Retry of(int attempts, Class<? extends Exception> type) {
    return new Retry(attempts, Duration.ZERO, Duration.ofMinutes(1), type::isInstance);
  }

  /** The same with waits: the first that long, each twice the one before, a minute at most. */
  public Retry backoff(Duration first) {
    return new Retry(attempts, first, longest, when);
  }

  /** The same with no wait above that. */
  public Retry atMost(Duration wait) {
    return new Retry(attempts, first, wait, when);
  }

  /** Whether to try again after that attempt, counted from 1. */
  boolean again(int attempt, Exception failure) {
    return attempt < attempts && when.test(failure);
  }

  /** What to wait after that attempt, counted from 1. */
  Duration after(int attempt) {
    long factor = 1L << Math.min(attempt - 1, 30);
    boolean beyond = !first.isZero() && first.compareTo(longest.dividedBy(factor)) > 0;
    return beyond ? longest : first.multipliedBy(factor);
  }
}
