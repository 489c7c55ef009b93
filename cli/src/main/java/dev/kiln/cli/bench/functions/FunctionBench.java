package dev.kiln.cli.bench.functions;

import dev.kiln.DType;
import dev.kiln.Engine;
import dev.kiln.KilnException;
import dev.kiln.NDArray;
import dev.kiln.cli.bench.HotEngine;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.IntStream;
import jdk.incubator.vector.VectorOperators;

/**
 * Times one function after another, each contender in turn, round after round, so that a machine
 * that drifts drifts for all.
 *
 * @param backend its name, or {@code auto}
 * @param python NumPy and JAX
 */
public record FunctionBench(
    String backend, int threads, Sizes sizes, int rounds, Optional<Python> python) {
  private static final long SEED = 0;

  /** Seconds of a contender's turn. */
  private static final double TURN = 0.012;

  /** How often a function is tried of which something is not compiled in time. */
  private static final int ATTEMPTS = 3;

  /** The most bytes that Kiln allocates for planning a call. */
  private static final long PLANNING = 1 << 18;

  /**
   * The numbers of elements of calls on many and on few.
   *
   * @param large a multiple of the lanes of every vector, as is small
   */
  public record Sizes(int large, int small) {
    private static final int SMALL = 1024;

    /** Many elements; as few as fit beside them. */
    public static Sizes of(int large) {
      if (large < 2 * SMALL || large % SMALL != 0) {
        throw new KilnException(
            large + " elements were asked for; expected a multiple of 1024 from 2048 on");
      }
      return new Sizes(large, SMALL);
    }
  }

  /**
   * Measures one function, in a new engine; in another one if the JVM did not compile something in
   * time.
   *
   * @param dtype float32 or float64
   * @throws KilnException where Kiln's values are wrong
   */
  public Figure measure(Subject subject, DType dtype) {
    Figure figure = attempt(subject, dtype);
    for (int more = 1; more < ATTEMPTS && !figure.hot(); more++) {
      figure = attempt(subject, dtype);
    }
    return figure;
  }

  private Figure attempt(Subject subject, DType dtype) {
    SplittableRandom random = new SplittableRandom(SEED);
    double[] x = subject.x().draw(sizes.large(), random);
    double[] y = subject.y().draw(sizes.large(), random);
    List<Contender> contenders = new ArrayList<>();
    try (Engine engine = HotEngine.open(backend, threads);
        Arena arena = Arena.ofConfined()) {
      NDArray many = delayed(engine, subject, dtype, x, y, sizes.large());
      NDArray few = delayed(engine, subject, dtype, x, y, sizes.small());
      subject.math().ifPresent(math -> check(subject, dtype, many, math, x, y));
      contenders.add(
          new Contender.InJava(
              Figure.KILN,
              () -> many.compute().release(),
              () -> few.compute().release(),
              PLANNING + sizes.large()));
      subject.vector().ifPresent(op -> contenders.add(vector(op, dtype, x, y, arena)));
      subject.math().ifPresent(function -> contenders.add(math(function, dtype, x, y)));
      python.ifPresent(peer -> contenders.add(peer.contender(subject, dtype, sizes)));
      boolean hot = true;
      for (Contender contender : contenders) {
        hot &= contender.warm();
      }
      List<Lap> laps = new ArrayList<>();
      for (int round = 0; round < rounds; round++) {
        contenders.forEach(contender -> laps.addAll(contender.round(TURN)));
      }
      hot &= HotEngine.isHot(many);
      return Figure.of(subject.name(), dtype, threads, hot, sizes, laps);
    }
  }

  private static NDArray delayed(
      Engine engine, Subject subject, DType dtype, double[] x, double[] y, int count) {
    return subject.kiln().apply(input(engine, dtype, x, count), input(engine, dtype, y, count));
  }

  private static NDArray input(Engine engine, DType dtype, double[] values, int count) {
    double[] some = Arrays.copyOf(values, count);
    return dtype == DType.FLOAT32 ? engine.array(floats(some)) : engine.array(some);
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  private static double[] values(NDArray delayed) {
    if (delayed.dtype() == DType.FLOAT64) {
      return delayed.toDoubleArray();
    }
    float[] floats = delayed.toFloatArray();
    return IntStream.range(0, floats.length).mapToDouble(i -> floats[i]).toArray();
  }

  private static void check(
      Subject subject,
      DType dtype,
      NDArray delayed,
      DoubleBinaryOperator math,
      double[] x,
      double[] y) {
    double[] found = values(delayed);
    double tolerance = dtype == DType.FLOAT32 ? 1e-6 : 1e-14;
    for (int i = 0; i < found.length; i++) {
      double a = dtype == DType.FLOAT32 ? (float) x[i] : x[i];
      double b = dtype == DType.FLOAT32 ? (float) y[i] : y[i];
      double expected = math.applyAsDouble(a, b);
      if (!(Math.abs(found[i] - expected) <= tolerance * Math.abs(expected))) {
        throw new KilnException(
            "%s(%s, %s) as %s is %s, but Math says %s; wrong answers are not timed"
                .formatted(subject.name(), a, b, dtype, found[i], expected));
      }
    }
  }

  private Contender vector(
      VectorOperators.Operator operator, DType dtype, double[] x, double[] y, Arena arena) {
    boolean narrow = dtype == DType.FLOAT32;
    ArrayLoop loop =
        Template.copy(
            narrow ? FloatVectorLoop.class : DoubleVectorLoop.class, ArrayLoop.class, operator);
    long first = offHeap(dtype, x, arena);
    long second = offHeap(dtype, y, arena);
    long out = offHeap(dtype, new double[x.length], arena);
    return new Contender.InJava(
        Figure.SVML,
        () -> loop.run(first, second, out, sizes.large()),
        () -> loop.run(first, second, out, sizes.small()),
        sizes.large());
  }

  private static long offHeap(DType dtype, double[] values, Arena arena) {
    MemorySegment segment = arena.allocate((long) dtype.bytes() * values.length, 4096);
    if (dtype == DType.FLOAT32) {
      MemorySegment.copy(floats(values), 0, segment, ValueLayout.JAVA_FLOAT, 0, values.length);
    } else {
      MemorySegment.copy(values, 0, segment, ValueLayout.JAVA_DOUBLE, 0, values.length);
    }
    return segment.address();
  }

  private Contender math(DoubleBinaryOperator function, DType dtype, double[] x, double[] y) {
    return dtype == DType.FLOAT32
        ? heap(
            Template.copy(FloatMathLoop.class, HeapLoop.class, function),
            floats(x),
            floats(y),
            new float[x.length])
        : heap(
            Template.copy(DoubleMathLoop.class, HeapLoop.class, function),
            x,
            y,
            new double[x.length]);
  }

  @SuppressWarnings("unchecked") // The templates' arrays are the ones given here.
  private <A> Contender heap(HeapLoop<?> loop, A x, A y, A out) {
    HeapLoop<A> own = (HeapLoop<A>) loop;
    return new Contender.InJava(
        "math",
        () -> own.run(x, y, out, sizes.large()),
        () -> own.run(x, y, out, sizes.small()),
        sizes.large());
  }
}
