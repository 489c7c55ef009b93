package dev.kiln.cli.bench.workload;

import dev.kiln.DType;
import dev.kiln.NDArray;
import java.util.List;
import java.util.function.LongToDoubleFunction;

/** Running sums of numbers around 0. */
final class CumulativeSum implements Workload {
  @Override
  public String name() {
    return "cumsum";
  }

  @Override
  public String description() {
    return "running sums";
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
    return List.of(Input.between(-0.5, 0.5, n));
  }

  @Override
  public NDArray expression(List<NDArray> inputs) {
    return inputs.getFirst().cumulativeSum(0);
  }

  @Override
  public LongToDoubleFunction answer(List<Values> inputs) {
    double[] sums = inputs.getFirst().toArray();
    double lost = 0;
    double sum = 0;
    for (int i = 0; i < sums.length; i++) {
      // Kahan's compensation.
      double x = sums[i] - lost;
      double next = sum + x;
      lost = next - sum - x;
      sum = next;
      sums[i] = sum;
    }
    return i -> sums[Math.toIntExact(i)];
  }

  @Override
  public Work work(long n, DType dtype) {
    return new Work(n, n, n);
  }
}
