package dev.kiln.cli.bench.workload;

import dev.kiln.DType;
import dev.kiln.NDArray;
import java.util.List;
import java.util.function.LongToDoubleFunction;

/** The sum of all elements. */
final class Sum implements Workload {
  @Override
  public String name() {
    return "sum";
  }

  @Override
  public String description() {
    return "the sum of all elements";
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
    return List.of(Input.uniform(n));
  }

  @Override
  public NDArray expression(List<NDArray> inputs) {
    return inputs.getFirst().sum();
  }

  @Override
  public LongToDoubleFunction answer(List<Values> inputs) {
    Values x = inputs.getFirst();
    double sum = Exact.sum(0, x.size(), x::at);
    return _ -> sum;
  }

  @Override
  public Work work(long n, DType dtype) {
    return new Work(n, 1, n);
  }
}
