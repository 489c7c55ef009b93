package dev.kiln.jmh;

import dev.kiln.DType;
import dev.kiln.Engine;
import dev.kiln.NDArray;
import dev.kiln.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/** Kiln with one of its backends, in an engine of its own; results are released in each call. */
record KilnContender(String name) implements Contender {
  /** The bytes that a cache line has; vectors are no longer. */
  private static final int ALIGNMENT = 64;

  private static final String INTERPRETER = "interpreter";

  private static final Map<Workload, Function<Inputs, List<NDArray>>> EXPRESSIONS =
      Map.ofEntries(
          Map.entry(Workload.TRIAD, in -> List.of(KilnExpressions.triad(in.x(), in.y()))),
          Map.entry(Workload.POLYNOMIAL, in -> List.of(KilnExpressions.polynomial(in.x()))),
          Map.entry(
              Workload.BLACK_SCHOLES,
              in -> List.of(KilnExpressions.blackScholes(in.x(), in.y(), in.z()))),
          Map.entry(Workload.EXP, in -> List.of(in.x().exp())),
          Map.entry(Workload.SUM, in -> List.of(in.x().sum())),
          Map.entry(
              Workload.NORM_DISTANCE, in -> List.of(in.x().subtract(in.y()).square().sum().sqrt())),
          Map.entry(Workload.MEAN_VARIANCE, in -> List.of(in.x().mean(), in.x().var())),
          Map.entry(Workload.SOFTMAX_ROWS, in -> List.of(KilnExpressions.softmaxRows(in.x()))),
          Map.entry(Workload.SUM_ROWS, in -> List.of(in.x().sum(1))),
          Map.entry(Workload.SUM_COLUMNS, in -> List.of(in.x().sum(0))),
          Map.entry(Workload.DOT, in -> List.of(in.x().multiply(in.y()).sum())),
          Map.entry(Workload.MATRIX_VECTOR, in -> List.of(in.x().multiply(in.y()).sum(1))),
          Map.entry(Workload.MATRIX_PRODUCT, in -> List.of(in.x().matmul(in.y()))),
          Map.entry(Workload.CUMULATIVE_SUM, in -> List.of(in.x().cumulativeSum())),
          Map.entry(Workload.SORT, in -> List.of(in.x().sort())),
          Map.entry(
              Workload.HALF_HYPOTENUSE,
              in -> List.of(KilnExpressions.halfHypotenuse(in.x(), in.y()))));

  @Override
  public boolean usesThreads(Workload workload) {
    return !name.equals(INTERPRETER);
  }

  @Override
  public Map<Workload, Preparation> workloads(DType dtype) {
    if (!dtype.isFloat()) {
      return Map.of();
    }
    Map<Workload, Preparation> workloads = new EnumMap<>(Workload.class);
    EXPRESSIONS.forEach(
        (workload, expression) ->
            workloads.put(
                workload,
                (problem, threads) ->
                    prepare(problem, threads, inputs -> () -> expression.apply(inputs))));
    workloads.put(
        Workload.HALF_HYPOTENUSE_BUILT,
        (problem, threads) ->
            prepare(
                problem,
                threads,
                inputs -> {
                  NDArray built = KilnExpressions.halfHypotenuse(inputs.x(), inputs.y());
                  return () -> List.of(built);
                }));
    return workloads;
  }

  private Call<List<NDArray>> prepare(
      Problem problem, int threads, Function<Inputs, Supplier<List<NDArray>>> way) {
    Engine engine = Engine.builder().backend(name).threads(threads).build();
    Supplier<List<NDArray>> expression = way.apply(Inputs.of(engine, problem));
    return new Call<>(
        () -> engine.compute(expression.get()),
        KilnContender::numbers,
        results -> results.forEach(NDArray::release),
        engine::close);
  }

  private static double[] numbers(List<NDArray> results) {
    return results.stream()
        .flatMapToDouble(result -> Arrays.stream(result.astype(DType.FLOAT64).toDoubleArray()))
        .toArray();
  }

  /** The inputs of a problem in an engine's memory. */
  private record Inputs(List<NDArray> arrays) {
    static Inputs of(Engine engine, Problem problem) {
      List<NDArray> arrays = new ArrayList<>();
      for (int k = 0; k < problem.inputs().size(); k++) {
        NDArray array = array(engine, problem, k);
        if (array.data().address() % ALIGNMENT != 0) {
          throw new IllegalStateException(
              "an input at address %x, which is no multiple of %d; nothing is timed"
                  .formatted(array.data().address(), ALIGNMENT));
        }
        arrays.add(array);
      }
      return new Inputs(List.copyOf(arrays));
    }

    private static NDArray array(Engine engine, Problem problem, int input) {
      int size = problem.inputs().get(input).length;
      boolean isMatrix = size == problem.rows() * problem.columns() && problem.rows() > 1;
      Shape shape = isMatrix ? Shape.of(problem.rows(), problem.columns()) : Shape.of(size);
      return problem.dtype() == DType.FLOAT32
          ? engine.array(problem.floats(input), shape)
          : engine.array(problem.doubles(input), shape);
    }

    NDArray x() {
      return arrays.getFirst();
    }

    NDArray y() {
      return arrays.get(1);
    }

    NDArray z() {
      return arrays.get(2);
    }
  }
}
