package dev.kiln.cli.bench.workload;

import dev.kiln.DType;
import dev.kiln.NDArray;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongToDoubleFunction;

/** All elements in ascending order. */
final class Sort implements Workload {
  @Override
  public String name() {
    return "sort";
  }

  @Override
  public String description() {
    return "ascending order";
  }

  @Override
  public long elements() {
    return 1L << 22;
  }

  @Override
  public double tolerance() {
    return 0;
  }

  @Override
  public List<Input> inputs(long n) {
    return List.of(Input.uniform(n));
  }

  @Override
  public NDArray expression(List<NDArray> inputs) {
    return inputs.getFirst().sort(0);
  }

  @Override
  public LongToDoubleFunction answer(List<Values> inputs) {
    double[] sorted = inputs.getFirst().toArray();
    Arrays.parallelSort(sorted);
    return i -> sorted[Math.toIntExact(i)];
  }

  @Override
  public Work work(long n, DType dtype) {
    return new Work(n, n, 0);
  }
}
