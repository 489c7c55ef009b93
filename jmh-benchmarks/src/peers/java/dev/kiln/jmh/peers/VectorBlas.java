package dev.kiln.jmh.peers;

import dev.kiln.DType;
import dev.kiln.jmh.Call;
import dev.kiln.jmh.Contender;
import dev.kiln.jmh.Problem;
import dev.kiln.jmh.Reference;
import dev.kiln.jmh.Workload;
import dev.ludovic.netlib.blas.JavaBLAS;
import java.util.Map;
import java.util.function.Consumer;

/**
 * netlib's {@code VectorBLAS}: BLAS in Java with the Vector API, one thread. BLAS keeps matrices by
 * columns, so that a row-major matrix is its own transpose there.
 */
public final class VectorBlas implements Contender {
  private static final Map<Workload, Preparation> FLOATS =
      Map.of(
          Workload.TRIAD, (p, threads) -> floatTriad(p),
          Workload.DOT, (p, threads) -> floatDot(p),
          Workload.MATRIX_VECTOR, (p, threads) -> floatMatrixVector(p),
          Workload.MATRIX_PRODUCT, (p, threads) -> floatMatrixProduct(p));

  private static final Map<Workload, Preparation> DOUBLES =
      Map.of(
          Workload.TRIAD, (p, threads) -> triad(p),
          Workload.DOT, (p, threads) -> dot(p),
          Workload.MATRIX_VECTOR, (p, threads) -> matrixVector(p),
          Workload.MATRIX_PRODUCT, (p, threads) -> matrixProduct(p));

  @Override
  public String name() {
    return "vector-blas";
  }

  @Override
  public boolean usesThreads(Workload workload) {
    return false;
  }

  @Override
  public Map<Workload, Preparation> workloads(DType dtype) {
    return switch (dtype) {
      case FLOAT32 -> FLOATS;
      case FLOAT64 -> DOUBLES;
      default -> Map.of();
    };
  }

  /** Without the Vector API netlib quietly takes another implementation. */
  private static JavaBLAS blas() {
    JavaBLAS blas = JavaBLAS.getInstance();
    if (!blas.getClass().getSimpleName().equals("VectorBLAS")) {
      throw new IllegalStateException(
          "netlib chose "
              + blas.getClass().getSimpleName()
              + " instead of VectorBLAS; start Java with --add-modules jdk.incubator.vector");
    }
    return blas;
  }

  private static Call<?> triad(Problem problem) {
    JavaBLAS blas = blas();
    double[] x = problem.doubles(0);
    double[] y = problem.doubles(1);
    return doubles(
        x.length,
        out -> {
          System.arraycopy(y, 0, out, 0, out.length);
          blas.daxpy(out.length, Reference.FACTOR, x, 1, out, 1);
        });
  }

  private static Call<?> dot(Problem problem) {
    JavaBLAS blas = blas();
    double[] x = problem.doubles(0);
    double[] y = problem.doubles(1);
    return doubles(1, out -> out[0] = blas.ddot(x.length, x, 1, y, 1));
  }

  private static Call<?> matrixVector(Problem problem) {
    JavaBLAS blas = blas();
    double[] a = problem.doubles(0);
    double[] x = problem.doubles(1);
    int n = problem.rows();
    return doubles(n, out -> blas.dgemv("T", n, n, 1, a, n, x, 1, 0, out, 1));
  }

  private static Call<?> matrixProduct(Problem problem) {
    JavaBLAS blas = blas();
    double[] a = problem.doubles(0);
    double[] b = problem.doubles(1);
    int n = problem.rows();
    return doubles(n * n, out -> blas.dgemm("N", "N", n, n, n, 1, b, n, a, n, 0, out, n));
  }

  private static Call<double[]> doubles(int length, Consumer<double[]> fill) {
    double[] out = new double[length];
    return Call.of(
        () -> {
          fill.accept(out);
          return out;
        },
        double[]::clone);
  }

  private static Call<?> floatTriad(Problem problem) {
    JavaBLAS blas = blas();
    float[] x = problem.floats(0);
    float[] y = problem.floats(1);
    return floats(
        x.length,
        out -> {
          System.arraycopy(y, 0, out, 0, out.length);
          blas.saxpy(out.length, (float) Reference.FACTOR, x, 1, out, 1);
        });
  }

  private static Call<?> floatDot(Problem problem) {
    JavaBLAS blas = blas();
    float[] x = problem.floats(0);
    float[] y = problem.floats(1);
    return floats(1, out -> out[0] = blas.sdot(x.length, x, 1, y, 1));
  }

  private static Call<?> floatMatrixVector(Problem problem) {
    JavaBLAS blas = blas();
    float[] a = problem.floats(0);
    float[] x = problem.floats(1);
    int n = problem.rows();
    return floats(n, out -> blas.sgemv("T", n, n, 1, a, n, x, 1, 0, out, 1));
  }

  private static Call<?> floatMatrixProduct(Problem problem) {
    JavaBLAS blas = blas();
    float[] a = problem.floats(0);
    float[] b = problem.floats(1);
    int n = problem.rows();
    return floats(n * n, out -> blas.sgemm("N", "N", n, n, n, 1, b, n, a, n, 0, out, n));
  }

  private static Call<float[]> floats(int length, Consumer<float[]> fill) {
    float[] out = new float[length];
    return Call.of(
        () -> {
          fill.accept(out);
          return out;
        },
        Numbers::ofFloats);
  }
}
