package dev.kiln.cli.bench;

import java.util.Locale;

/** Results as a table for people, row by row as they come. */
public final class ResultTable {
  private ResultTable() {}

  /** The names of the columns. */
  public static String head() {
    return "%-20s %-8s %10s %10s %10s %8s %9s  %s"
        .formatted(
            "workload", "dtype", "first ms", "best ms", "median ms", "GB/s", "GFLOP/s", "ceiling");
  }

  /** A row. */
  public static String row(Result result) {
    Row row = result.row();
    String start = "%-20s %-8s ".formatted(row.workload(), row.dtype());
    return switch (row.outcome()) {
      case Row.Outcome.Wrong(String why) -> start + "WRONG: " + why;
      case Row.Outcome.Right right -> start + times(right) + place(result) + note(right);
    };
  }

  private static String times(Row.Outcome.Right right) {
    return String.format(
        Locale.ROOT,
        "%10.3f %10.3f %10.3f",
        right.first() * 1e3,
        right.best() * 1e3,
        right.median() * 1e3);
  }

  private static String place(Result result) {
    return result
        .placement()
        .map(
            place ->
                String.format(
                    Locale.ROOT,
                    " %8.1f %9.1f  %3.0f%% of %s",
                    place.gigabytes(),
                    place.gigaflops(),
                    100 * place.part(),
                    place.ceiling()))
        .orElse("");
  }

  private static String note(Row.Outcome.Right right) {
    return right.hot() ? "" : "; scalar code, for the JVM did not compile the vector code in time";
  }
}
