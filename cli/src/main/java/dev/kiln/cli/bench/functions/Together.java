package dev.kiln.cli.bench.functions;

import dev.kiln.DType;
import dev.kiln.Engine;
import dev.kiln.KilnException;
import dev.kiln.NDArray;
import dev.kiln.cli.bench.Clock;
import dev.kiln.cli.bench.HotEngine;
import dev.kiln.cli.bench.Json;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * One expression of eight functions beside the eight alone: whether size makes it slow.
 *
 * @param first seconds of the first call in a new engine
 * @param hot seconds from its beginning until calls are as fast as they stay
 * @param together ns for an element, steady
 * @param alone ns for an element of the eight, one after another, steady
 */
public record Together(
    DType dtype, int count, int threads, double first, double hot, double together, double alone) {
  private static final List<UnaryOperator<NDArray>> EIGHT =
      List.of(
          NDArray::exp,
          NDArray::log,
          NDArray::sin,
          NDArray::tanh,
          NDArray::atan,
          NDArray::cbrt,
          NDArray::expm1,
          NDArray::log1p);

  private static final Span ARGUMENTS = new Span(0.1, 4);
  private static final double WINDOW = 0.02;
  private static final double TURN = 0.1;

  /** The most that a call allocates once it is compiled. */
  private static final long BYTES = 1 << 20;

  /** Calls within this of the steady time count as hot; so many seconds are waited for them. */
  private static final double NEAR = 1.25;

  private static final double PATIENCE = 10;

  /**
   * Measures.
   *
   * @param engines makes an engine for the steady state, and another for the first call
   */
  public static Together measure(Supplier<Engine> engines, int count, DType dtype) {
    double[] x = ARGUMENTS.draw(count, new SplittableRandom(0));
    double together;
    double alone = 0;
    try (Engine engine = HotEngine.open(engines)) {
      NDArray input = engine.array(x).astype(dtype).compute();
      together = steady(sum(input));
      for (UnaryOperator<NDArray> function : EIGHT) {
        alone += steady(function.apply(input));
      }
    }
    try (Engine engine = engines.get()) {
      NDArray all = sum(engine.array(x).astype(dtype).compute());
      double first = Clock.once(() -> all.compute().release());
      double spent = first;
      double last = first;
      while (last > NEAR * together && spent < PATIENCE) {
        last = Clock.best(() -> all.compute().release(), TURN / 20);
        spent += Math.max(last, TURN / 20);
      }
      double each = 1e9 / count;
      return new Together(
          dtype, count, engine.threads(), first, spent, together * each, alone * each);
    }
  }

  private static NDArray sum(NDArray x) {
    return EIGHT.stream().map(function -> function.apply(x)).reduce(NDArray::add).orElseThrow();
  }

  private static double steady(NDArray delayed) {
    Runnable call = () -> delayed.compute().release();
    if (!Clock.warm(call, WINDOW, BYTES) || !HotEngine.isHot(delayed)) {
      throw new KilnException(
          "the JVM did not compile vector code in time; try again when the machine is quiet, or"
              + " with KILN_JAVA_OPTS=-Xbatch");
    }
    return Clock.best(call, TURN);
  }

  /** For people. */
  public String describe() {
    return String.format(
        Locale.ROOT,
        "eight functions, %s, %d elements, %d thread%s: together %.3f ns an element, the eight"
            + " alone %.3f (%.2f); first call %.1f ms, hot after %.0f ms%s",
        dtype,
        count,
        threads,
        threads == 1 ? "" : "s",
        together,
        alone,
        together / alone,
        first * 1e3,
        hot * 1e3,
        hot >= PATIENCE ? " at least" : "");
  }

  /** One line of JSON. */
  public Json json() {
    return new Json()
        .with("together", EIGHT.size())
        .with("dtype", dtype.toString())
        .with("n", count)
        .with("threads", threads)
        .with("first_s", first)
        .with("hot_s", hot)
        .with("together_ns", together)
        .with("alone_ns", alone);
  }
}
