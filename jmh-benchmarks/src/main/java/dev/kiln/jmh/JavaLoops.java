package dev.kiln.jmh;

import dev.kiln.DType;
import java.util.Map;

/**
 * What one would write without any library: loops over arrays on one thread, the result's array
 * reused. The JVM puts arrays 16 bytes behind a multiple of 8, and nothing can be done about that.
 */
final class JavaLoops implements Contender {
  @Override
  public String name() {
    return "java";
  }

  @Override
  public boolean usesThreads(Workload workload) {
    return false;
  }

  @Override
  public Map<Workload, Preparation> workloads(DType dtype) {
    return switch (dtype) {
      case FLOAT32 -> FloatLoops.WORKLOADS;
      case FLOAT64 -> DoubleLoops.WORKLOADS;
      default -> Map.of();
    };
  }
}
