package dev.kiln.cli.bench.auto;

import dev.kiln.cli.bench.Json;
import java.util.List;
import java.util.Locale;

/**
 * A workload at a size.
 *
 * @param names of the fixed choices
 * @param seconds of each
 * @param auto the seconds of auto
 */
public record AutoFigure(
    String workload, long size, List<String> names, List<Double> seconds, double auto) {
  public AutoFigure {
    names = List.copyOf(names);
    seconds = List.copyOf(seconds);
  }

  /** How much longer auto takes than the best fixed choice: 1 is as good. */
  public double ratio() {
    return auto / seconds.stream().mapToDouble(Double::doubleValue).min().orElse(auto);
  }

  /** The names of the columns. */
  public static String head(List<String> names) {
    StringBuilder text = new StringBuilder("%-14s %10s".formatted("workload, us", "size"));
    names.forEach(name -> text.append(" %12s".formatted(name)));
    return text.append(" %12s %9s".formatted("auto", "auto/best")).toString();
  }

  /** A row for people, in microseconds. */
  public String row() {
    StringBuilder text = new StringBuilder();
    text.append(String.format(Locale.ROOT, "%-14s %10d", workload, size));
    seconds.forEach(value -> text.append(String.format(Locale.ROOT, " %12.1f", value * 1e6)));
    return text.append(String.format(Locale.ROOT, " %12.1f %9.2f", auto * 1e6, ratio())).toString();
  }

  /** One JSON object on a line. */
  public String json() {
    Json json = new Json().with("workload", workload).with("size", size);
    for (int k = 0; k < names.size(); k++) {
      json.with(names.get(k), seconds.get(k));
    }
    return json.with("auto", auto).with("ratio", ratio()).toString();
  }
}
