package dev.kiln.jmh.peers;

import dev.kiln.jmh.Call;
import dev.kiln.jmh.Contender.Preparation;
import dev.kiln.jmh.Problem;
import dev.kiln.jmh.Reference;
import dev.kiln.jmh.Workload;
import java.util.Map;
import java.util.function.Consumer;
import org.ejml.concurrency.EjmlConcurrency;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.CommonOps_MT_DDRM;

/** What EJML has for {@code float64}. */
final class EjmlDoubles {
  static final Map<Workload, Preparation> WORKLOADS =
      Map.of(
          Workload.TRIAD, (p, threads) -> triad(p),
          Workload.EXP, (p, threads) -> exp(p),
          Workload.SUM, (p, threads) -> sum(p),
          Workload.SUM_ROWS, (p, threads) -> sumRows(p),
          Workload.SUM_COLUMNS, (p, threads) -> sumColumns(p),
          Workload.DOT, (p, threads) -> dot(p),
          Workload.MATRIX_VECTOR, (p, threads) -> matrixVector(p),
          Workload.MATRIX_PRODUCT, EjmlDoubles::matrixProduct);

  private EjmlDoubles() {}

  private static Call<?> triad(Problem problem) {
    DMatrixRMaj x = column(problem, 0);
    DMatrixRMaj y = column(problem, 1);
    return into(x.numRows, 1, out -> CommonOps_DDRM.add(Reference.FACTOR, x, y, out));
  }

  private static Call<?> exp(Problem problem) {
    DMatrixRMaj x = column(problem, 0);
    return into(x.numRows, 1, out -> CommonOps_DDRM.elementExp(x, out));
  }

  private static Call<?> sum(Problem problem) {
    DMatrixRMaj x = column(problem, 0);
    return Call.of(() -> CommonOps_DDRM.elementSum(x), number -> new double[] {number});
  }

  private static Call<?> sumRows(Problem problem) {
    DMatrixRMaj x = matrix(problem, 0);
    return into(x.numRows, 1, out -> CommonOps_DDRM.sumRows(x, out));
  }

  private static Call<?> sumColumns(Problem problem) {
    DMatrixRMaj x = matrix(problem, 0);
    return into(1, x.numCols, out -> CommonOps_DDRM.sumCols(x, out));
  }

  private static Call<?> dot(Problem problem) {
    DMatrixRMaj x = column(problem, 0);
    DMatrixRMaj y = column(problem, 1);
    return Call.of(() -> CommonOps_DDRM.dot(x, y), number -> new double[] {number});
  }

  private static Call<?> matrixVector(Problem problem) {
    DMatrixRMaj a = matrix(problem, 0);
    DMatrixRMaj x = column(problem, 1);
    return into(a.numRows, 1, out -> CommonOps_DDRM.mult(a, x, out));
  }

  private static Call<?> matrixProduct(Problem problem, int threads) {
    DMatrixRMaj a = matrix(problem, 0);
    DMatrixRMaj b = matrix(problem, 1);
    if (threads == 1) {
      return into(a.numRows, b.numCols, out -> CommonOps_DDRM.mult(a, b, out));
    }
    EjmlConcurrency.setMaxThreads(threads);
    return into(a.numRows, b.numCols, out -> CommonOps_MT_DDRM.mult(a, b, out));
  }

  private static DMatrixRMaj column(Problem problem, int input) {
    double[] numbers = problem.doubles(input);
    return DMatrixRMaj.wrap(numbers.length, 1, numbers);
  }

  private static DMatrixRMaj matrix(Problem problem, int input) {
    return DMatrixRMaj.wrap(problem.rows(), problem.columns(), problem.doubles(input));
  }

  private static Call<?> into(int rows, int columns, Consumer<DMatrixRMaj> fill) {
    DMatrixRMaj out = new DMatrixRMaj(rows, columns);
    return Call.of(
        () -> {
          fill.accept(out);
          return out;
        },
        result -> result.data.clone());
  }
}
