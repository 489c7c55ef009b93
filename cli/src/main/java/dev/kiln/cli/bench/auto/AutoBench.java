package dev.kiln.cli.bench.auto;

import dev.kiln.DType;
import dev.kiln.Engine;
import dev.kiln.NDArray;
import dev.kiln.cli.bench.Check;
import dev.kiln.cli.bench.Clock;
import dev.kiln.cli.bench.HotEngine;
import dev.kiln.cli.bench.workload.Workload;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** Times float32 workloads of several sizes on each backend and on auto, in turns. */
public final class AutoBench implements AutoCloseable {
  private static final String AUTO = "auto";
  private static final int ROUNDS = 5;

  /** Calls are warmed up in windows of so many seconds. */
  private static final double WINDOW = 0.03;

  private final List<String> names;
  private final double seconds;
  private final List<Engine> engines = new ArrayList<>();

  /**
   * Opens an engine for each.
   *
   * @param names of the fixed choices
   * @param seconds for each figure
   */
  public AutoBench(List<String> names, int threads, double seconds) {
    this.names = List.copyOf(names);
    this.seconds = seconds;
    List<String> all = new ArrayList<>(names);
    all.add(AUTO);
    for (String name : all) {
      engines.add(HotEngine.open(() -> Engine.builder().backend(name).threads(threads).build()));
    }
  }

  /** Measures a workload at all sizes, the largest first, so that auto knows of all devices. */
  public void measure(Workload workload, List<Long> sizes, Consumer<AutoFigure> listener) {
    for (long size : sizes.stream().sorted((a, b) -> Long.compare(b, a)).toList()) {
      listener.accept(measure(workload, size));
    }
  }

  private AutoFigure measure(Workload workload, long size) {
    List<NDArray> owned = new ArrayList<>();
    List<Runnable> calls = new ArrayList<>();
    try {
      for (Engine engine : engines) {
        List<NDArray> inputs =
            workload.inputs(size).stream()
                .map(input -> input.draw(engine, DType.FLOAT32, Check.random()))
                .toList();
        owned.addAll(inputs);
        NDArray delayed = workload.expression(inputs);
        // Explained, large ones make auto look for devices, which it otherwise does in its time.
        if (delayed.explain().isEmpty()) {
          throw new AssertionError("nothing to say of " + delayed);
        }
        calls.add(() -> delayed.compute().release());
      }
      calls.forEach(call -> Clock.warm(call, WINDOW));
      List<Double> best = inTurns(calls);
      return new AutoFigure(
          workload.name(), size, names, best.subList(0, names.size()), best.getLast());
    } finally {
      owned.forEach(NDArray::release);
    }
  }

  /** For each call the best of the medians of all rounds. */
  private List<Double> inTurns(List<Runnable> calls) {
    double[] best = new double[calls.size()];
    Arrays.fill(best, Double.POSITIVE_INFINITY);
    for (int round = 0; round < ROUNDS; round++) {
      for (int k = 0; k < best.length; k++) {
        double[] times = Clock.times(calls.get(k), seconds / ROUNDS, 3);
        best[k] = Math.min(best[k], Clock.median(times));
      }
    }
    return Arrays.stream(best).boxed().toList();
  }

  @Override
  public void close() {
    engines.forEach(Engine::close);
  }
}
