package dev.kiln.cli.bench.workload;

import java.util.List;
import java.util.Optional;

/** All workloads, in the order in which they run. */
public final class Workloads {
  private static final List<Workload> ALL =
      List.of(
          new Triad(),
          new Polynomial(),
          new BlackScholes(),
          new Sum(),
          new NormDistance(),
          new SoftmaxRows(),
          new StandardiseColumns(),
          new PairwiseDistance(),
          new Stencil(),
          new TransposeAdd(),
          new MatrixProduct(),
          new CumulativeSum(),
          new Sort(),
          new FourierTransform());

  private Workloads() {}

  /** All of them. */
  public static List<Workload> all() {
    return ALL;
  }

  /** One by its name. */
  public static Optional<Workload> find(String name) {
    return ALL.stream().filter(workload -> workload.name().equals(name)).findFirst();
  }

  /** All names. */
  public static List<String> names() {
    return ALL.stream().map(Workload::name).toList();
  }
}
