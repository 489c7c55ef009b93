package dev.kiln.contract;

import static dev.kiln.contract.TestGraphs.broadcast;
import static dev.kiln.contract.TestGraphs.cast;
import static dev.kiln.contract.TestGraphs.concat;
import static dev.kiln.contract.TestGraphs.flip;
import static dev.kiln.contract.TestGraphs.iota;
import static dev.kiln.contract.TestGraphs.map;
import static dev.kiln.contract.TestGraphs.permute;
import static dev.kiln.contract.TestGraphs.reduce;
import static dev.kiln.contract.TestGraphs.reshape;
import static dev.kiln.contract.TestGraphs.scalar;
import static dev.kiln.contract.TestGraphs.slice;
import static dev.kiln.contract.TestGraphs.source;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.DType;
import dev.kiln.Shape;
import dev.kiln.contract.TestData.Kind;
import dev.kiln.graph.ElementOp;
import dev.kiln.graph.Node;
import dev.kiln.kernel.Bits;
import dev.kiln.kernel.ReduceOp;
import dev.kiln.spi.Buffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every backend must do: give the interpreter's bits for every function, dtype, view and
 * reduction, at sizes around every boundary, and for random graphs.
 *
 * <p>{@code -Dkiln.fuzz.seed} chooses the first random graph, {@code -Dkiln.fuzz.count} how many
 * there are.
 */
public abstract class BackendContract {
  private static final int[] SIZES = {
    0, 1, 2, 7, 15, 16, 17, 31, 33, 63, 65, 257, 1023, 4096, 4097, 10007
  };
  private static final long SEED = 20260101;

  /** Extents of arrays to reduce, over every subset of axes. */
  private static final List<Shape> REDUCED =
      List.of(
          Shape.of(1),
          Shape.of(5),
          Shape.of(4096),
          Shape.of(4097),
          Shape.of(9000),
          Shape.of(1, 8193),
          Shape.of(8193, 3),
          Shape.of(70, 33),
          Shape.of(3, 1, 5),
          Shape.of(2, 300, 17),
          Shape.of(3, 5000, 2),
          Shape.of(2, 3, 4, 5));

  /** The way of evaluating graphs that is under test. */
  protected abstract GraphEvaluator evaluator();

  private void check(String what, Node... roots) {
    new Agreement(evaluator()).check(what, roots);
  }

  private static SplittableRandom random(Object... labels) {
    return new SplittableRandom(SEED + Arrays.toString(labels).hashCode());
  }

  // ---- element-wise functions -------------------------------------------------------------------

  /** Every function but CAST with every dtype it takes. */
  public static Stream<Arguments> functions() {
    return Arrays.stream(ElementOp.values())
        .filter(function -> function != ElementOp.CAST)
        .flatMap(
            function ->
                TestGraphs.DTYPES.stream()
                    .filter(dtype -> TestGraphs.takes(function, dtype))
                    .map(dtype -> Arguments.of(function, dtype)));
  }

  @ParameterizedTest
  @MethodSource("dev.kiln.contract.BackendContract#functions")
  public void functionOnSpecialAndRandomBitsOfEverySize(ElementOp function, DType dtype) {
    SplittableRandom random = random(function, dtype);
    for (int size : SIZES) {
      Node[] inputs = inputs(function, dtype, Shape.of(size), random);
      check(function + " " + dtype + " size " + size, map(function, inputs));
    }
    Node[] inputs = inputs(function, dtype, Shape.of(), random);
    check(function + " " + dtype + " 0-d", map(function, inputs));
  }

  @ParameterizedTest
  @MethodSource("dev.kiln.contract.BackendContract#functions")
  public void functionOnAllSpecialValuesAgainstEachOther(ElementOp function, DType dtype) {
    Node column = specialValues(dtype);
    long n = column.shape().size();
    Node[] inputs =
        switch (function.arity()) {
          case 1 -> new Node[] {column};
          case 2 -> new Node[] {reshape(column, n, 1), column};
          default ->
              new Node[] {
                reshape(specialValues(DType.BOOL), 2, 1, 1), reshape(column, n, 1), column
              };
        };
    check(function + " " + dtype + " special values", map(function, inputs));
  }

