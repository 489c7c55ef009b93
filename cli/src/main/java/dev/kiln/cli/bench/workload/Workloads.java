package dev.kiln.cli.bench.workload;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** All workloads, in the order in which they run. */
public final class Workloads {
  private static final List<Workload> READY =
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
          new Sort());

  private static final List<Missing> MISSING = List.of(new Missing("fft", "a Fourier transform"));

  private Workloads() {}

  /** A workload that Kiln lacks an operation for. */
  public record Missing(String name, String operation) {}

  /** Those that can run. */
  public static List<Workload> ready() {
    return READY;
  }

  /** Those that cannot run yet. */
  public static List<Missing> missing() {
    return MISSING;
  }

  /** One that can run. */
  public static Optional<Workload> find(String name) {
    return READY.stream().filter(workload -> workload.name().equals(name)).findFirst();
  }

  /** All names. */
  public static List<String> names() {
    return Stream.concat(READY.stream().map(Workload::name), MISSING.stream().map(Missing::name))
        .toList();
  }
}
