package dev.kiln.jmh;

import dev.kiln.DType;
import java.util.Map;

/** Who does the work: a backend of Kiln, plain Java, or another library. */
public interface Contender {
  /** A way to make a problem ready; the inputs are copied into whatever form suits best. */
  @FunctionalInterface
  interface Preparation {
    /** Makes a problem ready, to be calculated with so many threads. */
    Call<?> prepare(Problem problem, int threads);
  }

  /** The value of the parameter {@code backend} that chooses it. */
  String name();

  /** Whether it does a workload with as many threads as it is told to; otherwise it takes one. */
  boolean usesThreads(Workload workload);

  /** What it offers in a dtype, as natural code for this library would have it. Loads nothing. */
  Map<Workload, Preparation> workloads(DType dtype);
}
