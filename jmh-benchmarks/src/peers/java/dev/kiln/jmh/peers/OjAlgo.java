package dev.kiln.jmh.peers;

import dev.kiln.DType;
import dev.kiln.jmh.Call;
import dev.kiln.jmh.Contender;
import dev.kiln.jmh.Problem;
import dev.kiln.jmh.Workload;
import java.util.Map;
import org.ojalgo.OjAlgoUtils;
import org.ojalgo.matrix.store.PhysicalStore;
import org.ojalgo.matrix.store.R032Store;
import org.ojalgo.matrix.store.R064Store;

/** ojAlgo: linear algebra, the result's store reused. It calculates with all threads it may use. */
public final class OjAlgo implements Contender {
  private static final Map<Workload, Preparation> WORKLOADS =
      Map.of(
          Workload.DOT, OjAlgo::dot,
          Workload.MATRIX_VECTOR, OjAlgo::matrixVector,
          Workload.MATRIX_PRODUCT, OjAlgo::matrixProduct);

  @Override
  public String name() {
    return "ojalgo";
  }

  @Override
  public boolean usesThreads(Workload workload) {
    return workload == Workload.MATRIX_PRODUCT;
  }

  @Override
  public Map<Workload, Preparation> workloads(DType dtype) {
    return dtype.isFloat() ? WORKLOADS : Map.of();
  }

  private static Call<?> dot(Problem problem, int threads) {
    OjAlgoUtils.limitThreadsTo(threads);
    PhysicalStore<Double> x = store(problem, 0, problem.size(), 1);
    PhysicalStore<Double> y = store(problem, 1, problem.size(), 1);
    return Call.of(() -> x.dot(y), number -> new double[] {number});
  }

  private static Call<?> matrixVector(Problem problem, int threads) {
    return product(problem, threads, 1);
  }

  private static Call<?> matrixProduct(Problem problem, int threads) {
    return product(problem, threads, problem.columns());
  }

  private static Call<?> product(Problem problem, int threads, int columns) {
    OjAlgoUtils.limitThreadsTo(threads);
    PhysicalStore<Double> a = store(problem, 0, problem.rows(), problem.columns());
    PhysicalStore<Double> b = store(problem, 1, problem.columns(), columns);
    PhysicalStore<Double> out = empty(problem.dtype(), problem.rows(), columns);
    return Call.of(
        () -> {
          out.fillByMultiplying(a, b);
          return out;
        },
        OjAlgo::rowMajor);
  }

  private static PhysicalStore<Double> empty(DType dtype, int rows, int columns) {
    return dtype == DType.FLOAT32
        ? R032Store.FACTORY.make(rows, columns)
        : R064Store.FACTORY.make(rows, columns);
  }

  private static PhysicalStore<Double> store(Problem problem, int input, int rows, int columns) {
    PhysicalStore<Double> store = empty(problem.dtype(), rows, columns);
    double[] numbers = problem.doubles(input);
    for (int i = 0; i < numbers.length; i++) {
      store.set(i / columns, i % columns, numbers[i]);
    }
    return store;
  }

  private static double[] rowMajor(PhysicalStore<Double> store) {
    int columns = store.getColDim();
    double[] numbers = new double[store.getRowDim() * columns];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = store.doubleValue(i / columns, i % columns);
    }
    return numbers;
  }
}
