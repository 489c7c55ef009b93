package dev.kiln.contract;

import static dev.kiln.contract.TestGraphs.broadcast;
import static dev.kiln.contract.TestGraphs.call;
import static dev.kiln.contract.TestGraphs.flip;
import static dev.kiln.contract.TestGraphs.map;
import static dev.kiln.contract.TestGraphs.permute;
import static dev.kiln.contract.TestGraphs.reshape;
import static dev.kiln.contract.TestGraphs.slice;

import dev.kiln.DType;
import dev.kiln.Shape;
import dev.kiln.contract.TestData.Kind;
import dev.kiln.graph.ElementOp;
import dev.kiln.graph.Node;
import dev.kiln.kernel.Routine.Cumulative;
import dev.kiln.kernel.Routine.Cumulative.Fold;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every backend must do with routines: give the interpreter's bits, at sizes around every
 * block and tile, on views of memory and of computed values. {@link BackendContract} has random
 * graphs of them.
 */
public abstract class RoutineContract {
  private static final long SEED = 20260101;

  /** The way of evaluating graphs that is under test. */
  protected abstract GraphEvaluator evaluator();

  private void check(String what, Node... roots) {
    new Agreement(evaluator()).check(what, roots);
  }

  private static SplittableRandom random(Object... labels) {
    return new SplittableRandom(SEED + Arrays.toString(labels).hashCode());
  }

  /** The dtypes that are numbers. */
  public static Stream<DType> numbers() {
    return TestGraphs.DTYPES.stream().filter(DType::isNumeric);
  }

  // ---- running sums and products ----------------------------------------------------------------

  private static final List<Shape> RUNS =
      List.of(
          Shape.of(0),
          Shape.of(1),
          Shape.of(15),
          Shape.of(16),
          Shape.of(17),
          Shape.of(100),
          Shape.of(4095),
          Shape.of(4096),
          Shape.of(4097),
          Shape.of(4096 + 33),
          Shape.of(32768),
          Shape.of(32769),
          Shape.of(100_003),
          Shape.of(3, 0),
          Shape.of(0, 3),
          Shape.of(7, 19),
          Shape.of(33, 70),
          Shape.of(9000, 3),
          Shape.of(2, 33000),
          Shape.of(4100, 67),
          Shape.of(40, 300),
          Shape.of(3, 17, 5),
          Shape.of(2, 1, 35, 1));

  @ParameterizedTest
  @MethodSource("dev.kiln.contract.RoutineContract#numbers")
  public void runningSumsAndProducts(DType dtype) {
    SplittableRandom random = random("runs", dtype);
    for (Shape shape : RUNS) {
      boolean large = shape.size() > 10_000 && !dtype.isFloat();
      for (int axis = 0; axis < shape.rank() && !large; axis++) {
        for (Kind kind : List.of(Kind.UNEVEN, Kind.TIES)) {
          Node x = TestData.source(dtype, shape, kind, random);
          check("sums " + kind, call(new Cumulative(Fold.SUM, axis), x));
        }
        Node x = TestData.source(dtype, shape, Kind.NEAR_ONE, random);
        check("products", call(new Cumulative(Fold.PROD, axis), x));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.kiln.contract.RoutineContract#numbers")
  public void runningSumsOfSpecialValues(DType dtype) {
    SplittableRandom random = random("special runs", dtype);
    for (int size : new int[] {1, 2, 3, 5, 16, 40, 200}) {
      // Rows that begin with any special value, before NaN has swallowed them.
      Node x = TestData.source(dtype, Shape.of(64, size), Kind.ANYTHING, random);
      for (Fold fold : Fold.values()) {
        check("special " + fold, call(new Cumulative(fold, 1), x));
        check("special " + fold, call(new Cumulative(fold, 0), permute(x, 1, 0)));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.kiln.contract.RoutineContract#numbers")
  public void runningSumsOfViews(DType dtype) {
    Node x = TestData.source(dtype, Shape.of(5, 30, 40), Kind.UNEVEN, random("run views", dtype));
    views(x)
        .forEach(
            (name, view) -> {
              for (int axis = 0; axis < view.shape().rank(); axis++) {
                Node sums = call(new Cumulative(Fold.SUM, axis), view);
                check(name + " axis " + axis, sums);
                check(name + " doubled", map(ElementOp.ADD, sums, sums));
              }
            });
  }

  /** Views of an array of shape (5, 30, 40), read in place or not. */
  private static Map<String, Node> views(Node x) {
    Map<String, Node> views = new LinkedHashMap<>();
    views.put("axes reversed", permute(x, 2, 1, 0));
    views.put("trailing axes swapped", permute(x, 0, 2, 1));
    views.put("backwards", flip(x, 0, 1, 2));
    views.put("every second", slice(x, at(0, 1, 1), at(1, 2, 2), at(5, 14, 19)));
    views.put("flat", reshape(x, 6000));
    views.put("flat transpose", reshape(permute(x, 2, 1, 0), 6000));
    views.put(
        "a row repeated",
        broadcast(slice(x, at(2, 3, 0), at(1, 1, 1), at(1, 1, 40)), Shape.of(3, 20, 40)));
    views.put(
        "a column repeated",
        broadcast(slice(x, at(0, 0, 3), at(1, 1, 1), at(5, 30, 1)), Shape.of(5, 30, 18)));
    views.put("computed, transposed", permute(map(ElementOp.ADD, x, x), 1, 2, 0));
    views.put(
        "computed of a view",
        map(ElementOp.MULTIPLY, flip(x, 2), permute(permute(x, 1, 0, 2), 1, 0, 2)));
    return views;
  }

  private static long[] at(long... values) {
    return values;
  }
}
