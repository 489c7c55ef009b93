package dev.kiln.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** Functions of each element by itself. */
public class ElementWise extends Suite {
  /** Elements of each input. */
  @Param("4194304")
  public int size;

  @Override
  int size() {
    return size;
  }

  /** {@link Workload#TRIAD} */
  @Benchmark
  public Object triad() {
    return run();
  }

  /** {@link Workload#POLYNOMIAL} */
  @Benchmark
  public Object polynomial() {
    return run();
  }

  /** {@link Workload#BLACK_SCHOLES} */
  @Benchmark
  public Object blackScholes() {
    return run();
  }

  /** {@link Workload#EXP} */
  @Benchmark
  public Object exp() {
    return run();
  }
}
