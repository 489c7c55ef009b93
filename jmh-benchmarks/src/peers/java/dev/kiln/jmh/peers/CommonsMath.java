package dev.kiln.jmh.peers;

import dev.kiln.DType;
import dev.kiln.jmh.Call;
import dev.kiln.jmh.Contender;
import dev.kiln.jmh.Problem;
import dev.kiln.jmh.Reference;
import dev.kiln.jmh.Workload;
import java.util.Arrays;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.BlockRealMatrix;
import org.apache.commons.math3.linear.RealVector;
import org.apache.commons.math3.stat.StatUtils;
import org.apache.commons.math3.util.FastMath;

/** Apache Commons Math: doubles, one thread. */
public final class CommonsMath implements Contender {
  private static final Map<Workload, Preparation> WORKLOADS =
      Map.ofEntries(
          Map.entry(Workload.TRIAD, (p, threads) -> triad(p)),
          Map.entry(Workload.EXP, (p, threads) -> exp(p)),
          Map.entry(Workload.SUM, (p, threads) -> sum(p)),
          Map.entry(Workload.NORM_DISTANCE, (p, threads) -> normDistance(p)),
          Map.entry(Workload.MEAN_VARIANCE, (p, threads) -> meanVariance(p)),
          Map.entry(Workload.DOT, (p, threads) -> dot(p)),
          Map.entry(Workload.MATRIX_VECTOR, (p, threads) -> matrixVector(p)),
          Map.entry(Workload.MATRIX_PRODUCT, (p, threads) -> matrixProduct(p)));

  @Override
  public String name() {
    return "commons-math";
  }

  @Override
  public boolean usesThreads(Workload workload) {
    return false;
  }

  @Override
  public Map<Workload, Preparation> workloads(DType dtype) {
    return dtype == DType.FLOAT64 ? WORKLOADS : Map.of();
  }

  private static Call<?> triad(Problem problem) {
    ArrayRealVector x = vector(problem, 0);
    ArrayRealVector y = vector(problem, 1);
    return vectors(() -> x.combine(Reference.FACTOR, 1, y));
  }

  private static Call<?> exp(Problem problem) {
    ArrayRealVector x = vector(problem, 0);
    return vectors(() -> x.map(FastMath::exp));
  }

  private static Call<?> sum(Problem problem) {
    double[] x = problem.doubles(0);
    return number(() -> StatUtils.sum(x));
  }

  private static Call<?> normDistance(Problem problem) {
    ArrayRealVector x = vector(problem, 0);
    ArrayRealVector y = vector(problem, 1);
    return number(() -> x.getDistance(y));
  }

  private static Call<?> meanVariance(Problem problem) {
    double[] x = problem.doubles(0);
    return Call.of(
        () -> {
          double mean = StatUtils.mean(x);
          return new double[] {mean, StatUtils.populationVariance(x, mean)};
        },
        double[]::clone);
  }

  private static Call<?> dot(Problem problem) {
    ArrayRealVector x = vector(problem, 0);
    ArrayRealVector y = vector(problem, 1);
    return number(() -> x.dotProduct(y));
  }

  private static Call<?> matrixVector(Problem problem) {
    BlockRealMatrix a = matrix(problem, 0);
    double[] x = problem.doubles(1);
    return Call.of(() -> a.operate(x), double[]::clone);
  }

  private static Call<?> matrixProduct(Problem problem) {
    BlockRealMatrix a = matrix(problem, 0);
    BlockRealMatrix b = matrix(problem, 1);
    return Call.of(() -> a.multiply(b), CommonsMath::rowMajor);
  }

  private static ArrayRealVector vector(Problem problem, int input) {
    return new ArrayRealVector(problem.doubles(input), false);
  }

  private static BlockRealMatrix matrix(Problem problem, int input) {
    double[] numbers = problem.doubles(input);
    double[][] rows = new double[problem.rows()][];
    for (int row = 0; row < rows.length; row++) {
      int start = row * problem.columns();
      rows[row] = Arrays.copyOfRange(numbers, start, start + problem.columns());
    }
    return new BlockRealMatrix(rows);
  }

  private static double[] rowMajor(BlockRealMatrix matrix) {
    double[] numbers = new double[matrix.getRowDimension() * matrix.getColumnDimension()];
    for (int row = 0; row < matrix.getRowDimension(); row++) {
      System.arraycopy(
          matrix.getRow(row),
          0,
          numbers,
          row * matrix.getColumnDimension(),
          matrix.getColumnDimension());
    }
    return numbers;
  }

  private static Call<?> vectors(Supplier<RealVector> compute) {
    return Call.of(compute, RealVector::toArray);
  }

  private static Call<?> number(DoubleSupplier compute) {
    return Call.of(compute::getAsDouble, number -> new double[] {number});
  }
}