  @ParameterizedTest
  @MethodSource("dev.kiln.contract.BackendContract#functions")
  public void functionWithScalars(ElementOp function, DType dtype) {
    if (function.arity() != 2) {
      return;
    }
    Node x = specialValues(dtype);
    for (long bits : TestData.special(dtype)) {
      Node constant = scalar(dtype, bits);
      check(
          function + " " + dtype + " with a scalar",
          map(function, x, constant),
          map(function, constant, x));
    }
  }

  private static Node specialValues(DType dtype) {
    long[] values = TestData.special(dtype).stream().mapToLong(bits -> bits).toArray();
    return source(dtype, Shape.of(values.length), values);
  }

  private static Node[] inputs(
      ElementOp function, DType dtype, Shape shape, SplittableRandom random) {
    Node[] inputs = new Node[function.arity()];
    for (int k = 0; k < inputs.length; k++) {
      DType type = function == ElementOp.WHERE && k == 0 ? DType.BOOL : dtype;
      inputs[k] = TestData.source(type, shape, Kind.ANYTHING, random);
    }
    return inputs;
  }

  /** Every pair of dtypes. */
  public static Stream<Arguments> casts() {
    return TestGraphs.DTYPES.stream()
        .flatMap(from -> TestGraphs.DTYPES.stream().map(to -> Arguments.of(from, to)));
  }

  @ParameterizedTest
  @MethodSource("dev.kiln.contract.BackendContract#casts")
  public void castBetweenAllDtypes(DType from, DType to) {
    SplittableRandom random = random(from, to);
    check("cast " + from + " to " + to + " special values", cast(specialValues(from), to));
    for (int size : SIZES) {
      Node x = TestData.source(from, Shape.of(size), Kind.ANYTHING, random);
      check("cast " + from + " to " + to + " size " + size, cast(x, to));
      Node y = TestData.source(from, Shape.of(size), Kind.ORDINARY, random);
      check("cast " + from + " to " + to + " size " + size, cast(y, to));
    }
  }

  // ---- views
  // --------------------------------------------------------------------------------------

  /** All dtypes. */
  public static Stream<DType> dtypes() {
    return TestGraphs.DTYPES.stream();
  }

  /** Views of arrays of shape (7, 9, 5). */
  private static Map<String, UnaryOperator<Node>> views() {
    Map<String, UnaryOperator<Node>> views = new LinkedHashMap<>();
    views.put("itself", x -> x);
    views.put("axes reversed", x -> permute(x, 2, 1, 0));
    views.put("leading axes swapped", x -> permute(x, 1, 0, 2));
    views.put("trailing axes swapped", x -> permute(x, 0, 2, 1));
    views.put("axes rotated", x -> permute(x, 2, 0, 1));
    views.put("every second", x -> slice(x, at(0, 0, 0), at(2, 2, 2), at(4, 5, 3)));
    views.put("inner part", x -> slice(x, at(1, 2, 1), at(1, 1, 1), at(5, 6, 3)));
    views.put("a column", x -> slice(x, at(0, 0, 3), at(1, 1, 1), at(7, 9, 1)));
    views.put("a row", x -> slice(x, at(6, 0, 0), at(1, 1, 1), at(1, 9, 5)));
    views.put("backwards", x -> flip(x, 0, 1, 2));
    views.put("last axis backwards", x -> flip(x, 2));
    views.put("first axis backwards", x -> flip(x, 0));
    views.put("negative steps", x -> slice(x, at(6, 8, 4), at(-3, -2, -4), at(3, 5, 2)));
    views.put("step of a step", x -> flip(slice(x, at(0, 1, 0), at(3, 2, 1), at(3, 4, 5)), 1));
    views.put("nothing", x -> slice(x, at(0, 0, 0), at(1, 1, 1), at(7, 0, 5)));
    views.put("flat", x -> reshape(x, 315));
    views.put("other axes", x -> reshape(x, 5, 63));
    views.put("more axes", x -> reshape(x, 7, 3, 1, 3, 5, 1));
    views.put("flat transpose", x -> reshape(permute(x, 2, 1, 0), 315));
    views.put("transpose in other axes", x -> reshape(permute(x, 0, 2, 1), 21, 15));
    views.put("flat part", x -> reshape(slice(x, at(1, 0, 0), at(2, 1, 2), at(3, 9, 3)), 81));
    views.put("flat, backwards, folded", x -> reshape(flip(reshape(x, 315), 0), 15, 21));
    views.put("an element", x -> reshape(slice(x, at(3, 4, 2), at(1, 1, 1), at(1, 1, 1))));
    views.put(
        "a column repeated",
        x -> broadcast(slice(x, at(0, 0, 3), at(1, 1, 1), at(7, 9, 1)), Shape.of(7, 9, 5)));
    views.put(
        "a row repeated",
        x -> broadcast(slice(x, at(2, 3, 0), at(1, 1, 1), at(1, 1, 5)), Shape.of(2, 7, 9, 5)));
    views.put(
        "repeated, then flat",
        x ->
            reshape(
                broadcast(slice(x, at(0, 0, 0), at(1, 1, 1), at(7, 1, 5)), Shape.of(7, 9, 5)),
                315));
    views.put(
        "repeated, then transposed",
        x -> permute(broadcast(reshape(x, 7, 1, 45), Shape.of(7, 3, 45)), 2, 0, 1));
    return views;
  }

