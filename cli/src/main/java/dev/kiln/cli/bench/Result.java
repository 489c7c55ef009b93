package dev.kiln.cli.bench;

import dev.kiln.cli.bench.workload.Workload;
import java.util.Optional;

/**
 * A row, and where it stands below the machine's ceilings.
 *
 * @param placement empty for a wrong answer
 */
public record Result(Row row, Optional<Placement> placement) {
  /** Places a row. */
  public static Result of(Row row, Workload workload, Limits limits) {
    return switch (row.outcome()) {
      case Row.Outcome.Right right ->
          new Result(
              row,
              Optional.of(
                  Placement.of(
                      workload.work(row.n(), row.dtype()), row.dtype(), right.median(), limits)));
      case Row.Outcome.Wrong _ -> new Result(row, Optional.empty());
    };
  }

  /** Such as {@code triad float32}. */
  public String label() {
    return row.workload() + " " + row.dtype();
  }
}
