package dev.kiln.cli.bench.workload;

import dev.kiln.Axes;
import dev.kiln.DType;
import dev.kiln.NDArray;
import dev.kiln.kernel.function.Elementary;
import java.util.List;
import java.util.function.LongToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Softmax along the rows of a square matrix, the maximum subtracted first. */
final class SoftmaxRows implements Workload {
  private static final Axes ROWS = Axes.of(1).keepDims();

  @Override
  public String name() {
    return "softmax-rows";
  }

  @Override
  public String description() {
    return "softmax along the rows of a square matrix";
  }

  @Override
  public long elements() {
    return 1L << 24;
  }

  @Override
  public double tolerance() {
    return 1e-5;
  }

  @Override
  public List<Input> inputs(long n) {
    long side = (long) Math.sqrt((double) n);
    return List.of(Input.normal(side, side));
  }

  @Override
  public NDArray expression(List<NDArray> inputs) {
    NDArray x = inputs.getFirst();
    NDArray e = x.subtract(x.max(ROWS)).exp();
    return e.divide(e.sum(ROWS));
  }

  @Override
  public LongToDoubleFunction answer(List<Values> inputs) {
    Values x = inputs.getFirst();
    long columns = x.shape().extent(1);
    double[] highest = new double[Math.toIntExact(x.shape().extent(0))];
    double[] totals = new double[highest.length];
    IntStream.range(0, highest.length)
        .parallel()
        .forEach(
            row -> {
              long from = row * columns;
              double high =
                  LongStream.range(from, from + columns).mapToDouble(x::at).max().orElseThrow();
              highest[row] = high;
              totals[row] = Exact.sum(from, from + columns, i -> Math.exp(x.at(i) - high));
            });
    return i -> {
      int row = Math.toIntExact(i / columns);
      return Math.exp(x.at(i) - highest[row]) / totals[row];
    };
  }

  @Override
  public Work work(long n, DType dtype) {
    long side = (long) Math.sqrt((double) n);
    double count = (double) side * side;
    return new Work(count, count, count * (4 + Flops.of(Elementary.EXP, dtype)));
  }
}
