package dev.kiln.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.Axes;
import dev.kiln.DType;
import dev.kiln.Engine;
import dev.kiln.NDArray;
import dev.kiln.Shape;
import dev.kiln.Slice;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The same bits on 1, 2, 3 and 7 threads and in the interpreter, for sizes that all of them share.
 */
class ThreadsBitsTest {
  private static final int ROWS = 517;
  private static final int COLUMNS = 613;

  @Test
  void threadsDoNotChangeBits() {
    Map<String, double[]> expected;
    try (Engine engine = Engine.builder().backend("interpreter").threads(1).build()) {
      expected = results(engine);
    }
    for (int threads : List.of(1, 2, 3, 7)) {
      try (Engine engine = Engine.builder().backend("cpu").threads(threads).build()) {
        results(engine)
            .forEach(
                (name, values) ->
                    assertThat(values)
                        .as("%s on %s threads", name, threads)
                        .containsExactly(expected.get(name)));
      }
    }
  }

  private static Map<String, double[]> results(Engine engine) {
    Map<String, double[]> results = new LinkedHashMap<>();
    for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64)) {
      // Between -1 and 1, of no pattern that a wrong order would hide in.
      NDArray x =
          engine
              .arange((long) ROWS * COLUMNS)
              .multiply(7_919)
              .remainder(10_007)
              .astype(dtype)
              .divide(5_003.5)
              .subtract(1)
              .reshape(ROWS, COLUMNS)
              .compute();
      NDArray inner = x.get(Slice.of(1, -1), Slice.of(2, -3));
      Map<String, NDArray> arrays = new LinkedHashMap<>();
      arrays.put("sum", x.sum());
      arrays.put("sum of rows", x.sum(1));
      arrays.put("sum of columns", x.sum(0));
      arrays.put("sum of a transpose", x.T().sum(1));
      arrays.put("sum of a view", inner.sum());
      arrays.put("product", x.add(1).prod(0));
      arrays.put("mean", x.mean());
      arrays.put("standard deviations", x.std(Axes.of(0), 0));
      arrays.put("variance of a view", inner.T().var(Axes.all(), 1));
      arrays.put("norm", x.subtract(x.flip()).square().sum().sqrt());
      arrays.put("largest", x.max(0));
      arrays.put("functions", x.sin().add(x.exp()).multiply(x.tanh()).sum(0));
      arrays.forEach(
          (name, array) ->
              results.put(name + " " + dtype, array.astype(DType.FLOAT64).toDoubleArray()));
      assertThat(x.shape()).isEqualTo(Shape.of(ROWS, COLUMNS));
    }
    return results;
  }
}
