package dev.kiln.cli.bench.workload;

import dev.kiln.DType;
import dev.kiln.NDArray;
import java.util.List;
import java.util.function.LongToDoubleFunction;

/** {@code 2.5 x + y}: limited by memory. */
final class Triad implements Workload {
  @Override
  public String name() {
    return "triad";
  }

  @Override
  public String description() {
    return "2.5 x + y";
  }

  @Override
  public long elements() {
    return 1L << 24;
  }

  @Override
  public double tolerance() {
    return 1e-6;
  }

  @Override
  public List<Input> inputs(long n) {
    return List.of(Input.uniform(n), Input.uniform(n));
  }

  @Override
  public NDArray expression(List<NDArray> inputs) {
    return inputs.get(0).multiply(2.5).add(inputs.get(1));
  }

  @Override
  public LongToDoubleFunction answer(List<Values> inputs) {
    Values x = inputs.get(0);
    Values y = inputs.get(1);
    return i -> 2.5 * x.at(i) + y.at(i);
  }

  @Override
  public Work work(long n, DType dtype) {
    return new Work(2.0 * n, n, 2.0 * n);
  }
}
