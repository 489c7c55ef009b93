package dev.kiln.cli.bench.workload;

import dev.kiln.DType;
import dev.kiln.NDArray;
import java.util.List;
import java.util.function.LongToDoubleFunction;

/** All Euclidean distances between points in three dimensions, by broadcasting. */
final class PairwiseDistance implements Workload {
  @Override
  public String name() {
    return "pairwise-distance";
  }

  @Override
  public String description() {
    return "all distances between points in three dimensions";
  }

  @Override
  public long elements() {
    return 1L << 22;
  }

  @Override
  public double tolerance() {
    return 1e-3;
  }

  @Override
  public List<Input> inputs(long n) {
    long side = (long) Math.sqrt((double) n);
    return List.of(Input.uniform(side, 3));
  }

  @Override
  public NDArray expression(List<NDArray> inputs) {
    NDArray p = inputs.getFirst();
    return p.expandDims(1).subtract(p.expandDims(0)).square().sum(2).sqrt();
  }

  @Override
  public LongToDoubleFunction answer(List<Values> inputs) {
    Values p = inputs.getFirst();
    long m = p.shape().extent(0);
    return i -> {
      double a = p.at(i / m * 3) - p.at(i % m * 3);
      double b = p.at(i / m * 3 + 1) - p.at(i % m * 3 + 1);
      double c = p.at(i / m * 3 + 2) - p.at(i % m * 3 + 2);
      return Math.sqrt(a * a + b * b + c * c);
    };
  }

  @Override
  public Work work(long n, DType dtype) {
    long side = (long) Math.sqrt((double) n);
    double count = (double) side * side;
    return new Work(3.0 * side, count, 9 * count);
  }
}
