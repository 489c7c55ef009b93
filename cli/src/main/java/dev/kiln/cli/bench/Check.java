package dev.kiln.cli.bench;

import dev.kiln.DType;
import dev.kiln.Engine;
import dev.kiln.NDArray;
import dev.kiln.cli.bench.workload.Values;
import dev.kiln.cli.bench.workload.Workload;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.LongToDoubleFunction;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;

/** Whether answers are right. */
public final class Check {
  /** Elements of the comparison with the interpreter: several blocks of a sum, and odd sides. */
  private static final long FEW = 10_000;

  /** The part of a workload's tolerance, made for float32, that float64 is granted. */
  private static final double DOUBLES = 1e-6;

  private static final double LEAST = 1e-12;

  /** Elements that one thread compares at a time. */
  private static final long CHUNK = 1 << 16;

  private Check() {}

  /** Random numbers that are the same every time. */
  public static RandomGenerator random() {
    return new SplittableRandom(0);
  }

  /**
   * Compares a result with plain Java's, element by element.
   *
   * @return what is wrong; empty if nothing is
   */
  public static Optional<String> against(Workload workload, List<Values> inputs, Values found) {
    LongToDoubleFunction answer = workload.answer(inputs);
    Extremes extremes =
        LongStream.range(0, Math.ceilDiv(found.size(), CHUNK))
            .parallel()
            .mapToObj(chunk -> Extremes.of(found, answer, chunk * CHUNK))
            .reduce(new Extremes(0, 0), Extremes::with);
    // Written so that a NaN is wrong.
    return extremes.error() <= tolerance(workload, found.dtype()) * extremes.scale()
        ? Optional.empty()
        : Optional.of(
            "an element differs by %.3g from the right answer, whose largest is %.3g"
                .formatted(extremes.error(), extremes.scale()));
  }

  private static double tolerance(Workload workload, DType dtype) {
    boolean isExact = workload.tolerance() == 0;
    return dtype == DType.FLOAT32 || isExact
        ? workload.tolerance()
        : Math.max(LEAST, DOUBLES * workload.tolerance());
  }

  /**
   * The largest of some elements.
   *
   * @param scale the largest right answer
   * @param error the largest difference to it; NaN wins
   */
  private record Extremes(double scale, double error) {
    static Extremes of(Values found, LongToDoubleFunction answer, long from) {
      double scale = 0;
      double error = 0;
      for (long i = from; i < Math.min(from + CHUNK, found.size()); i++) {
        double right = answer.applyAsDouble(i);
        scale = Math.max(scale, Math.abs(right));
        error = Math.max(error, Math.abs(found.at(i) - right));
      }
      return new Extremes(scale, error);
    }

    Extremes with(Extremes other) {
      return new Extremes(Math.max(scale, other.scale), Math.max(error, other.error));
    }
  }

  /**
   * Computes a small case and compares it with the interpreter, which must give the same bits, and
   * with plain Java.
   *
   * @return what is wrong; empty if nothing is
   */
  public static Optional<String> small(Workload workload, DType dtype, Engine engine) {
    RandomGenerator random = random();
    List<NDArray> inputs =
        workload.inputs(FEW).stream().map(input -> input.draw(engine, dtype, random)).toList();
    try (Engine interpreter = Engine.builder().backend("interpreter").threads(1).build()) {
      NDArray found = workload.expression(inputs).compute();
      NDArray defined = workload.expression(inputs).on(interpreter).compute();
      MemorySegment bits = defined.data();
      if (!found.shape().equals(defined.shape()) || found.data().mismatch(bits) >= 0) {
        return Optional.of("%d elements give other bits than the interpreter's".formatted(FEW));
      }
      return against(workload, inputs.stream().map(Values::of).toList(), Values.of(found));
    }
  }
}
