package dev.kiln.cli.bench.workload;

import dev.kiln.DType;
import dev.kiln.NDArray;
import dev.kiln.kernel.function.Elementary;
import java.util.List;
import java.util.function.LongToDoubleFunction;

/**
 * The price of a European call; the normal distribution function by {@code (1 + tanh(0.7978845608
 * (d + 0.044715 d^3))) / 2}, since not everybody that this is compared to has an error function.
 */
final class BlackScholes implements Workload {
  private static final double RATE = 0.03;
  private static final double VOLATILITY = 0.3;
  private static final double DRIFT = RATE + 0.5 * VOLATILITY * VOLATILITY;
  private static final double Q = 0.7978845608;
  private static final double G = 0.044715;

  /** Operations beside the functions. */
  private static final int PLAIN = 26;

  private static NDArray cdf(NDArray d) {
    NDArray cube = d.multiply(G).multiply(d).multiply(d);
    return d.add(cube).multiply(Q).tanh().add(1).multiply(0.5);
  }

  private static double cdf(double d) {
    return 0.5 * (1 + Math.tanh(Q * (d + G * d * d * d)));
  }

  @Override
  public String name() {
    return "black-scholes";
  }

  @Override
  public String description() {
    return "the price of a European call";
  }

  @Override
  public long elements() {
    return 1L << 22;
  }

  @Override
  public double tolerance() {
    return 2e-5;
  }

  @Override
  public List<Input> inputs(long n) {
    return List.of(
        Input.between(20, 80, n), Input.between(20, 80, n), Input.between(0.25, 2.25, n));
  }

  @Override
  public NDArray expression(List<NDArray> inputs) {
    NDArray s = inputs.get(0);
    NDArray k = inputs.get(1);
    NDArray t = inputs.get(2);
    NDArray w = t.sqrt().multiply(VOLATILITY);
    NDArray d1 = s.divide(k).log().add(t.multiply(DRIFT)).divide(w);
    NDArray discounted = k.multiply(t.multiply(-RATE).exp());
    return s.multiply(cdf(d1)).subtract(discounted.multiply(cdf(d1.subtract(w))));
  }

  @Override
  public LongToDoubleFunction answer(List<Values> inputs) {
    Values s = inputs.get(0);
    Values k = inputs.get(1);
    Values t = inputs.get(2);
    return i -> {
      double w = VOLATILITY * Math.sqrt(t.at(i));
      double d1 = (Math.log(s.at(i) / k.at(i)) + DRIFT * t.at(i)) / w;
      return s.at(i) * cdf(d1) - k.at(i) * Math.exp(-RATE * t.at(i)) * cdf(d1 - w);
    };
  }

  @Override
  public Work work(long n, DType dtype) {
    int functions =
        Flops.of(Elementary.LOG, dtype)
            + Flops.of(Elementary.EXP, dtype)
            + 2 * Flops.of(Elementary.TANH, dtype);
    return new Work(3.0 * n, n, (double) (PLAIN + functions) * n);
  }
}