  private static long[] at(long... values) {
    return values;
  }

  @ParameterizedTest
  @MethodSource("dev.kiln.contract.BackendContract#dtypes")
  public void viewsOfMemoryAndOfComputedValues(DType dtype) {
    Node x = TestData.source(dtype, Shape.of(7, 9, 5), Kind.ANYTHING, random("views", dtype));
    Node y = TestData.source(dtype, Shape.of(7, 9, 5), Kind.ANYTHING, random("others", dtype));
    ElementOp function = dtype.isNumeric() ? ElementOp.SUBTRACT : ElementOp.BITWISE_XOR;
    views()
        .forEach(
            (name, view) -> {
              String what = dtype + " " + name;
              check(what + ", of memory", view.apply(x));
              check(what + ", of computed", view.apply(map(function, x, y)));
              check(what + ", both inputs", map(function, view.apply(x), view.apply(y)));
              Node dense =
                  TestData.source(dtype, view.apply(x).shape(), Kind.ANYTHING, random(name));
              check(what + ", first input", map(function, view.apply(x), dense));
              check(what + ", second input", map(function, dense, view.apply(x)));
              check(
                  what + ", of where",
                  map(ElementOp.WHERE, cast(view.apply(y), DType.BOOL), view.apply(x), dense));
            });
  }

  @ParameterizedTest
  @MethodSource("dev.kiln.contract.BackendContract#dtypes")
  public void sumsOfViews(DType dtype) {
    Node x = TestData.source(dtype, Shape.of(7, 9, 5), Kind.UNEVEN, random("sums", dtype));
    ReduceOp function = dtype.isNumeric() ? ReduceOp.SUM : ReduceOp.MAX;
    views()
        .forEach(
            (name, view) -> {
              Node v = view.apply(x);
              boolean reduces =
                  v.shape().rank() > 0 && (v.shape().size() > 0 || function == ReduceOp.SUM);
              if (reduces) {
                for (int[] axes : subsets(v.shape().rank())) {
                  check(
                      dtype + " " + name + " axes " + Arrays.toString(axes),
                      reduce(function, v, axes));
                }
              }
            });
  }

