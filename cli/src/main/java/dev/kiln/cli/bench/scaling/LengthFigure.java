package dev.kiln.cli.bench.scaling;

import dev.kiln.DType;
import dev.kiln.cli.bench.Json;
import java.util.Locale;

/**
 * One expression of many operations on one array.
 *
 * @param first the seconds of the first call, with its compilation, in an engine that has computed
 *     others
 * @param seconds of a later call
 */
public record LengthFigure(
    DType dtype, int operations, long elements, int threads, double first, double seconds) {
  /** The names of the columns. */
  public static String head() {
    return "%-20s %-8s %10s %12s %12s %22s"
        .formatted("operations", "dtype", "size", "first, ms", "later, ms", "ns/element/operation");
  }

  /** A row for people. */
  public String row() {
    return String.format(
        Locale.ROOT,
        "%-20d %-8s %10d %12.1f %12.3f %22.4f",
        operations,
        dtype,
        elements,
        first * 1e3,
        seconds * 1e3,
        seconds * 1e9 / elements / operations);
  }

  /** One JSON object on a line. */
  public String json() {
    return new Json()
        .with("operations", operations)
        .with("dtype", dtype.toString())
        .with("n", elements)
        .with("threads", threads)
        .with("first_s", first)
        .with("median_s", seconds)
        .toString();
  }
}
