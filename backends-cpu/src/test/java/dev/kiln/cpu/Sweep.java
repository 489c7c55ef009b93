package dev.kiln.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.DType;
import dev.kiln.NDArray;
import dev.kiln.oracle.Arguments;
import dev.kiln.oracle.Exact;
import dev.kiln.oracle.Reference;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BinaryOperator;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.IntStream;

/**
 * Looks for the largest error of a function's compiled kernels over many arguments, on all cores.
 *
 * @param name says what is swept
 * @param relaxed whether by an engine that is
 * @param dtype of the arguments
 * @param batches how many batches of arguments
 * @param part what is done with one
 */
record Sweep(String name, boolean relaxed, DType dtype, long batches, Part part) {
  /** With {@code -Pexhaustive}: everything instead of a sample. */
  static final boolean EXHAUSTIVE = Boolean.getBoolean("kiln.exhaustive");

  /** Another seed is another sample: {@code -Dkiln.sweep.seed=…}. */
  static final long SEED = Long.getLong("kiln.sweep.seed", 20_251_125);

  static final int SIZE = EXHAUSTIVE ? 1 << 18 : 1 << 11;
  private static final Duration BETWEEN_REPORTS = Duration.ofSeconds(20);

  /** What is done with the memory of one batch. */
  interface Part {
    Worst run(Batch memory, long batch);
  }

  /** The largest error met, and where; the number of arguments tried. */
  record Worst(double ulps, double x, double y, long arguments) {
    static final Worst NONE = new Worst(0, 0, 0, 0);

    static Worst of(Worst a, Worst b) {
      Worst worse = a.ulps >= b.ulps ? a : b;
      return new Worst(worse.ulps, worse.x, worse.y, a.arguments + b.arguments);
    }
  }

  Worst run() {
    AtomicLong next = new AtomicLong();
    return IntStream.range(0, EXHAUSTIVE ? Runtime.getRuntime().availableProcessors() : 1)
        .parallel()
        .mapToObj(worker -> work(next, worker == 0))
        .reduce(Worst.NONE, Worst::of);
  }

  private Worst work(AtomicLong next, boolean reports) {
    Worst worst = Worst.NONE;
    Instant start = Instant.now();
    Instant due = start.plus(BETWEEN_REPORTS);
    try (Batch memory = new Batch("cpu", relaxed, dtype, SIZE)) {
      for (long b = next.getAndIncrement(); b < batches; b = next.getAndIncrement()) {
        worst = Worst.of(worst, part.run(memory, b));
        if (EXHAUSTIVE && reports && Instant.now().isAfter(due)) {
          due = Instant.now().plus(BETWEEN_REPORTS);
          long seconds = Duration.between(start, Instant.now()).toSeconds();
          System.out.printf(
              Locale.ROOT, "%s: %d of %d, %d s, %s%n", name, b, batches, seconds, worst);
        }
      }
    }
    return worst;
  }

  /** Random arguments against the exact values. */
  static Sweep ofSamples(
      Reference reference, DType dtype, BinaryOperator<NDArray> function, long samples) {
    return new Sweep(
        reference + " " + dtype + ", seed " + SEED,
        reference.isRelaxed(),
        dtype,
        Math.ceilDiv(samples, SIZE),
        (memory, batch) -> {
          drawn(reference, dtype).fill(memory, batch);
          if (batch == 0) {
            assertInterpreterAgrees(reference, dtype, function);
          }
          NDArray result = memory.evaluate(function);
          Worst worst = worst(reference, dtype, memory, result.data());
          result.release();
          return worst;
        });
  }

  private static Worst worst(Reference reference, DType dtype, Batch memory, MemorySegment values) {
    double ulps = 0;
    int at = 0;
    for (int i = 0; i < SIZE; i++) {
      double value = Batch.get(dtype, values, i);
      double here = reference.error(memory.x(i), memory.y(i), value, dtype);
      if (here > ulps) {
        ulps = here;
        at = i;
      }
    }
    return new Worst(ulps, memory.x(at), memory.y(at), SIZE);
  }