  @Test
  public void largeTransposesAndBroadcasts() {
    SplittableRandom random = random("large");
    Node a = TestData.source(DType.FLOAT32, Shape.of(300, 257), Kind.ANYTHING, random);
    Node b = TestData.source(DType.FLOAT32, Shape.of(257, 300), Kind.ANYTHING, random);
    Node row = TestData.source(DType.FLOAT32, Shape.of(257), Kind.ANYTHING, random);
    Node column = TestData.source(DType.FLOAT32, Shape.of(300, 1), Kind.ANYTHING, random);
    check("a + b.T", map(ElementOp.ADD, a, permute(b, 1, 0)));
    check("a.T copied", permute(a, 1, 0));
    check("a.T + b, flat", reshape(map(ElementOp.ADD, permute(a, 1, 0), b), 77100));
    check("a - row", map(ElementOp.SUBTRACT, a, row));
    check("a * column", map(ElementOp.MULTIPLY, a, column));
    check("row * column", map(ElementOp.MULTIPLY, row, column));
    check(
        "stencil",
        map(
            ElementOp.ADD,
            slice(a, at(0, 1), at(1, 1), at(298, 255)),
            map(
                ElementOp.MULTIPLY,
                slice(a, at(2, 0), at(1, 1), at(298, 255)),
                slice(a, at(1, 2), at(1, 1), at(298, 255)))));
  }

  @ParameterizedTest
  @MethodSource("dev.kiln.contract.BackendContract#dtypes")
  public void concatAlongEveryAxis(DType dtype) {
    SplittableRandom random = random("concat", dtype);
    for (int axis = 0; axis < 3; axis++) {
      long[] extents = {4, 6, 5};
      List<Node> parts = new ArrayList<>();
      for (long extent : new long[] {3, 0, 1, 7}) {
        extents[axis] = extent;
        parts.add(TestData.source(dtype, Shape.of(extents), Kind.ANYTHING, random));
      }
      Node memory = concat(axis, parts.toArray(Node[]::new));
      check(dtype + " axis " + axis, memory);
      Node first = parts.getFirst();
      Node computed = map(ElementOp.EQUAL, first, first);
      Node mixed = concat(axis, first, cast(computed, dtype), flip(parts.getLast(), axis), first);
      check(dtype + " axis " + axis + " of computed and views", mixed);
      check(
          dtype + " axis " + axis + " compared",
          map(ElementOp.NOT_EQUAL, memory, flip(memory, 0, 2)));
      check(dtype + " axis " + axis + " seen transposed", permute(memory, 2, 0, 1));
    }
  }

  @Test
  public void iotaAndScalars() {
    Node numbers = iota(Shape.of(9, 31));
    check("iota", numbers);
    check("iota transposed", permute(numbers, 1, 0));
    check("iota, every third, backwards", slice(numbers, at(8, 30), at(-2, -3), at(4, 10)));
    check(
        "iota of one",
        iota(Shape.of(1)),
        iota(Shape.of()),
        iota(Shape.of(0)),
        iota(Shape.of(3, 0)));
    check("iota times iota", map(ElementOp.MULTIPLY, numbers, flip(numbers, 0, 1)));
    check("long iota", map(ElementOp.ADD, iota(Shape.of(10007)), iota(Shape.of(10007))));
    check("sum of iota", reduce(ReduceOp.SUM, numbers, 0), reduce(ReduceOp.SUM, numbers, 1));
    for (DType dtype : TestGraphs.DTYPES) {
      check("iota as " + dtype, cast(reshape(numbers, 31, 9), dtype));
      for (long bits : TestData.special(dtype)) {
        Node constant = scalar(dtype, bits);
        check("scalar " + dtype, constant, broadcast(constant, Shape.of(3, 17)));
      }
    }
  }

  // ---- reductions
  // ---------------------------------------------------------------------------------

  /** Every reduction with every dtype it takes. */
  public static Stream<Arguments> reductions() {
    return Arrays.stream(ReduceOp.values())
        .flatMap(
            function ->
                TestGraphs.DTYPES.stream()
                    .filter(dtype -> TestGraphs.takes(function, dtype))
                    .map(dtype -> Arguments.of(function, dtype)));
  }

