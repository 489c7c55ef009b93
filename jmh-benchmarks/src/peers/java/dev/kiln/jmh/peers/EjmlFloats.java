package dev.kiln.jmh.peers;

import dev.kiln.jmh.Call;
import dev.kiln.jmh.Contender.Preparation;
import dev.kiln.jmh.Problem;
import dev.kiln.jmh.Reference;
import dev.kiln.jmh.Workload;
import java.util.Map;
import java.util.function.Consumer;
import org.ejml.concurrency.EjmlConcurrency;
import org.ejml.data.FMatrixRMaj;
import org.ejml.dense.row.CommonOps_FDRM;
import org.ejml.dense.row.CommonOps_MT_FDRM;

/** What EJML has for {@code float32}. */
final class EjmlFloats {
  static final Map<Workload, Preparation> WORKLOADS =
      Map.of(
          Workload.TRIAD, (p, threads) -> triad(p),
          Workload.EXP, (p, threads) -> exp(p),
          Workload.SUM, (p, threads) -> sum(p),
          Workload.SUM_ROWS, (p, threads) -> sumRows(p),
          Workload.SUM_COLUMNS, (p, threads) -> sumColumns(p),
          Workload.DOT, (p, threads) -> dot(p),
          Workload.MATRIX_VECTOR, (p, threads) -> matrixVector(p),
          Workload.MATRIX_PRODUCT, EjmlFloats::matrixProduct);

  private EjmlFloats() {}

  private static Call<?> triad(Problem problem) {
    FMatrixRMaj x = column(problem, 0);
    FMatrixRMaj y = column(problem, 1);
    return into(x.numRows, 1, out -> CommonOps_FDRM.add((float) Reference.FACTOR, x, y, out));
  }

  private static Call<?> exp(Problem problem) {
    FMatrixRMaj x = column(problem, 0);
    return into(x.numRows, 1, out -> CommonOps_FDRM.elementExp(x, out));
  }

  private static Call<?> sum(Problem problem) {
    FMatrixRMaj x = column(problem, 0);
    return Call.of(() -> CommonOps_FDRM.elementSum(x), number -> new double[] {number});
  }

  private static Call<?> sumRows(Problem problem) {
    FMatrixRMaj x = matrix(problem, 0);
    return into(x.numRows, 1, out -> CommonOps_FDRM.sumRows(x, out));
  }

  private static Call<?> sumColumns(Problem problem) {
    FMatrixRMaj x = matrix(problem, 0);
    return into(1, x.numCols, out -> CommonOps_FDRM.sumCols(x, out));
  }

  private static Call<?> dot(Problem problem) {
    FMatrixRMaj x = column(problem, 0);
    FMatrixRMaj y = column(problem, 1);
    return Call.of(() -> CommonOps_FDRM.dot(x, y), number -> new double[] {number});
  }

  private static Call<?> matrixVector(Problem problem) {
    FMatrixRMaj a = matrix(problem, 0);
    FMatrixRMaj x = column(problem, 1);
    return into(a.numRows, 1, out -> CommonOps_FDRM.mult(a, x, out));
  }

  private static Call<?> matrixProduct(Problem problem, int threads) {
    FMatrixRMaj a = matrix(problem, 0);
    FMatrixRMaj b = matrix(problem, 1);
    if (threads == 1) {
      return into(a.numRows, b.numCols, out -> CommonOps_FDRM.mult(a, b, out));
    }
    EjmlConcurrency.setMaxThreads(threads);
    return into(a.numRows, b.numCols, out -> CommonOps_MT_FDRM.mult(a, b, out));
  }

  private static FMatrixRMaj column(Problem problem, int input) {
    float[] numbers = problem.floats(input);
    return FMatrixRMaj.wrap(numbers.length, 1, numbers);
  }

  private static FMatrixRMaj matrix(Problem problem, int input) {
    return FMatrixRMaj.wrap(problem.rows(), problem.columns(), problem.floats(input));
  }

  private static Call<?> into(int rows, int columns, Consumer<FMatrixRMaj> fill) {
    FMatrixRMaj out = new FMatrixRMaj(rows, columns);
    return Call.of(
        () -> {
          fill.accept(out);
          return out;
        },
        result -> Numbers.ofFloats(result.data));
  }
}
