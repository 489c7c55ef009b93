package dev.kiln.cli.bench.workload;

import java.util.function.LongToDoubleFunction;

/** Sums in double whose error does not grow with their length. */
final class Exact {
  private Exact() {}

  /** The sum of f(from) to f(to - 1), by Neumaier's compensation. */
  static double sum(long from, long to, LongToDoubleFunction f) {
    double sum = 0;
    double lost = 0;
    for (long i = from; i < to; i++) {
      double x = f.applyAsDouble(i);
      double next = sum + x;
      lost += Math.abs(sum) >= Math.abs(x) ? sum - next + x : x - next + sum;
      sum = next;
    }
    return sum + lost;
  }
}
