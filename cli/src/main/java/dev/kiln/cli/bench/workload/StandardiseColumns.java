package dev.kiln.cli.bench.workload;

import dev.kiln.Axes;
import dev.kiln.DType;
import dev.kiln.NDArray;
import java.util.List;
import java.util.function.LongToDoubleFunction;
import java.util.stream.IntStream;

/** {@code (x - mean) / std} along the columns of a matrix that has 256. */
final class StandardiseColumns implements Workload {
  private static final int COLUMNS = 256;

  @Override
  public String name() {
    return "standardise-columns";
  }

  @Override
  public String description() {
    return "(x - mean) / std of 256 columns";
  }

  @Override
  public long elements() {
    return 1L << 24;
  }

  @Override
  public double tolerance() {
    return 1e-4;
  }

  @Override
  public List<Input> inputs(long n) {
    return List.of(Input.normal(n / COLUMNS, COLUMNS));
  }

  @Override
  public NDArray expression(List<NDArray> inputs) {
    NDArray x = inputs.getFirst();
    Axes columns = Axes.of(0).keepDims();
    return x.subtract(x.mean(columns)).divide(x.std(columns, 0));
  }

  @Override
  public LongToDoubleFunction answer(List<Values> inputs) {
    Values x = inputs.getFirst();
    long rows = x.shape().extent(0);
    double[] means = new double[COLUMNS];
    double[] deviations = new double[COLUMNS];
    IntStream.range(0, COLUMNS)
        .parallel()
        .forEach(
            column -> {
              double mean = Exact.sum(0, rows, row -> x.at(row * COLUMNS + column)) / rows;
              double squares =
                  Exact.sum(
                      0,
                      rows,
                      row -> {
                        double difference = x.at(row * COLUMNS + column) - mean;
                        return difference * difference;
                      });
              means[column] = mean;
              deviations[column] = Math.sqrt(squares / rows);
            });
    return i -> {
      int column = (int) (i % COLUMNS);
      return (x.at(i) - means[column]) / deviations[column];
    };
  }

  @Override
  public Work work(long n, DType dtype) {
    long count = n / COLUMNS * COLUMNS;
    return new Work(count, count, 6 * count);
  }
}
