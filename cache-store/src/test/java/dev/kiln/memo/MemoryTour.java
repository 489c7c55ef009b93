package dev.kiln.memo;

import static dev.kiln.task.Delayed.delayed;

import dev.kiln.Kiln;
import dev.kiln.NDArray;
import dev.kiln.task.Delayed;
import java.nio.file.Path;
import java.time.Duration;

/** What documentation shows, as code that runs. */
final class MemoryTour {
  private MemoryTour() {}

  // @start region="square"
  static NDArray square(NDArray x) {
    System.out.println("computing");
    return x.multiply(x);
  }

  static double[] squares(Path folder) {
    Memory memory = Memory.at(folder);
    Function1<NDArray, NDArray> square = memory.cache(MemoryTour::square);
    square.apply(Kiln.array(new double[] {1, 2, 3})); // prints "computing"
    return square.apply(Kiln.array(new double[] {1, 2, 3})).toDoubleArray(); // does not
  }

  // @end

  static double delayedSquares(Path folder) {
    Memory memory = Memory.at(folder);
    // @start region="delayed"
    NDArray x = Kiln.linspace(0, 1, 1_000);
    Delayed<NDArray> squares = delayed(memory.cache(MemoryTour::square), x.sin());
    Delayed<Double> mean = squares.then((NDArray y) -> y.mean().item());
    double value = mean.compute(); // computed once, in any graph, thread and process
    // @end
    return value;
  }

  static boolean options(Path folder) {
    Memory memory = Memory.at(folder);
    // @start region="options"
    Function2<NDArray, Boolean, NDArray> scale =
        memory.cache(
            (NDArray x, Boolean verbose) -> x.multiply(3),
            options -> options.ignore(1).expiresAfter(Duration.ofDays(7)));
    scale.apply(Kiln.arange(4), true);
    boolean kept = memory.of(scale).contains(Kiln.arange(4), false); // true
    // @end
    return kept;
  }
}
