package dev.kiln.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** Products of vectors and square matrices. */
public class LinearAlgebra extends Suite {
  /** Rows of the matrices; vectors of a dot product have as many elements as these. */
  @Param("1024")
  public int size;

  @Override
  int size() {
    return size;
  }

  /** {@link Workload#DOT} */
  @Benchmark
  public Object dot() {
    return run();
  }

  /** {@link Workload#MATRIX_VECTOR} */
  @Benchmark
  public Object matrixVector() {
    return run();
  }

  /** {@link Workload#MATRIX_PRODUCT} */
  @Benchmark
  public Object matrixProduct() {
    return run();
  }
}
