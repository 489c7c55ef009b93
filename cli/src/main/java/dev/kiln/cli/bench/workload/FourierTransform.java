package dev.kiln.cli.bench.workload;

import dev.kiln.DType;
import dev.kiln.NDArray;
import java.util.List;
import java.util.function.LongToDoubleFunction;

/** The Fourier transform of real numbers: the half of it that says all. */
final class FourierTransform implements Workload {
  @Override
  public String name() {
    return "fft";
  }

  @Override
  public String description() {
    return "the Fourier transform of real numbers";
  }

  @Override
  public long elements() {
    return 1L << 20;
  }

  @Override
  public double tolerance() {
    return 1e-3;
  }

  @Override
  public List<Input> inputs(long n) {
    return List.of(Input.uniform(PlainFourier.length(n)));
  }

  @Override
  public NDArray expression(List<NDArray> inputs) {
    return inputs.getFirst().rfft();
  }

  @Override
  public LongToDoubleFunction answer(List<Values> inputs) {
    PlainFourier transformed = PlainFourier.of(inputs.getFirst().toArray());
    // Pairs of a real and an imaginary part.
    return i -> i % 2 == 0 ? transformed.re((int) (i / 2)) : transformed.im((int) (i / 2));
  }

  @Override
  public Work work(long n, DType dtype) {
    // Half of what is usually said of complex numbers: 5 n log2 n.
    return new Work(n, n, 2.5 * n * Math.log((double) n) / Math.log(2));
  }
}
