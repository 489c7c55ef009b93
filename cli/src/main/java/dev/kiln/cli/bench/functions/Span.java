package dev.kiln.cli.bench.functions;

import java.util.Locale;
import java.util.random.RandomGenerator;

/** The numbers from low to high, which arguments are drawn from evenly. */
public record Span(double low, double high) {
  double[] draw(int count, RandomGenerator random) {
    return random.doubles(count, low, high).toArray();
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%s..%s", text(low), text(high));
  }

  private static String text(double x) {
    return x == Math.rint(x) ? Long.toString((long) x) : Double.toString(x);
  }
}
