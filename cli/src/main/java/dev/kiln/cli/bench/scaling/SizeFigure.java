package dev.kiln.cli.bench.scaling;

import dev.kiln.DType;
import dev.kiln.cli.bench.Json;
import java.util.List;
import java.util.Locale;

/**
 * A workload at a size.
 *
 * @param elements of its first input
 * @param threads of each engine
 * @param seconds that a call takes on each, from building the expression to its result
 */
public record SizeFigure(
    String workload, DType dtype, long elements, List<Integer> threads, List<Double> seconds) {
  public SizeFigure {
    threads = List.copyOf(threads);
    seconds = List.copyOf(seconds);
  }

  /** The names of the columns. */
  public static String head(List<Integer> threads) {
    StringBuilder text =
        new StringBuilder("%-20s %-8s %10s".formatted("workload", "dtype", "size"));
    for (int count : threads) {
      text.append(" %12s %12s".formatted("us, " + count + " thr", "ns/element"));
    }
    return text.toString();
  }

  /** A row for people. */
  public String row() {
    StringBuilder text = new StringBuilder("%-20s %-8s %10d".formatted(workload, dtype, elements));
    for (double value : seconds) {
      text.append(
          String.format(Locale.ROOT, " %12.1f %12.3f", value * 1e6, value * 1e9 / elements));
    }
    return text.toString();
  }

  /** One JSON object on a line. */
  public String json() {
    Json json =
        new Json().with("workload", workload).with("dtype", dtype.toString()).with("n", elements);
    for (int k = 0; k < threads.size(); k++) {
      json.with("threads_" + threads.get(k) + "_s", seconds.get(k));
    }
    return json.toString();
  }
}
