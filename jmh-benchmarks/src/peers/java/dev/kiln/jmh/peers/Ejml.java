package dev.kiln.jmh.peers;

import dev.kiln.DType;
import dev.kiln.jmh.Contender;
import dev.kiln.jmh.Workload;
import java.util.Map;

/** EJML: dense matrices, results reused; the matrix product alone has a form with threads. */
public final class Ejml implements Contender {
  @Override
  public String name() {
    return "ejml";
  }

  @Override
  public boolean usesThreads(Workload workload) {
    return workload == Workload.MATRIX_PRODUCT;
  }

  @Override
  public Map<Workload, Preparation> workloads(DType dtype) {
    return switch (dtype) {
      case FLOAT32 -> EjmlFloats.WORKLOADS;
      case FLOAT64 -> EjmlDoubles.WORKLOADS;
      default -> Map.of();
    };
  }
}
