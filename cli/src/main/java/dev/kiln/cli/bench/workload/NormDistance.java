package dev.kiln.cli.bench.workload;

import dev.kiln.DType;
import dev.kiln.NDArray;
import java.util.List;
import java.util.function.LongToDoubleFunction;

/** {@code sqrt(sum((x - y)^2))}: element-wise work fused into a reduction. */
final class NormDistance implements Workload {
  @Override
  public String name() {
    return "norm-distance";
  }

  @Override
  public String description() {
    return "sqrt(sum((x - y)^2))";
  }

  @Override
  public long elements() {
    return 1L << 24;
  }

  @Override
  public double tolerance() {
    return 1e-3;
  }

  @Override
  public List<Input> inputs(long n) {
    return List.of(Input.uniform(n), Input.uniform(n));
  }

  @Override
  public NDArray expression(List<NDArray> inputs) {
    return inputs.get(0).subtract(inputs.get(1)).square().sum().sqrt();
  }

  @Override
  public LongToDoubleFunction answer(List<Values> inputs) {
    Values x = inputs.get(0);
    Values y = inputs.get(1);
    double sum =
        Exact.sum(
            0,
            x.size(),
            i -> {
              double difference = x.at(i) - y.at(i);
              return difference * difference;
            });
    return _ -> Math.sqrt(sum);
  }

  @Override
  public Work work(long n, DType dtype) {
    return new Work(2.0 * n, 1, 3.0 * n);
  }
}