  @ParameterizedTest
  @MethodSource("dev.kiln.contract.BackendContract#reductions")
  public void reductionOverEverySubsetOfAxes(ReduceOp function, DType dtype) {
    SplittableRandom random = random(function, dtype);
    for (Shape shape : REDUCED) {
      for (Kind kind : kinds(function, dtype)) {
        Node x = TestData.source(dtype, shape, kind, random);
        for (int[] axes : subsets(shape.rank())) {
          String what =
              function + " " + dtype + shape + " axes " + Arrays.toString(axes) + " of " + kind;
          check(what, reduce(function, x, axes));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.kiln.contract.BackendContract#reductions")
  public void reductionOfEverySize(ReduceOp function, DType dtype) {
    SplittableRandom random = random(function, dtype, "sizes");
    for (int size : SIZES) {
      if (size > 0) {
        for (Kind kind : kinds(function, dtype)) {
          Node x = TestData.source(dtype, Shape.of(size), kind, random);
          check(function + " " + dtype + " size " + size + " of " + kind, reduce(function, x, 0));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.kiln.contract.BackendContract#reductions")
  public void reductionOfNothing(ReduceOp function, DType dtype) {
    Node none = source(dtype, Shape.of(0, 5));
    Node planes = source(dtype, Shape.of(3, 0, 2));
    check(function + " " + dtype + " of no sequences", reduce(function, none, 1));
    boolean ofNothing =
        switch (function) {
          case MIN, MAX, ARGMIN, ARGMAX -> false;
          case SUM, PROD, MEAN, SQUARED_DEVIATIONS -> true;
        };
    if (ofNothing) {
      check(function + " " + dtype + " of empty sequences", reduce(function, none, 0));
      for (int[] axes : subsets(3)) {
        check(
            function + " " + dtype + " axes " + Arrays.toString(axes),
            reduce(function, planes, axes));
      }
    }
  }

  private static List<Kind> kinds(ReduceOp function, DType dtype) {
    if (!dtype.isFloat()) {
      return List.of(Kind.ANYTHING, Kind.TIES);
    }
    return switch (function) {
      case SUM, MEAN, SQUARED_DEVIATIONS -> List.of(Kind.ANYTHING, Kind.ORDINARY, Kind.UNEVEN);
      case PROD -> List.of(Kind.ANYTHING, Kind.NEAR_ONE);
      case MIN, MAX, ARGMIN, ARGMAX -> List.of(Kind.ANYTHING, Kind.UNEVEN, Kind.TIES);
    };
  }

  private static List<int[]> subsets(int rank) {
    return IntStream.range(1, 1 << rank)
        .mapToObj(set -> IntStream.range(0, rank).filter(axis -> (set >> axis & 1) != 0).toArray())
        .toList();
  }

  @Test
  public void zerosAndNaNsInReductions() {
    for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64)) {
      for (int size : new int[] {1, 2, 17, 33, 4096, 4097, 9000}) {
        long[] negative =
            LongStream.generate(() -> Bits.ofDouble(dtype, -0.0)).limit(size).toArray();
        long[] oneNaN = negative.clone();
        oneNaN[size / 2] = TestData.special(dtype).getLast();
        long[] positive = negative.clone();
        positive[size - 1] = Bits.ofDouble(dtype, 0.0);
        for (long[] bits : List.of(negative, oneNaN, positive)) {
          Node x = source(dtype, Shape.of(size), bits);
          for (ReduceOp function : ReduceOp.values()) {
            check(function + " " + dtype + " zeros, size " + size, reduce(function, x, 0));
          }
        }
      }
    }
  }

  @Test
  public void fusedReductions() {
    for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64)) {
      SplittableRandom random = random("fused", dtype);
      Node x = TestData.source(dtype, Shape.of(37, 5001), Kind.ORDINARY, random);
      Node y = TestData.source(dtype, Shape.of(37, 5001), Kind.UNEVEN, random);
      Node row = TestData.source(dtype, Shape.of(5001), Kind.ORDINARY, random);
      Node product = map(ElementOp.MULTIPLY, x, y);
      for (ReduceOp function : ReduceOp.values()) {
        for (int[] axes : subsets(2)) {
          String what = function + " " + dtype + " axes " + Arrays.toString(axes);
          check(what + " of a product", reduce(function, product, axes));
          check(what + " of a broadcast", reduce(function, map(ElementOp.SUBTRACT, x, row), axes));
          check(what + " of repeats", reduce(function, broadcast(row, Shape.of(37, 5001)), axes));
          check(
              what + " of every third",
              reduce(function, slice(x, at(1, 2), at(2, 3), at(18, 1666)), axes));
        }
        check(function + " " + dtype + " of a transpose", reduce(function, permute(x, 1, 0), 0));
      }
      Node sumOfSums = reduce(ReduceOp.SUM, reduce(ReduceOp.SUM, x, 1), 0);
      check(dtype + " sums of sums, and both at once", sumOfSums, reduce(ReduceOp.SUM, x, 0, 1));
      check(
          dtype + " sum of the transpose is the sum of the other axis",
          reduce(ReduceOp.SUM, permute(x, 1, 0), 1),
          reduce(ReduceOp.SUM, x, 0));
    }
  }

  /** Extents whose last axis is reduced and broadcast back. */
  private static final List<Shape> ROWS =
      List.of(
          Shape.of(1, 1),
          Shape.of(3, 1),
          Shape.of(1, 3),
          Shape.of(5, 3),
          Shape.of(7, 8),
          Shape.of(9, 9),
          Shape.of(40, 16),
          Shape.of(16, 17),
          Shape.of(2, 3, 33),
          Shape.of(130, 64),
          Shape.of(5, 4096),
          Shape.of(3, 4097),
          Shape.of(4, 0),
          Shape.of(0, 4));

  @ParameterizedTest
  @MethodSource("dev.kiln.contract.BackendContract#floats")
  public void reductionsBroadcastBack(DType dtype) {
    for (Shape shape : ROWS) {
      for (Kind kind : List.of(Kind.ORDINARY, Kind.UNEVEN, Kind.ANYTHING)) {
        Node x = TestData.source(dtype, shape, kind, random("rows", dtype, shape));
        String what = dtype + " " + shape + " " + kind;
        int last = shape.rank() - 1;
        if (shape.extent(last) > 0) {
          Node e = map(ElementOp.EXP, map(ElementOp.SUBTRACT, x, back(ReduceOp.MAX, x, last)));
          check("softmax " + what, map(ElementOp.DIVIDE, e, back(ReduceOp.SUM, e, last)));
          check("softmax and its parts " + what, e, reduce(ReduceOp.SUM, e, last));
          Node range =
              map(ElementOp.SUBTRACT, back(ReduceOp.MAX, x, last), back(ReduceOp.MIN, x, last));
          check("scaled to the range " + what, map(ElementOp.DIVIDE, x, range));
        }
        for (int axis = 0; axis <= last; axis++) {
          Node spread = back(ReduceOp.SQUARED_DEVIATIONS, x, axis);
          Node deviation = map(ElementOp.SUBTRACT, x, back(ReduceOp.MEAN, x, axis));
          Node standardised = map(ElementOp.DIVIDE, deviation, map(ElementOp.SQRT, spread));
          check("standardised along axis " + axis + " " + what, standardised);
          check(
              "standardised twice along axis " + axis + " " + what,
              map(
                  ElementOp.SUBTRACT,
                  map(ElementOp.EXP, standardised),
                  back(ReduceOp.SUM, map(ElementOp.EXP, standardised), axis)));
        }
      }
    }
  }

  /** The dtypes of numbers that are not whole. */
  public static Stream<DType> floats() {
    return Stream.of(DType.FLOAT32, DType.FLOAT64);
  }

  private static Node back(ReduceOp function, Node x, int axis) {
    long[] kept = x.shape().toArray();
    kept[axis] = 1;
    return broadcast(reshape(reduce(function, x, axis), kept), x.shape());
  }

  @ParameterizedTest
  @MethodSource("dev.kiln.contract.BackendContract#reductions")
  public void shortReductions(ReduceOp function, DType dtype) {
    for (int n = 1; n <= 10; n++) {
      Node x = TestData.source(dtype, Shape.of(37, n), Kind.ANYTHING, random(function, dtype, n));
      Node y = TestData.source(dtype, Shape.of(n, 37), Kind.UNEVEN, random(dtype, function, n));
      String what = function + " of " + n + " " + dtype;
      check(what + " in a row", reduce(function, x, 1));
      check(what + " in a column", reduce(function, y, 0));
      if (TestGraphs.takes(ElementOp.MAXIMUM, dtype)) {
        check(what + " of both", reduce(function, map(ElementOp.MAXIMUM, x, permute(y, 1, 0)), 1));
      }
    }
    Node x = TestData.source(dtype, Shape.of(5, 2, 3, 7), Kind.UNEVEN, random(function, dtype));
    check(function + " of two short axes " + dtype, reduce(function, x, 1, 2));
    check(function + " of axes apart " + dtype, reduce(function, x, 1, 3));
  }

  @Test
  public void signsOfShortReductions() {
    for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64)) {
      Node x = TestData.source(dtype, Shape.of(50, 3), Kind.ANYTHING, random("signs", dtype));
      Node sum = reduce(ReduceOp.SUM, x, 1);
      check(dtype + " sign of a sum", map(ElementOp.SIGNBIT, sum));
      check(
          dtype + " copied sign of a sum",
          map(ElementOp.COPYSIGN, slice(sum, at(0), at(1), at(50)), sum));
      Node large = reduce(ReduceOp.MAX, x, 1);
      check(dtype + " sign of an extreme", map(ElementOp.SIGNBIT, large), large);
    }
  }

  @Test
  public void longArrays() {
    int size = (1 << 19) + 3;
    SplittableRandom random = random("long");
    Node x = TestData.source(DType.FLOAT32, Shape.of(size), Kind.ORDINARY, random);
    Node ties = TestData.source(DType.FLOAT32, Shape.of(size), Kind.TIES, random);
    check("x * ties + x", map(ElementOp.ADD, map(ElementOp.MULTIPLY, x, ties), x));
    check("sum", reduce(ReduceOp.SUM, x, 0));
    check("mean", reduce(ReduceOp.MEAN, x, 0));
    check("argmax", reduce(ReduceOp.ARGMAX, ties, 0));
    check("largest bool", reduce(ReduceOp.MAX, map(ElementOp.LESS, x, ties), 0));
    check(
        "sum of columns",
        reduce(ReduceOp.SUM, reshape(slice(x, at(3), at(1), at(1 << 19)), 1 << 10, 1 << 9), 0));
  }

  // ---- whole graphs
  // ---------------------------------------------------------------------------------

  @Test
  public void deepChain() {
    for (DType dtype : List.of(DType.FLOAT32, DType.INT16, DType.UINT64)) {
      Node x = TestData.source(dtype, Shape.of(33), Kind.ORDINARY, random("chain", dtype));
      Node y = x;
      for (int i = 0; i < 1000; i++) {
        y = map(i % 7 == 0 ? ElementOp.MULTIPLY : ElementOp.ADD, y, x);
        y = map(ElementOp.SUBTRACT, y, scalar(dtype, Bits.ofLong(dtype, i)));
      }
      check(dtype + " chain of 2000", y);
    }
  }

  @Test
  public void sharedSubgraphs() {
    Node x = TestData.source(DType.UINT32, Shape.of(257), Kind.ANYTHING, random("shared"));
    Node doubled = x;
    for (int i = 0; i < 60; i++) {
      doubled = map(ElementOp.ADD, doubled, map(ElementOp.MULTIPLY, doubled, doubled));
    }
    check("2^60 paths", doubled);
    Node f = TestData.source(DType.FLOAT64, Shape.of(257), Kind.ORDINARY, random("shared"));
    Node expensive = map(ElementOp.LOG, map(ElementOp.ABS, f));
    Node shared = map(ElementOp.ADD, expensive, flip(expensive, 0));
    check("one value through two views", shared);
    check(
        "one value reduced and used",
        map(ElementOp.DIVIDE, shared, reduce(ReduceOp.SUM, shared, 0)));
  }

  @Test
  public void severalRoots() {
    Node x = TestData.source(DType.FLOAT32, Shape.of(70, 33), Kind.ORDINARY, random("roots"));
    Node e = map(ElementOp.EXP, x);
    Node s = reduce(ReduceOp.SUM, e, 1);
    Node one = scalar(DType.FLOAT32, Bits.of(1f));
    check(
        "a value and what is made of it",
        e,
        map(ElementOp.ADD, e, one),
        s,
        reduce(ReduceOp.MAX, s, 0));
    check("the same root twice", e, e);
    check("a source, a scalar, a view", x, one, permute(x, 1, 0), x);
    check("views of one value", permute(e, 1, 0), flip(e, 1), reshape(e, 2310));
    assertThat(evaluator().evaluate(List.of())).isEmpty();
  }

  @Test
  public void resultsHaveMemoryOfTheirOwn() {
    Node x = TestData.source(DType.INT32, Shape.of(100), Kind.ORDINARY, random("own"));
    Node y = map(ElementOp.NEGATIVE, x);
    Buffer first = evaluator().evaluate(List.of(y)).getFirst();
    long[] before = TestBuffer.read(first, DType.INT32);
    Node z = map(ElementOp.ABS, map(ElementOp.MULTIPLY, x, y));
    Buffer second = evaluator().evaluate(List.of(z)).getFirst();
    assertThat(TestBuffer.read(first, DType.INT32)).isEqualTo(before);
    first.release();
    second.release();
  }

  @Test
  public void familiarExpressions() {
    for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64)) {
      SplittableRandom random = random("familiar", dtype);
      Node x = TestData.source(dtype, Shape.of(70, 257), Kind.ORDINARY, random);
      Node y = TestData.source(dtype, Shape.of(70, 257), Kind.ORDINARY, random);
      check(dtype + " softmax of rows", softmax(x));
      Node mean = reduce(ReduceOp.MEAN, x, 0);
      Node n = scalar(dtype, Bits.ofDouble(dtype, 70));
      Node variance = map(ElementOp.DIVIDE, reduce(ReduceOp.SQUARED_DEVIATIONS, x, 0), n);
      check(
          dtype + " standardised columns",
          map(ElementOp.DIVIDE, map(ElementOp.SUBTRACT, x, mean), map(ElementOp.SQRT, variance)));
      Node difference = map(ElementOp.SUBTRACT, reshape(x, 70, 1, 257), reshape(y, 1, 70, 257));
      Node near = slice(difference, at(0, 0, 0), at(1, 1, 1), at(9, 70, 257));
      check(
          dtype + " distances",
          map(ElementOp.SQRT, reduce(ReduceOp.SUM, map(ElementOp.MULTIPLY, near, near), 2)));
      Node polynomial = y;
      for (int i = 0; i < 80; i++) {
        polynomial =
            map(
                ElementOp.ADD,
                map(ElementOp.MULTIPLY, polynomial, y),
                scalar(dtype, Bits.ofDouble(dtype, i / 7.0)));
      }
      check(dtype + " polynomial of degree 80", polynomial);
      Node functions = x;
      for (ElementOp f :
          List.of(ElementOp.SIN, ElementOp.EXP, ElementOp.LOG, ElementOp.TANH, ElementOp.COS)) {
        functions = map(ElementOp.ADD, map(f, functions), map(ElementOp.TAN, y));
      }
      check(dtype + " functions of functions", functions);
    }
  }

  private static Node softmax(Node x) {
    long rows = x.shape().extent(0);
    Node e =
        map(
            ElementOp.EXP,
            map(ElementOp.SUBTRACT, x, reshape(reduce(ReduceOp.MAX, x, 1), rows, 1)));
    return map(ElementOp.DIVIDE, e, reshape(reduce(ReduceOp.SUM, e, 1), rows, 1));
  }

  @Test
  public void randomGraphs() {
    long first = Long.getLong("kiln.fuzz.seed", SEED);
    int count = Integer.getInteger("kiln.fuzz.count", 500);
    Agreement agreement = new Agreement(evaluator());
    for (long seed = first; seed < first + count; seed++) {
      List<Node> roots = GraphFuzzer.generate(seed);
      try {
        agreement.check("random graph", roots);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError(
            "-Dkiln.fuzz.seed="
                + seed
                + " -Dkiln.fuzz.count=1 fails: "
                + smallest(agreement, roots),
            e);
      }
    }
  }

  private static String smallest(Agreement agreement, List<Node> roots) {
    List<Node> shrunk = new Shrinker(agreement).shrink(roots);
    return agreement.difference(shrunk).orElse("only sometimes")
        + "\n"
        + GraphPrinter.print(shrunk);
  }
}
