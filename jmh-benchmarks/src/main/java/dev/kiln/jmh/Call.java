package dev.kiln.jmh;

import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A workload that a contender has made ready, to be called again and again.
 *
 * @param compute the work, which gives a result
 * @param read the numbers of a result, row-major, for the check
 * @param release gives a result's memory back; timed with the work
 * @param finish gives back what was made ready
 */
public record Call<R>(
    Supplier<R> compute, Function<R, double[]> read, Consumer<R> release, Runnable finish)
    implements AutoCloseable {

  /** A call that leaves everything to the garbage collector. */
  public static <R> Call<R> of(Supplier<R> compute, Function<R, double[]> read) {
    return new Call<>(compute, read, result -> {}, () -> {});
  }

  /** The timed part. */
  Object run() {
    R result = compute.get();
    release.accept(result);
    return result;
  }

  /** The numbers of one result. */
  double[] answer() {
    R result = compute.get();
    try {
      return read.apply(result);
    } finally {
      release.accept(result);
    }
  }

  @Override
  public void close() {
    finish.run();
  }
}
