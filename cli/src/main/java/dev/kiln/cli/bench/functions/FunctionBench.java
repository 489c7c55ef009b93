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
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import jdk.incubator.vector.VectorOperators;

/**
 * Times one function after another, each contender in turn, round after round, so that a machine
 * that drifts drifts for all.
 *
 * @param engines makes the engines of Kiln
 * @param python NumPy and JAX
 */
public record FunctionBench(
    Supplier<Engine> engines, Sizes sizes, int rounds, Optional<Python> python) {
  private static final long SEED = 0;

  /** Seconds of a contender's turn. */
  private static final double TURN = 0.006;

  /** Rounds that differ more than this are not believed while there are attempts left. */
  private static final double STEADY = 0.3;

  /** How often a function is tried, until all code is compiled and stays so. */
  private static final int ATTEMPTS = 3;

  /** Copies of a loop of the Vector API. */
  private static final int COPIES = 2;

  /** The most bytes that Kiln allocates for planning a call. */
  private static final long PLANNING = 1 << 18;

  /**
   * The numbers of elements of calls on many and on few.
   *
   * @param large a multiple of the lanes of every vector, as is small
   */
  public record Sizes(int large, int small) {
    private static final int SMALL = 1024;

    /** Two or more of the widest vectors. */
    private static final int TINY = 32;

    /** Many elements; as few as fit beside them. */
    public static Sizes of(int large) {
      if (large < 2 * SMALL || large % SMALL != 0) {
        throw new KilnException(
            large + " elements were asked for; expected a multiple of 1024 from 2048 on");
      }
      return new Sizes(large, SMALL);
    }
  }

  /** A function's arguments. */
  @SuppressWarnings("ArrayRecordComponent") // Read only.
  private record Arguments(double[] x, double[] y) {}

  /**
   * Measures one function.
   *
   * @param dtype float32 or float64
   * @throws KilnException where Kiln's values are wrong
   */
  public Figure measure(Subject subject, DType dtype) {
    SplittableRandom random = new SplittableRandom(SEED);
    Arguments arguments =
        new Arguments(
            subject.x().draw(sizes.large(), random), subject.y().draw(sizes.large(), random));
    try (Arena arena = Arena.ofConfined()) {
      List<Contender> others = others(subject, dtype, arguments, arena);
      Attempt attempt = attempt(subject, dtype, arguments, others);
      for (int more = 1; more < ATTEMPTS && !attempt.isGood(); more++) {
        attempt = attempt(subject, dtype, arguments, others);
      }
      return attempt.figure();
    }
  }

  /**
   * One try.
   *
   * @param cooled whether somebody was hot no longer when the rounds were over: a class that is
   *     loaded meanwhile may make compiled code invalid
   */
  private record Attempt(Figure figure, boolean cooled) {
    boolean isGood() {
      boolean isSteady =
          !(figure.ratio() instanceof Figure.Ratio.Of(double _, double spread)) || spread < STEADY;
      return isSteady && !cooled && figure.costs().containsKey(Figure.KILN);
    }
  }

  private Attempt attempt(
      Subject subject, DType dtype, Arguments arguments, List<Contender> others) {
    try (Engine engine = HotEngine.open(engines)) {
      // Kiln first: it loads most classes.
      List<Contender> all =
          Stream.concat(Stream.of(kiln(engine, subject, dtype, arguments)), others.stream())
              .toList();
      List<String> cold = new ArrayList<>();
      all.forEach(contender -> cold.addAll(contender.warm()));
      List<Lap> laps = new ArrayList<>();
      for (int round = 0; round < rounds; round++) {
        all.forEach(contender -> laps.addAll(contender.round(TURN)));
      }
      List<String> cooled =
          all.stream()
              .flatMap(contender -> contender.cooled().stream())
              .filter(who -> !cold.contains(who))
              .toList();
      cold.addAll(cooled);
      return new Attempt(
          Figure.of(subject.name(), dtype, engine.threads(), sizes, laps, cold), !cooled.isEmpty());
    }
  }

  private Contender kiln(Engine engine, Subject subject, DType dtype, Arguments arguments) {
    NDArray many = delayed(engine, subject, dtype, arguments, sizes.large());
    NDArray few = delayed(engine, subject, dtype, arguments, sizes.small());
    subject.math().ifPresent(math -> check(subject, dtype, many, math, arguments));
    Contender.InJava calls =
        new Contender.InJava(
            Figure.KILN,
            () -> {}, // Its engine has seen to that.
            () -> many.compute().release(),
            () -> few.compute().release(),
            PLANNING + sizes.large());
    return new Contender() {
      @Override
      public List<String> warm() {
        many.compute().release();
        return HotEngine.isHot(many) ? calls.warm() : List.of(Figure.KILN);
      }

      @Override
      public List<String> cooled() {
        return calls.cooled();
      }

      @Override
      public List<Lap> round(double seconds) {
        return calls.round(seconds);
      }
    };
  }

  private List<Contender> others(Subject subject, DType dtype, Arguments arguments, Arena arena) {
    List<Contender> others = new ArrayList<>();
    subject.vector().ifPresent(operator -> others.add(vector(operator, dtype, arguments, arena)));
    subject.math().ifPresent(function -> others.add(math(function, dtype, arguments)));
    python.ifPresent(peer -> others.add(peer.contender(subject, dtype, sizes)));
    return others;
  }

  private static NDArray delayed(
      Engine engine, Subject subject, DType dtype, Arguments arguments, int count) {
    return subject
        .kiln()
        .apply(
            input(engine, dtype, arguments.x(), count), input(engine, dtype, arguments.y(), count));
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
      Arguments arguments) {
    double[] x = arguments.x();
    double[] y = arguments.y();
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
      VectorOperators.Operator operator, DType dtype, Arguments arguments, Arena arena) {
    boolean narrow = dtype == DType.FLOAT32;
    Class<? extends ArrayLoop> template = narrow ? FloatVectorLoop.class : DoubleVectorLoop.class;
    long x = offHeap(dtype, arguments.x(), arena);
    long y = offHeap(dtype, arguments.y(), arena);
    long out = offHeap(dtype, new double[sizes.large()], arena);
    List<Contender.InJava> copies = new ArrayList<>();
    for (int copy = 0; copy < COPIES; copy++) {
      ArrayLoop loop = Template.copy(template, ArrayLoop.class, operator);
      copies.add(calls(Figure.SVML, count -> loop.run(x, y, out, count)));
    }
    return new Contender.Fastest(copies);
  }

  /** A loop in this JVM, which allocates nothing. */
  private Contender.InJava calls(String who, IntConsumer loop) {
    return new Contender.InJava(
        who,
        () -> loop.accept(Sizes.TINY),
        () -> loop.accept(sizes.large()),
        () -> loop.accept(sizes.small()),
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

  private Contender math(DoubleBinaryOperator function, DType dtype, Arguments arguments) {
    double[] x = arguments.x();
    double[] y = arguments.y();
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
    return calls(Figure.MATH, count -> own.run(x, y, out, count));
  }
}
