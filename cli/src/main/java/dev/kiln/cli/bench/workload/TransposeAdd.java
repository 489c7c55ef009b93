package dev.kiln.cli.bench.workload;

import dev.kiln.DType;
import dev.kiln.NDArray;
import java.util.List;
import java.util.function.LongToDoubleFunction;

/** {@code x + x.T} of a square matrix: one operand is read across the grain. */
final class TransposeAdd implements Workload {
  @Override
  public String name() {
    return "transpose-add";
  }

  @Override
  public String description() {
    return "x + x.T of a square matrix";
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
    long side = (long) Math.sqrt((double) n);
    return List.of(Input.uniform(side, side));
  }

  @Override
  public NDArray expression(List<NDArray> inputs) {
    return inputs.getFirst().add(inputs.getFirst().T());
  }

  @Override
  public LongToDoubleFunction answer(List<Values> inputs) {
    Values x = inputs.getFirst();
    long side = x.shape().extent(1);
    return i -> x.at(i) + x.at(i % side * side + i / side);
  }

  @Override
  public Work work(long n, DType dtype) {
    long side = (long) Math.sqrt((double) n);
    double count = (double) side * side;
    return new Work(count, count, count);
  }
}
