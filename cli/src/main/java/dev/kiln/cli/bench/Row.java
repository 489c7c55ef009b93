package dev.kiln.cli.bench;

import dev.kiln.DType;

/**
 * What one workload took in one dtype.
 *
 * @param n its number of elements
 * @param peer who computed: {@code kiln-cpu}
 */
public record Row(String workload, DType dtype, long n, String peer, int threads, Outcome outcome) {
  /** How it went. */
  public sealed interface Outcome {
    /**
     * The answer is right.
     *
     * @param first seconds of the first call in a new engine
     * @param best seconds of the best of many later calls
     * @param median of these calls
     * @param hot whether vector code ran, where there is any
     */
    record Right(double first, double best, double median, boolean hot) implements Outcome {}

    /** The answer is wrong, so no time counts. */
    record Wrong(String why) implements Outcome {}
  }

  /** One line of JSON; a wrong answer has no times in it. */
  public Json json() {
    Json json =
        new Json()
            .with("workload", workload)
            .with("dtype", dtype.toString())
            .with("n", n)
            .with("peer", peer)
            .with("threads", threads);
    return switch (outcome) {
      case Outcome.Right(double first, double best, double median, boolean _) ->
          json.with("first_s", first).with("best_s", best).with("median_s", median);
      case Outcome.Wrong _ -> json.with("wrong", true);
    };
  }
}
