package dev.kiln.cli.bench.workload;

import dev.kiln.DType;
import dev.kiln.NDArray;
import dev.kiln.Slice;
import java.util.List;
import java.util.function.LongToDoubleFunction;

/** One Jacobi sweep on a square grid, written with slices. */
final class Stencil implements Workload {
  @Override
  public String name() {
    return "stencil-5";
  }

  @Override
  public String description() {
    return "one Jacobi sweep on a square grid";
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
    NDArray x = inputs.getFirst();
    Slice inner = Slice.of(1, -1);
    NDArray above = x.get(Slice.to(-2), inner);
    NDArray below = x.get(Slice.from(2), inner);
    NDArray left = x.get(inner, Slice.to(-2));
    NDArray right = x.get(inner, Slice.from(2));
    return above.add(below).add(left).add(right).multiply(0.25);
  }

  @Override
  public LongToDoubleFunction answer(List<Values> inputs) {
    Values x = inputs.getFirst();
    long side = x.shape().extent(1);
    return i -> {
      long at = (i / (side - 2) + 1) * side + i % (side - 2) + 1;
      return 0.25 * (x.at(at - side) + x.at(at + side) + x.at(at - 1) + x.at(at + 1));
    };
  }

  @Override
  public Work work(long n, DType dtype) {
    long side = (long) Math.sqrt((double) n);
    double count = (double) (side - 2) * (side - 2);
    return new Work((double) side * side, count, 4 * count);
  }
}