  /** So that what is proved of kernels holds of the definition. */
  private static void assertInterpreterAgrees(
      Reference reference, DType dtype, BinaryOperator<NDArray> function) {
    SplittableRandom random = new SplittableRandom(SEED);
    Arguments arguments = new Arguments(reference, dtype);
    int some = 256;
    try (Batch compiled = new Batch("cpu", reference.isRelaxed(), dtype, some);
        Batch interpreted = new Batch("interpreter", reference.isRelaxed(), dtype, some)) {
      for (int i = 0; i < some; i++) {
        arguments.next(random);
        compiled.set(i, arguments.x(), arguments.y());
        interpreted.set(i, arguments.x(), arguments.y());
      }
      NDArray values = compiled.evaluate(function);
      NDArray expected = interpreted.evaluate(function);
      assertThat(values.data().mismatch(expected.data()))
          .as("first byte that differs")
          .isEqualTo(-1);
    }
  }

  /**
   * Every float32, or one in so many, against the float64 kernels, whose own error is nothing
   * beside a unit in the last place of float32. What is equal to their value rounded counts as half
   * a unit.
   */
  static Sweep ofFloat32(Reference reference, BinaryOperator<NDArray> function, int step) {
    return new Sweep(
        reference + " float32, every one",
        reference.isRelaxed(),
        DType.FLOAT32,
        Math.ceilDiv(1L << 32, (long) SIZE * step),
        (memory, batch) -> {
          everyFloat32(step).fill(memory, batch);
          NDArray result = memory.evaluate(function);
          NDArray wide = memory.evaluate((x, y) -> function.apply(x.astype(DType.FLOAT64), y));
          Worst worst = worstFloat32(memory, result.data(), wide.data());
          result.release();
          wide.release();
          return worst;
        });
  }

  private static Worst worstFloat32(Batch memory, MemorySegment values, MemorySegment wide) {
    double ulps = 0.5;
    int at = 0;
    for (int i = 0; i < SIZE; i++) {
      double exact = wide.getAtIndex(ValueLayout.JAVA_DOUBLE, i);
      float value = values.getAtIndex(ValueLayout.JAVA_FLOAT, i);
      if (Float.floatToIntBits(value) != Float.floatToIntBits((float) exact)) {
        double here = Exact.number(exact).ulps(value, DType.FLOAT32);
        if (here > ulps) {
          ulps = here;
          at = i;
        }
      }
    }
    return new Worst(ulps, memory.x(at), memory.x(at), SIZE);
  }

  /** Counts arguments at which a function is not bit by bit as defined; NaNs are all the same. */
  static Sweep ofDefined(
      String name,
      DType dtype,
      long batches,
      ArgumentsOfBatch arguments,
      BinaryOperator<NDArray> function,
      DoubleBinaryOperator definition) {
    return new Sweep(
        name + " " + dtype,
        false,
        dtype,
        batches,
        (memory, batch) -> {
          arguments.fill(memory, batch);
          NDArray result = memory.evaluate(function);
          Worst worst = new Worst(0, 0, 0, SIZE);
          for (int i = 0; i < SIZE; i++) {
            double expected = definition.applyAsDouble(memory.x(i), memory.y(i));
            if (Double.compare(Batch.get(dtype, result.data(), i), expected) != 0) {
              worst = new Worst(Double.POSITIVE_INFINITY, memory.x(i), memory.y(i), SIZE);
            }
          }
          result.release();
          return worst;
        });
  }

  /** Puts the arguments of a batch into its memory. */
  interface ArgumentsOfBatch {
    void fill(Batch memory, long batch);
  }

  /** Float32s by their bits, in steps. */
  static ArgumentsOfBatch everyFloat32(int step) {
    return (memory, batch) -> {
      for (int i = 0; i < SIZE; i++) {
        memory.setBits(i, (int) ((batch * SIZE + i) * step));
      }
    };
  }

  /** Random arguments as a function likes them. */
  static ArgumentsOfBatch drawn(Reference reference, DType dtype) {
    return (memory, batch) -> {
      SplittableRandom random = new SplittableRandom((SEED << 32) + batch);
      Arguments arguments = new Arguments(reference, dtype);
      for (int i = 0; i < SIZE; i++) {
        arguments.next(random);
        memory.set(i, arguments.x(), arguments.y());
      }
    };
  }
}
