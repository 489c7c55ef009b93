package dev.kiln.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** What a calculation costs beside its arithmetic: five operations on few elements. */
public class DispatchOverhead extends Suite {
  /** Elements of each input. */
  @Param({"10", "100", "1000"})
  public int size;

  @Override
  int size() {
    return size;
  }

  /** {@link Workload#HALF_HYPOTENUSE} */
  @Benchmark
  public Object halfHypotenuse() {
    return run();
  }

  /** {@link Workload#HALF_HYPOTENUSE_BUILT} */
  @Benchmark
  public Object halfHypotenuseBuilt() {
    return run();
  }
}
