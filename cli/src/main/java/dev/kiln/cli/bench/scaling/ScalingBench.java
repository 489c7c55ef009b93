package dev.kiln.cli.bench.scaling;

import dev.kiln.DType;
import dev.kiln.Engine;
import dev.kiln.KilnException;
import dev.kiln.NDArray;
import dev.kiln.Shape;
import dev.kiln.Slice;
import dev.kiln.cli.bench.Check;
import dev.kiln.cli.bench.Clock;
import dev.kiln.cli.bench.HotEngine;
import dev.kiln.cli.bench.workload.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Times workloads of many sizes on one and on all threads, and expressions of many lengths. A call
 * builds its expression anew, as users' code does.
 */
public final class ScalingBench implements AutoCloseable {
  /** Calls are warmed up in windows of so many seconds. */
  private static final double WINDOW = 0.05;

  private static final int CALLS = 3;

  /** Elements of calls that are made to warm up what is around the loops. */
  private static final int FEW = 1000;

  /** Windows for that, in figures' times. */
  private static final double SETTLE = 3;

  /** Elements of expressions of many lengths. */
  private static final int LENGTHS_SIZE = 1 << 20;

  private final String backend;
  private final List<Integer> threads;
  private final double seconds;
  private final double settle;
  private final List<Engine> engines = new ArrayList<>();

  /**
   * Opens an engine for each number of threads.
   *
   * @param seconds for each figure
   */
  public ScalingBench(String backend, List<Integer> threads, double seconds) {
    this.backend = backend;
    this.threads = List.copyOf(threads);
    this.seconds = seconds;
    this.settle = SETTLE * seconds;
    for (int count : threads) {
      engines.add(HotEngine.open(() -> engine(count)));
    }
  }

  private Engine engine(int count) {
    return Engine.builder().backend(backend).threads(count).build();
  }

  /** Times a workload at all sizes, once its answers at one size have been found right. */
  public void sizes(
      Workload workload, DType dtype, List<Long> sizes, Consumer<SizeFigure> listener) {
    for (Engine engine : engines) {
      Optional<String> wrong = Check.small(workload, dtype, engine);
      if (wrong.isPresent()) {
        throw new KilnException(workload.name() + " " + dtype + ": " + wrong.get());
      }
    }
    // What is around the loops takes the JIT compiler seconds, and most of a small call's time.
    timed(workload, dtype, FEW, call -> Clock.warm(call, settle));
    for (long size : sizes) {
      listener.accept(size(workload, dtype, size));
    }
  }

  private SizeFigure size(Workload workload, DType dtype, long size) {
    List<Double> medians = new ArrayList<>();
    long elements = timed(workload, dtype, size, call -> medians.add(median(call)));
    return new SizeFigure(workload.name(), dtype, elements, threads, medians);
  }

  /**
   * Draws inputs and hands over a call for each engine.
   *
   * @return the elements of the first input
   */
  private long timed(Workload workload, DType dtype, long size, Consumer<Runnable> calls) {
    Engine owner = engines.getFirst();
    List<NDArray> inputs =
        workload.inputs(size).stream()
            .map(input -> input.draw(owner, dtype, Check.random()))
            .toList();
    try {
      for (Engine engine : engines) {
        List<NDArray> here = inputs.stream().map(x -> x.on(engine)).toList();
        calls.accept(() -> workload.expression(here).compute().release());
      }
      return inputs.getFirst().shape().size();
    } finally {
      inputs.forEach(NDArray::release);
    }
  }

  private double median(Runnable call) {
    Clock.warm(call, WINDOW);
    return Clock.median(Clock.times(call, seconds, CALLS));
  }

  /**
   * Times Horner's rule, products and sums in turn, each operation waiting for the one before, on
   * the last of the numbers of threads.
   *
   * @param lengths even numbers of operations
   */
  public void lengths(DType dtype, List<Integer> lengths, Consumer<LengthFigure> listener) {
    int count = threads.getLast();
    Engine hot = engines.getLast();
    // First calls are those of an engine that heats kernels in the background, as users have it.
    try (Engine usual = engine(count)) {
      NDArray x = usual.full(Shape.of(LENGTHS_SIZE), 0.5, dtype).compute();
      NDArray y = x.on(hot);
      horner(x, 6).compute().release();
      for (int operations : lengths) {
        List<NDArray> results = new ArrayList<>();
        double first = Clock.once(() -> results.add(horner(x, operations).compute()));
        check(results.getFirst(), operations);
        double later = median(() -> horner(y, operations).compute().release());
        listener.accept(new LengthFigure(dtype, operations, LENGTHS_SIZE, count, first, later));
      }
    }
  }

  private static NDArray horner(NDArray x, int operations) {
    NDArray value = x;
    for (int k = 0; k < operations / 2; k++) {
      value = value.multiply(x).add(1);
    }
    return value;
  }

  private static void check(NDArray result, int operations) {
    double expected = 0.5;
    for (int k = 0; k < operations / 2; k++) {
      expected = expected * 0.5 + 1;
    }
    double given = result.get(Slice.at(LENGTHS_SIZE / 2)).item();
    result.release();
    if (!(Math.abs(given - expected) < 1e-6)) {
      throw new KilnException(operations + " operations gave " + given + " instead of " + expected);
    }
  }

  @Override
  public void close() {
    engines.forEach(Engine::close);
  }
}
