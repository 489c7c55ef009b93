package dev.kiln.jmh.peers;

import static org.nd4j.linalg.ops.transforms.Transforms.exp;
import static org.nd4j.linalg.ops.transforms.Transforms.log;
import static org.nd4j.linalg.ops.transforms.Transforms.softmax;
import static org.nd4j.linalg.ops.transforms.Transforms.sqrt;
import static org.nd4j.linalg.ops.transforms.Transforms.tanh;

import dev.kiln.DType;
import dev.kiln.jmh.Call;
import dev.kiln.jmh.Contender;
import dev.kiln.jmh.Problem;
import dev.kiln.jmh.Reference;
import dev.kiln.jmh.Workload;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * ND4J with {@code nd4j-native}. Operations work in place wherever their input is a value of their
 * own, and what is left over is closed, as one would for speed.
 */
public final class Nd4j implements Contender {
  private static final Map<Workload, Function<List<INDArray>, List<INDArray>>> EXPRESSIONS =
      Map.ofEntries(
          Map.entry(Workload.TRIAD, in -> List.of(in.get(0).mul(Reference.FACTOR).addi(in.get(1)))),
          Map.entry(Workload.POLYNOMIAL, in -> List.of(polynomial(in.get(0)))),
          Map.entry(
              Workload.BLACK_SCHOLES, in -> List.of(blackScholes(in.get(0), in.get(1), in.get(2)))),
          Map.entry(Workload.EXP, in -> List.of(exp(in.get(0)))),
          Map.entry(Workload.SUM, in -> List.of(in.get(0).sum())),
          Map.entry(Workload.NORM_DISTANCE, in -> List.of(normDistance(in.get(0), in.get(1)))),
          Map.entry(Workload.MEAN_VARIANCE, in -> List.of(in.get(0).mean(), in.get(0).var(false))),
          Map.entry(Workload.SOFTMAX_ROWS, in -> List.of(softmax(in.get(0)))),
          Map.entry(Workload.SUM_ROWS, in -> List.of(in.get(0).sum(1))),
          Map.entry(Workload.SUM_COLUMNS, in -> List.of(in.get(0).sum(0))),
          Map.entry(Workload.DOT, in -> List.of(in.get(0).mmul(in.get(1)))),
          Map.entry(Workload.MATRIX_VECTOR, in -> List.of(in.get(0).mmul(in.get(1)))),
          Map.entry(Workload.MATRIX_PRODUCT, in -> List.of(in.get(0).mmul(in.get(1)))),
          Map.entry(Workload.CUMULATIVE_SUM, in -> List.of(in.get(0).cumsum(0))),
          Map.entry(
              Workload.SORT,
              in -> List.of(org.nd4j.linalg.factory.Nd4j.sort(in.get(0).dup(), true))),
          Map.entry(Workload.HALF_HYPOTENUSE, in -> List.of(halfHypotenuse(in.get(0), in.get(1)))));

  @Override
  public String name() {
    return "nd4j";
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

  private static Call<List<INDArray>> prepare(
      Problem problem, int threads, Function<List<INDArray>, List<INDArray>> expression) {
    org.nd4j.linalg.factory.Nd4j.getEnvironment().setMaxMasterThreads(threads);
    org.nd4j.linalg.factory.Nd4j.getEnvironment().setMaxThreads(threads);
    org.nd4j.linalg.factory.Nd4j.factory().blas().setMaxThreads(threads);
    List<INDArray> inputs = new ArrayList<>();
    for (int input = 0; input < problem.inputs().size(); input++) {
      inputs.add(array(problem, input));
    }
    return new Call<>(
        () -> expression.apply(inputs), Nd4j::numbers, Nd4j::close, () -> close(inputs));
  }

  private static INDArray array(Problem problem, int input) {
    INDArray array =
        problem.dtype() == DType.FLOAT32
            ? org.nd4j.linalg.factory.Nd4j.createFromArray(problem.floats(input))
            : org.nd4j.linalg.factory.Nd4j.createFromArray(problem.doubles(input));
    boolean isMatrix =
        problem.rows() > 1 && array.length() == (long) problem.rows() * problem.columns();
    return isMatrix ? array.reshape('c', problem.rows(), problem.columns()) : array;
  }

  private static void close(List<INDArray> arrays) {
    arrays.forEach(INDArray::close);
  }

  private static double[] numbers(List<INDArray> results) {
    return results.stream()
        .flatMapToDouble(
            result -> Arrays.stream(result.castTo(DataType.DOUBLE).dup('c').data().asDouble()))
        .toArray();
  }

  private static INDArray polynomial(INDArray x) {
    double[] coefficients = Reference.coefficients();
    int degree = coefficients.length - 1;
    INDArray value = x.mul(coefficients[degree]).addi(coefficients[degree - 1]);
    for (int k = degree - 2; k >= 0; k--) {
      value = value.muli(x).addi(coefficients[k]);
    }
    return value;
  }

  private static INDArray blackScholes(INDArray spot, INDArray strike, INDArray time) {
    double drift = Reference.INTEREST + 0.5 * Reference.VOLATILITY * Reference.VOLATILITY;
    INDArray spread = sqrt(time).muli(Reference.VOLATILITY);
    INDArray drifted = time.mul(drift);
    INDArray d1 = log(spot.div(strike), false).addi(drifted).divi(spread);
    INDArray discounted = exp(time.mul(-Reference.INTEREST), false).muli(strike);
    INDArray d2 = d1.sub(spread);
    INDArray first = cdf(d1).muli(spot);
    INDArray second = cdf(d2).muli(discounted);
    INDArray price = first.subi(second);
    close(List.of(spread, drifted, d1, discounted, d2, second));
    return price;
  }

  private static INDArray cdf(INDArray d) {
    INDArray curved = d.mul(d).muli(d).muli(Reference.CDF_CUBE).addi(d).muli(Reference.CDF_SCALE);
    return tanh(curved, false).addi(1).muli(0.5);
  }

  private static INDArray normDistance(INDArray x, INDArray y) {
    INDArray difference = x.sub(y);
    INDArray norm = difference.norm2();
    difference.close();
    return norm;
  }

  private static INDArray halfHypotenuse(INDArray x, INDArray y) {
    INDArray squares = y.mul(y);
    INDArray result = sqrt(x.mul(x).addi(squares), false).muli(0.5);
    squares.close();
    return result;
  }
}
