package dev.kiln.cli.bench.workload;

import dev.kiln.DType;
import dev.kiln.NDArray;
import java.util.List;
import java.util.function.LongToDoubleFunction;

/** The product of two square matrices. */
final class MatrixProduct implements Workload {
  @Override
  public String name() {
    return "matmul";
  }

  @Override
  public String description() {
    return "the product of two square matrices";
  }

  @Override
  public long elements() {
    return 1L << 20;
  }

  @Override
  public double tolerance() {
    return 1e-4;
  }

  @Override
  public List<Input> inputs(long n) {
    long side = (long) Math.sqrt((double) n);
    return List.of(Input.uniform(side, side), Input.uniform(side, side));
  }

  @Override
  public NDArray expression(List<NDArray> inputs) {
    return inputs.get(0).matmul(inputs.get(1));
  }

  @Override
  public LongToDoubleFunction answer(List<Values> inputs) {
    int side = Math.toIntExact(inputs.getFirst().shape().extent(0));
    double[] rows = inputs.get(0).toArray();
    double[] columns = new double[rows.length];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = inputs.get(1).at((long) (i % side) * side + i / side);
    }
    return i -> {
      int row = (int) (i / side) * side;
      int column = (int) (i % side) * side;
      double sum = 0;
      for (int k = 0; k < side; k++) {
        sum += rows[row + k] * columns[column + k];
      }
      return sum;
    };
  }

  @Override
  public Work work(long n, DType dtype) {
    long side = (long) Math.sqrt((double) n);
    double count = (double) side * side;
    return new Work(2 * count, count, 2 * count * side);
  }
}
