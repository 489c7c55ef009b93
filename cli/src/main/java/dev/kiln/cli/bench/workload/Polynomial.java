package dev.kiln.cli.bench.workload;

import dev.kiln.DType;
import dev.kiln.NDArray;
import java.util.List;
import java.util.function.LongToDoubleFunction;

/** Horner's rule, degree 8: one read, one write, 16 operations an element. */
final class Polynomial implements Workload {
  private static final double[] COEFFICIENTS = {0.5, -1.25, 0.75, 2.0, -0.5, 0.25, 1.5, -2.25, 1.0};
  private static final int DEGREE = COEFFICIENTS.length - 1;

  @Override
  public String name() {
    return "polynomial";
  }

  @Override
  public String description() {
    return "Horner's rule, degree 8";
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
    return List.of(Input.uniform(n));
  }

  @Override
  public NDArray expression(List<NDArray> inputs) {
    NDArray x = inputs.getFirst();
    NDArray result = x.multiply(COEFFICIENTS[DEGREE]).add(COEFFICIENTS[DEGREE - 1]);
    for (int k = DEGREE - 2; k >= 0; k--) {
      result = result.multiply(x).add(COEFFICIENTS[k]);
    }
    return result;
  }

  @Override
  public LongToDoubleFunction answer(List<Values> inputs) {
    Values x = inputs.getFirst();
    return i -> {
      double result = COEFFICIENTS[DEGREE];
      for (int k = DEGREE - 1; k >= 0; k--) {
        result = result * x.at(i) + COEFFICIENTS[k];
      }
      return result;
    };
  }

  @Override
  public Work work(long n, DType dtype) {
    return new Work(n, n, 2.0 * DEGREE * n);
  }
}
