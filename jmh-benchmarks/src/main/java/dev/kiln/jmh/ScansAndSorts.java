package dev.kiln.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** Running sums and sorting. */
public class ScansAndSorts extends Suite {
  /** Elements. */
  @Param("1048576")
  public int size;

  @Override
  int size() {
    return size;
  }

  /** {@link Workload#CUMULATIVE_SUM} */
  @Benchmark
  public Object cumulativeSum() {
    return run();
  }

  /** {@link Workload#SORT} */
  @Benchmark
  public Object sort() {
    return run();
  }
}
