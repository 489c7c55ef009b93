package dev.kiln.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** Sums and what is made of them, over all elements, rows or columns. */
public class Reductions extends Suite {
  /** Elements; matrices have 1024 columns. */
  @Param("4194304")
  public int size;

  @Override
  int size() {
    return size;
  }

  /** {@link Workload#SUM} */
  @Benchmark
  public Object sum() {
    return run();
  }

  /** {@link Workload#NORM_DISTANCE} */
  @Benchmark
  public Object normDistance() {
    return run();
  }

  /** {@link Workload#MEAN_VARIANCE} */
  @Benchmark
  public Object meanVariance() {
    return run();
  }

  /** {@link Workload#SOFTMAX_ROWS} */
  @Benchmark
  public Object softmaxRows() {
    return run();
  }

  /** {@link Workload#SUM_ROWS} */
  @Benchmark
  public Object sumRows() {
    return run();
  }

  /** {@link Workload#SUM_COLUMNS} */
  @Benchmark
  public Object sumColumns() {
    return run();
  }
}
