package dev.kiln.task;

import dev.kiln.KilnException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * The consumer's side of a job: it takes results while the work goes on, and gives room for more.
 *
 * <p>Where the next result in order is not there yet, the consumer does a task itself rather than
 * wait. Of results as they complete it waits for the next, since a long task of its own would hold
 * up results that are there, and works only where nobody comes to help.
 */
final class ResultStream<R extends @Nullable Object> extends Spliterators.AbstractSpliterator<R> {
  /** What it takes to wake a thread on a busy machine; where nobody is free it is lost once. */
  private static final long HELP_NANOS = 50_000_000;

  private final Job job;
  private final Results results;
  private final Consumer<@Nullable Throwable> atEnd;
  private @Nullable Watch watch;
  private boolean ended;

  /** Whether helpers have had their time to come. */
  private boolean hadHelp;

  private ResultStream(Job job, Results results, Consumer<@Nullable Throwable> atEnd) {
    super(Long.MAX_VALUE, results instanceof Results.Ordered ? ORDERED : 0);
    this.job = job;
    this.results = results;
    this.atEnd = atEnd;
  }

  /**
   * A stream that begins the job with its first result and ends it when it is closed.
   *
   * @param atEnd told when nobody is at work any more, with the failure if there was one
   */
  static <R extends @Nullable Object> Stream<R> of(
      Job job, Results results, Consumer<@Nullable Throwable> atEnd) {
    ResultStream<R> source = new ResultStream<>(job, results, atEnd);
    return StreamSupport.stream(source, false).onClose(source::close);
  }

  @Override
  public boolean tryAdvance(Consumer<? super R> consumer) {
    if (ended) {
      return false;
    }
    if (watch == null) {
      watch = job.begin();
      job.invite();
    }
    Object result = next();
    if (result == null) {
      end();
      return false;
    }
    job.consume();
    consumer.accept(value(result));
    return true;
  }

  /** Never splits: the work is parallel, its consumer is one. */
  @Override
  public @Nullable Spliterator<R> trySplit() {
    return null;
  }

  private @Nullable Object next() {
    while (!job.team().hasStopped()) {
      Object result = results.poll();
      if (result != null || job.isOver()) {
        return result;
      }
      job.invite();
      boolean mayWork = results instanceof Results.Ordered || !helpComes();
      if (!mayWork || !job.takePartOnce()) {
        job.team().await(() -> results.isReady() || job.isOver());
      }
    }
    return null;
  }

  /** Whether helpers are there; those invited first are given a moment to come. */
  private boolean helpComes() {
    if (!hadHelp) {
      job.team().awaitHelp(HELP_NANOS);
      hadHelp = true;
    }
    return job.team().hasHelp();
  }

  /** Waits for the last tasks; their failure arrives here. */
  private void end() {
    ended = true;
    Throwable failure;
    try (Watch _ = watch) {
      failure = job.end();
    }
    atEnd.accept(failure);
    if (failure != null) {
      throw Unchecked.asUnchecked(failure);
    }
  }

  private void close() {
    if (watch == null || ended) {
      ended = true;
      return;
    }
    ended = true;
    try (Watch _ = watch) {
      // Nobody wants the results any more, so whatever the tasks still throw is of no interest.
      job.team().stop(new KilnException("abandoned by the consumer of its stream"));
      job.end();
    }
    atEnd.accept(null);
  }

  // What tasks put there is what the stream gives: null only where R has it.
  @SuppressWarnings({"unchecked", "NullAway"})
  private R value(Object result) {
    return (R) (Results.NULL.equals(result) ? null : result);
  }
}
