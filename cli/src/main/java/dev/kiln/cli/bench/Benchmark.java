package dev.kiln.cli.bench;

import dev.kiln.DType;
import dev.kiln.Engine;
import dev.kiln.NDArray;
import dev.kiln.cli.bench.workload.Values;
import dev.kiln.cli.bench.workload.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Measures workloads.
 *
 * @param backend its name, or {@code auto}
 * @param scale multiplies every workload's number of elements
 * @param seconds of steady state
 */
public record Benchmark(String backend, int threads, double scale, double seconds) {
  private static final int LEAST = 1024;
  private static final int CALLS = 5;
  private static final double WINDOW = 0.1;

  /** The number of elements of a workload. */
  public long size(Workload workload) {
    return Math.max(LEAST, (long) (workload.elements() * scale));
  }

  /**
   * Measures one. The first call is made in a new engine and its result checked, then a small case
   * is; times count only if both are right. The steady state is another engine's, which compiles
   * before it computes.
   */
  public Row measure(Workload workload, DType dtype) {
    try (Engine fresh = engine()) {
      String peer = "kiln-" + fresh.backendName();
      Row.Outcome outcome = outcome(workload, dtype, fresh);
      return new Row(workload.name(), dtype, size(workload), peer, threads, outcome);
    }
  }

  private Engine engine() {
    return Engine.builder().backend(backend).threads(threads).build();
  }

  private Row.Outcome outcome(Workload workload, DType dtype, Engine fresh) {
    RandomGenerator random = Check.random();
    List<NDArray> inputs =
        workload.inputs(size(workload)).stream()
            .map(input -> input.draw(fresh, dtype, random))
            .toList();
    NDArray delayed = workload.expression(inputs);
    List<NDArray> results = new ArrayList<>();
    double first = Clock.once(() -> results.add(delayed.compute()));
    NDArray result = results.getFirst();
    Optional<String> wrong =
        Check.against(workload, inputs.stream().map(Values::of).toList(), Values.of(result));
    if (wrong.isPresent()) {
      return new Row.Outcome.Wrong(wrong.get());
    }
    result.release();
    try (Engine hot = HotEngine.open(this::engine)) {
      return Check.small(workload, dtype, hot)
          .<Row.Outcome>map(Row.Outcome.Wrong::new)
          .orElseGet(
              () ->
                  steady(
                      first, workload.expression(inputs.stream().map(x -> own(x, hot)).toList())));
    }
  }

  /** The elements in an engine's own memory, where a user's arrays are. */
  private static NDArray own(NDArray x, Engine engine) {
    NDArray own = x.on(engine).copy();
    x.release();
    return own;
  }

  private Row.Outcome steady(double first, NDArray delayed) {
    Runnable call = () -> delayed.compute().release();
    Clock.warm(call, WINDOW);
    double[] times = Clock.times(call, seconds, CALLS);
    return new Row.Outcome.Right(first, times[0], Clock.median(times), HotEngine.isHot(delayed));
  }
}
