package dev.kiln.jmh.peers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.kiln.DType;
import dev.kiln.jmh.Call;
import dev.kiln.jmh.Contender;
import dev.kiln.jmh.Problem;
import dev.kiln.jmh.Reference;
import dev.kiln.jmh.Workload;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;

/**
 * DJL with PyTorch, whose native code comes from its jar, never from the network. PyTorch takes the
 * number of threads once for a process.
 */
public final class Djl implements Contender {
  private static final Map<Workload, Function<NDList, NDList>> EXPRESSIONS =
      Map.ofEntries(
          Map.entry(
              Workload.TRIAD, in -> new NDList(in.get(0).mul(Reference.FACTOR).add(in.get(1)))),
          Map.entry(Workload.POLYNOMIAL, in -> new NDList(polynomial(in.get(0)))),
          Map.entry(
              Workload.BLACK_SCHOLES,
              in -> new NDList(blackScholes(in.get(0), in.get(1), in.get(2)))),
          Map.entry(Workload.EXP, in -> new NDList(in.get(0).exp())),
          Map.entry(Workload.SUM, in -> new NDList(in.get(0).sum())),
          Map.entry(Workload.NORM_DISTANCE, in -> new NDList(in.get(0).sub(in.get(1)).norm())),
          Map.entry(Workload.MEAN_VARIANCE, in -> meanVariance(in.get(0))),
          Map.entry(Workload.SOFTMAX_ROWS, in -> new NDList(in.get(0).softmax(1))),
          Map.entry(Workload.SUM_ROWS, in -> new NDList(in.get(0).sum(new int[] {1}))),
          Map.entry(Workload.SUM_COLUMNS, in -> new NDList(in.get(0).sum(new int[] {0}))),
          Map.entry(Workload.DOT, in -> new NDList(in.get(0).dot(in.get(1)))),
          Map.entry(Workload.MATRIX_VECTOR, in -> new NDList(in.get(0).matMul(in.get(1)))),
          Map.entry(Workload.MATRIX_PRODUCT, in -> new NDList(in.get(0).matMul(in.get(1)))),
          Map.entry(Workload.CUMULATIVE_SUM, in -> new NDList(in.get(0).cumSum(0))),
          Map.entry(Workload.SORT, in -> new NDList(in.get(0).sort(0))),
          Map.entry(
              Workload.HALF_HYPOTENUSE, in -> new NDList(halfHypotenuse(in.get(0), in.get(1)))));

  @Override
  public String name() {
    return "djl-pytorch";
  }

  @Override
  public boolean usesThreads(Workload workload) {
    return true;
  }

  @Override
  public Map<Workload, Preparation> workloads(DType dtype) {
    if (!dtype.isFloat()) {
      return Map.of();
    }
    Map<Workload, Preparation> workloads = new EnumMap<>(Workload.class);
    EXPRESSIONS.forEach(
        (workload, expression) ->
            workloads.put(workload, (problem, threads) -> prepare(problem, threads, expression)));
    return workloads;
  }

  private static Call<NDList> prepare(
      Problem problem, int threads, Function<NDList, NDList> expression) {
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(threads));
    NDManager manager = NDManager.newBaseManager("PyTorch");
    NDList inputs = new NDList();
    for (int input = 0; input < problem.inputs().size(); input++) {
      inputs.add(array(manager, problem, input));
    }
    return new Call<>(
        () -> scoped(inputs, expression), Djl::numbers, NDList::close, manager::close);
  }

  private static NDArray array(NDManager manager, Problem problem, int input) {
    NDArray array =
        problem.dtype() == DType.FLOAT32
            ? manager.create(problem.floats(input))
            : manager.create(problem.doubles(input));
    boolean isMatrix =
        problem.rows() > 1 && array.size() == (long) problem.rows() * problem.columns();
    return isMatrix ? array.reshape(new Shape(problem.rows(), problem.columns())) : array;
  }

  /** What a call leaves in between is closed with the scope. */
  private static NDList scoped(NDList inputs, Function<NDList, NDList> expression) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDList result = expression.apply(inputs);
      NDScope.unregister(result);
      return result;
    }
  }

  private static double[] numbers(NDList results) {
    return results.stream()
        .flatMapToDouble(
            result -> {
              try (NDArray doubles = result.toType(DataType.FLOAT64, true)) {
                return Arrays.stream(doubles.toDoubleArray());
              }
            })
        .toArray();
  }

  private static NDArray polynomial(NDArray x) {
    double[] coefficients = Reference.coefficients();
    int degree = coefficients.length - 1;
    NDArray value = x.mul(coefficients[degree]).addi(coefficients[degree - 1]);
    for (int k = degree - 2; k >= 0; k--) {
      value = value.muli(x).addi(coefficients[k]);
    }
    return value;
  }

  private static NDArray blackScholes(NDArray spot, NDArray strike, NDArray time) {
    double drift = Reference.INTEREST + 0.5 * Reference.VOLATILITY * Reference.VOLATILITY;
    NDArray spread = time.sqrt().muli(Reference.VOLATILITY);
    NDArray d1 = spot.div(strike).log().addi(time.mul(drift)).divi(spread);
    NDArray discounted = time.mul(-Reference.INTEREST).exp().muli(strike);
    return spot.mul(cdf(d1)).subi(discounted.muli(cdf(d1.sub(spread))));
  }

  private static NDArray cdf(NDArray d) {
    NDArray cube = d.mul(d).muli(d);
    return cube.muli(Reference.CDF_CUBE).addi(d).muli(Reference.CDF_SCALE).tanh().addi(1).muli(0.5);
  }

  private static NDList meanVariance(NDArray x) {
    NDArray mean = x.mean();
    return new NDList(mean, x.sub(mean).square().mean());
  }

  private static NDArray halfHypotenuse(NDArray x, NDArray y) {
    return x.mul(x).addi(y.mul(y)).sqrt().muli(0.5);
  }
}
