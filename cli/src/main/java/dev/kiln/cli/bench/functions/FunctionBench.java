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
 * @param engine whose kernels are hot from the first call on
 * @param python NumPy and JAX
 */
public record FunctionBench(Engine engine, Sizes sizes, int rounds, Optional<Python> python) {
  private static final long SEED = 0;

  /** Seconds of a contender's turn. */
  private static final double TURN = 0.012;

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
   * Measures one function.
   *
   * @param dtype float32 or float64
   * @throws KilnException where Kiln's values are wrong
   */
  public Figure measure(Subject subject, DType dtype) {
    SplittableRandom random = new SplittableRandom(SEED);
    double[] x = subject.x().draw(sizes.large(), random);
    double[] y = subject.y().draw(sizes.large(), random);
    List<Contender> contenders = new ArrayList<>();
    try (Arena arena = Arena.ofConfined()) {
      NDArray delayed = delayed(subject, dtype, x, y, sizes.large());
      subject.math().ifPresent(math -> check(subject, dtype, delayed, math, x, y));
      NDArray few = delayed(subject, dtype, x, y, sizes.small());
      contenders.add(
          new Contender.InJava(
              Figure.KILN, () -> delayed.compute().release(), () -> few.compute().release()));
      subject.vector().ifPresent(op -> contenders.add(vector(op, dtype, x, y, arena)));
      subject.math().ifPresent(function -> contenders.add(math(function, dtype, x, y)));
      python.ifPresent(peer -> contenders.add(peer.contender(subject, dtype, sizes)));
      contenders.forEach(Contender::warm);
      List<Lap> laps = new ArrayList<>();
      for (int round = 0; round < rounds; round++) {
        contenders.forEach(contender -> laps.addAll(contender.round(TURN)));
      }
      boolean hot = HotEngine.isHot(delayed);
      return Figure.of(subject.name(), dtype, engine.threads(), hot, sizes, laps);
    }
  }

  private NDArray delayed(Subject subject, DType dtype, double[] x, double[] y, int count) {
    return subject.kiln().apply(input(dtype, x, count), input(dtype, y, count));
  }

  private NDArray input(DType dtype, double[] values, int count) {
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
        () -> loop.run(first, second, out, sizes.small()));
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
        "math", () -> own.run(x, y, out, sizes.large()), () -> own.run(x, y, out, sizes.small()));
  }
}
