package dev.kiln.contract;

import static dev.kiln.contract.TestGraphs.broadcast;
import static dev.kiln.contract.TestGraphs.call;
import static dev.kiln.contract.TestGraphs.flip;
import static dev.kiln.contract.TestGraphs.map;
import static dev.kiln.contract.TestGraphs.matmul;
import static dev.kiln.contract.TestGraphs.permute;
import static dev.kiln.contract.TestGraphs.reshape;
import static dev.kiln.contract.TestGraphs.rfft;
import static dev.kiln.contract.TestGraphs.slice;

import dev.kiln.DType;
import dev.kiln.Shape;
import dev.kiln.contract.TestData.Kind;
import dev.kiln.graph.ElementOp;
import dev.kiln.graph.Node;
import dev.kiln.kernel.Routine.ArgSort;
import dev.kiln.kernel.Routine.Cumulative;
import dev.kiln.kernel.Routine.Cumulative.Fold;
import dev.kiln.kernel.Routine.Sort;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
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

  // ---- products of matrices ---------------------------------------------------------------------

  @ParameterizedTest
  @MethodSource("dev.kiln.contract.RoutineContract#numbers")
  public void productsOfEverySize(DType dtype) {
    SplittableRandom random = random("products", dtype);
    int[] extents = {2, 3, 6, 7, 16, 25, 33, 65, 131};
    for (int rows : extents) {
      for (int inner : new int[] {1, 5, 31}) {
        for (int columns : extents) {
          if ((rows + inner + columns) % (dtype.isFloat() ? 2 : 5) == 0) {
            Node x = TestData.source(dtype, Shape.of(rows, inner), Kind.UNEVEN, random);
            Node y = TestData.source(dtype, Shape.of(inner, columns), Kind.UNEVEN, random);
            check("product", matmul(x, y));
          }
        }
      }
    }
    for (int inner : new int[] {383, 384, 385, 767, 768, 1000, 5000}) {
      Node x = TestData.source(dtype, Shape.of(8, inner), Kind.UNEVEN, random);
      Node y = TestData.source(dtype, Shape.of(inner, 35), Kind.UNEVEN, random);
      check("long product", matmul(x, y));
    }
    Node x = TestData.source(dtype, Shape.of(160, 400), Kind.UNEVEN, random);
    Node y = TestData.source(dtype, Shape.of(400, 170), Kind.UNEVEN, random);
    check("large product", matmul(x, y));
    // More columns than any panel has, and more of them than are packed at a time.
    for (int[] size : new int[][] {{20, 390, 523}, {3, 5000, 300}}) {
      x = TestData.source(dtype, Shape.of(size[0], size[1]), Kind.UNEVEN, random);
      y = TestData.source(dtype, Shape.of(size[1], size[2]), Kind.UNEVEN, random);
      check("wide product", matmul(x, y));
    }
  }

  @ParameterizedTest
  @MethodSource("dev.kiln.contract.RoutineContract#numbers")
  public void productsOfSpecialValues(DType dtype) {
    SplittableRandom random = random("special products", dtype);
    for (Kind kind : List.of(Kind.ANYTHING, Kind.TIES)) {
      for (int inner : new int[] {1, 2, 3, 385}) {
        Node x = TestData.source(dtype, Shape.of(40, inner), kind, random);
        Node y = TestData.source(dtype, Shape.of(inner, 70), kind, random);
        check("special product", matmul(x, y));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.kiln.contract.RoutineContract#numbers")
  public void productsOfViewsAndBatches(DType dtype) {
    SplittableRandom random = random("view products", dtype);
    Node x = TestData.source(dtype, Shape.of(5, 30, 40), Kind.UNEVEN, random);
    views(x)
        .forEach(
            (name, view) -> {
              int rank = view.shape().rank();
              if (rank < 2) {
                return;
              }
              long[] extents = view.shape().toArray();
              extents[rank - 2] = extents[rank - 1];
              extents[rank - 1] = 9;
              Node y = TestData.source(dtype, Shape.of(extents), Kind.UNEVEN, random);
              check(name + " on the left", matmul(view, y));
              int[] axes = IntStream.range(0, rank).toArray();
              axes[rank - 1] = rank - 2;
              axes[rank - 2] = rank - 1;
              Node turned = permute(view, axes);
              check(name + " with its transpose", matmul(view, turned));
              check(name + " after its transpose", matmul(turned, view));
            });
    Node many = TestData.source(dtype, Shape.of(50, 3, 4), Kind.UNEVEN, random);
    Node one = TestData.source(dtype, Shape.of(4, 5), Kind.UNEVEN, random);
    check("a batch", matmul(many, broadcast(one, Shape.of(50, 4, 5))));
    Node few = TestData.source(dtype, Shape.of(2, 100, 90), Kind.UNEVEN, random);
    check("a small batch", matmul(few, permute(few, 0, 2, 1)));
    Node none = TestData.source(dtype, Shape.of(0, 4), Kind.UNEVEN, random);
    check("no rows", matmul(none, one));
  }

  // ---- sorting ----------------------------------------------------------------------------------

  /** All dtypes. */
  public static Stream<DType> dtypes() {
    return TestGraphs.DTYPES.stream();
  }

  @ParameterizedTest
  @MethodSource("dev.kiln.contract.RoutineContract#dtypes")
  public void sortedInBothWays(DType dtype) {
    SplittableRandom random = random("sort", dtype);
    List<Shape> shapes =
        List.of(
            Shape.of(0),
            Shape.of(1),
            Shape.of(2),
            Shape.of(17),
            Shape.of(1024),
            Shape.of(1025),
            Shape.of(5000),
            Shape.of(70_000),
            Shape.of(0, 3),
            Shape.of(40, 7),
            Shape.of(5, 1500),
            Shape.of(1100, 2),
            Shape.of(3, 4, 5));
    for (Shape shape : shapes) {
      for (Kind kind : List.of(Kind.ANYTHING, Kind.TIES, Kind.ORDINARY)) {
        Node x = TestData.source(dtype, shape, kind, random);
        for (int axis = 0; axis < shape.rank(); axis++) {
          sorted(kind.toString(), axis, x);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.kiln.contract.RoutineContract#dtypes")
  public void sortedViews(DType dtype) {
    Node x = TestData.source(dtype, Shape.of(5, 30, 40), Kind.ANYTHING, random("views", dtype));
    Map<String, Node> views = dtype.isNumeric() ? views(x) : Map.of("flipped", flip(x, 0, 2));
    views.forEach((name, view) -> sorted(name, view.shape().rank() - 1, view));
    views.forEach((name, view) -> sorted(name, 0, view));
  }

  private void sorted(String what, int axis, Node x) {
    for (boolean descending : new boolean[] {false, true}) {
      Node sorted = call(new Sort(axis, descending), x);
      Node places = call(new ArgSort(axis, descending), x);
      check(what + ", sorted", sorted, places);
    }
  }

  // ---- Fourier transforms -----------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"FLOAT32", "FLOAT64"})
  public void transforms(DType dtype) {
    SplittableRandom random = random("transforms", dtype);
    for (int n : new int[] {1, 2, 3, 4, 5, 6, 8, 16, 31, 32, 60, 64, 127, 360, 1000, 1024, 4096}) {
      for (Kind kind : List.of(Kind.UNEVEN, Kind.TIES, Kind.ANYTHING)) {
        Node x = TestData.source(dtype, Shape.of(3, n), kind, random);
        check("transform of " + n, rfft(x));
      }
    }
    Node x = TestData.source(dtype, Shape.of(20_000, 2), Kind.UNEVEN, random);
    check("transforms of many", rfft(x));
    Node cube = TestData.source(dtype, Shape.of(5, 30, 40), Kind.UNEVEN, random);
    views(cube).forEach((name, view) -> check(name + " transformed", rfft(view)));
  }

  /** Rows of which there are fewer than workers, so that several may share one. */
  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"FLOAT32", "FLOAT64"})
  public void transformsLongRows(DType dtype) {
    SplittableRandom random = random("transformsLongRows", dtype);
    for (int n : new int[] {1 << 15, 1 << 16, 1 << 17, 3 << 14, 32_771, 40_960, 65_535}) {
      for (Kind kind : List.of(Kind.UNEVEN, Kind.ANYTHING)) {
        Node one = TestData.source(dtype, Shape.of(1, n), kind, random);
        check("one transform of " + n, rfft(one));
        Node two = TestData.source(dtype, Shape.of(n, 2), kind, random);
        check("two strided transforms of " + n, rfft(permute(two, 1, 0)));
      }
    }
  }

  /** Strides of any order and sign, where nothing but they can tell how elements lie. */
  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "INT64"})
  public void everyOrderAndDirectionOfAxes(DType dtype) {
    Node x = TestData.source(dtype, Shape.of(3, 4, 5), Kind.UNEVEN, random("orders", dtype));
    int[][] orders = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    for (int[] order : orders) {
      for (int backwards = 0; backwards < 8; backwards++) {
        int bits = backwards;
        int[] flipped = IntStream.range(0, 3).filter(axis -> (bits >> axis & 1) != 0).toArray();
        Node view = permute(x, order);
        view = flipped.length == 0 ? view : flip(view, flipped);
        String name = "order " + Arrays.toString(order) + " flipped " + Arrays.toString(flipped);
        for (int axis = 0; axis < 3; axis++) {
          check(name + " sums " + axis, call(new Cumulative(Fold.SUM, axis), view));
          check(name + " sorted " + axis, call(new Sort(axis, false), view));
          check(name + " places " + axis, call(new ArgSort(axis, true), view));
        }
        check(name + " product", matmul(view, permute(view, 0, 2, 1)));
        if (dtype.isFloat()) {
          check(name + " transform", rfft(view));
        }
      }
    }
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
