package dev.kiln.examples;

import static dev.kiln.task.Delayed.delayed;

import dev.kiln.Kiln;
import dev.kiln.NDArray;
import dev.kiln.task.Delayed;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What the documentation of delayed functions shows, as code that runs. */
public final class DelayedTour {
  private DelayedTour() {}

  /** A graph of functions and arrays. */
  public static double compose() {
    // @start region="delayed"
    NDArray x = Kiln.linspace(0, 1, 1_000);
    Delayed<Double> largest = delayed(NDArray::item, x.sin().max());
    Delayed<Double> mean = delayed(NDArray::item, x.sin().mean());
    Delayed<Double> ratio = largest.with(mean, (a, b) -> a / b); // nothing is computed yet
    double value = ratio.compute(); // both arrays side by side, then the rest
    // @end
    return value;
  }

  /** A list of delayed values. */
  public static int list() {
    List<Delayed<Integer>> lengths =
        List.of(delayed(String::length, "delayed"), delayed(String::length, "call"));
    Delayed<Integer> total =
        delayed((List<Integer> all) -> all.stream().mapToInt(n -> n).sum(), lengths);
    return total.compute();
  }

  /** A future. */
  public static int submit() throws InterruptedException, ExecutionException, TimeoutException {
    // @start region="submit"
    Future<Integer> length = delayed(String::length, "kiln").submit();
    int four = length.get(10, TimeUnit.SECONDS);
    // @end
    return four;
  }
}
