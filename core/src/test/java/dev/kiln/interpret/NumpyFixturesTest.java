package dev.kiln.interpret;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.DType;
import dev.kiln.contract.TestBuffer;
import dev.kiln.contract.TestGraphs;
import dev.kiln.contract.Tolerance;
import dev.kiln.graph.ElementOp;
import dev.kiln.graph.Node;
import dev.kiln.graph.Op;
import dev.kiln.kernel.Bits;
import dev.kiln.kernel.ReduceOp;
import dev.kiln.kernel.Routine.ArgSort;
import dev.kiln.kernel.Routine.Cumulative;
import dev.kiln.kernel.Routine.Sort;
import dev.kiln.rewrite.Relaxing;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The interpreter against NumPy, element by element: the same bits wherever both are exact, close
 * elsewhere.
 *
 * <p>Intended differences, which the fixtures leave out or this test allows:
 *
 * <ul>
 *   <li>A float that does not fit an integer dtype: NumPy's cast is undefined and differs between
 *       machines; Kiln saturates, and NaN becomes 0. Not in the fixtures.
 *   <li>An integer to a negative integer power is an error in NumPy; Kiln truncates the exact
 *       value. Not in the fixtures.
 *   <li>{@code maximum} and {@code minimum} of −0 and +0: NumPy gives either; Kiln orders −0 below
 *       +0. Allowed: {@link #sameButForZerosSign}.
 *   <li>The sign of a sum that is zero, and of the largest or smallest element if that is zero.
 *       Allowed, for the same reason.
 *   <li>The sign and payload of NaN: Kiln's results have only one NaN.
 * </ul>
 */
class NumpyFixturesTest {
  static Stream<String> files() throws IOException {
    return Fixture.files().stream();
  }

  @ParameterizedTest
  @MethodSource("files")
  void sameAsNumpy(String file) throws IOException {
    List<Fixture> fixtures = Fixture.read(file);
    assertThat(fixtures).isNotEmpty();
    for (Fixture fixture : fixtures) {
      check(fixture);
    }
  }

  @Test
  void everyFunctionHasFixtures() throws IOException {
    Set<String> operations = new HashSet<>();
    for (String file : Fixture.files()) {
      Fixture.read(file).forEach(fixture -> operations.add(fixture.operation()));
    }
    assertThat(operations)
        .containsAll(
            Arrays.stream(ElementOp.values())
                .map(ElementOp::label)
                .filter(label -> !label.startsWith("relaxed_")) // checked with the strict one's
                .toList());
    assertThat(operations)
        .contains(
            "sum", "prod", "min", "max", "argmin", "argmax", "mean", "var", "std", "any", "all")
        .contains("count_nonzero", "slice", "permute", "reshape", "broadcast", "concat")
        .contains("cumulative_sum", "sort", "argsort", "matmul");
  }

  private static void check(Fixture fixture) {
    Node[] inputs =
        fixture.inputs().stream()
            .map(input -> TestGraphs.source(input.dtype(), input.shape(), input.bits()))
            .toArray(Node[]::new);
    Node root = node(fixture, inputs);
    check(fixture, inputs, root);
    Node relaxed = Relaxing.apply(List.of(root)).getFirst();
    if (relaxed != root) {
      check(fixture, inputs, relaxed);
    }
  }

  private static void check(Fixture fixture, Node[] inputs, Node root) {
    String what = root + " " + fixture.arguments() + " of " + Arrays.toString(inputs);
    assertThat(root.dtype()).as(what).isEqualTo(fixture.output().dtype());
    assertThat(root.shape()).as(what).isEqualTo(fixture.output().shape());
    DType dtype = root.dtype();
    long[] expected = fixture.output().bits();
    long[] actual = evaluate(root, dtype);
    double[] slack = slack(fixture, inputs, expected.length);
    for (int i = 0; i < expected.length; i++) {
      if (!agrees(fixture, root, expected[i], actual[i], slack[i])) {
        throw new AssertionError(
            what
                + ": element "
                + i
                + " is "
                + Bits.toString(dtype, actual[i])
                + ", NumPy has "
                + Bits.toString(dtype, expected[i])
                + arguments(root, i));
      }
    }
  }

  private static String arguments(Node root, int index) {
    return root.inputs().stream()
            .filter(input -> input.shape().equals(root.shape()))
            .map(input -> Bits.toString(input.dtype(), evaluate(input, input.dtype())[index]))
            .toList()
        + " by element";
  }

  private static long[] evaluate(Node root, DType dtype) {
    return TestBuffer.read(
        Interpreter.evaluate(List.of(root), TestBuffer.memory()).getFirst(), dtype);
  }

  private static Optional<ElementOp> elementOp(Fixture fixture) {
    return Arrays.stream(ElementOp.values())
        .filter(function -> function.label().equals(fixture.operation()))
        .findFirst();
  }

  private static boolean agrees(
      Fixture fixture, Node root, long expected, long actual, double slack) {
    DType dtype = root.dtype();
    if (!dtype.isFloat()) {
      return expected == actual;
    }
    double right = Bits.asDouble(dtype, expected);
    double value = Bits.asDouble(dtype, actual);
    if (Double.isNaN(right)) {
      return actual == Bits.canonicalNaN(dtype);
    }
    Optional<ElementOp> function = elementOp(fixture);
    if (function.isPresent()) {
      return switch (function.get()) {
        case MAXIMUM, MINIMUM -> sameButForZerosSign(expected, actual, value, right);
        default ->
            right == 0 && value == 0
                ? expected == actual
                : !Double.isNaN(value)
                    && Tolerance.distance(dtype, expected, actual)
                        <= Tolerance.ulps(((Op.Map) root.op()).function());
      };
    }
    return switch (fixture.operation()) {
      case "min", "max" -> sameButForZerosSign(expected, actual, value, right);
      default -> near(right, value, slack);
    };
  }

  private static boolean sameButForZerosSign(
      long expected, long actual, double value, double right) {
    return expected == actual || (value == 0 && right == 0);
  }

  private static boolean near(double right, double value, double slack) {
    return right == value || Math.abs(right - value) <= slack;
  }

  /**
   * How far each element of a reduction may be off: relative to the sum of magnitudes, or to the
   * result itself.
   */
  private static double[] slack(Fixture fixture, Node[] inputs, int size) {
    double[] slack = new double[size];
    DType dtype = inputs[0].dtype();
    if (!dtype.isFloat() || elementOp(fixture).isPresent()) {
      return slack;
    }
    Fixture.Array out = fixture.output();
    long elements = inputs[0].shape().size() / Math.max(1, out.shape().size());
    double tolerance = out.dtype().isFloat() ? Tolerance.of(dtype, elements) : 0;
    for (int i = 0; i < size; i++) {
      slack[i] =
          switch (fixture.operation()) {
            case "sum", "mean" -> {
              Node sum =
                  TestGraphs.reduce(
                      ReduceOp.SUM, TestGraphs.map(ElementOp.ABS, inputs), axes(fixture));
              double magnitude = Bits.asDouble(dtype, evaluate(sum, dtype)[i]);
              yield tolerance
                  * (fixture.operation().equals("mean") ? magnitude / elements : magnitude);
            }
            case "prod", "var", "std" -> tolerance * Math.abs(Bits.asDouble(dtype, out.bits()[i]));
            default -> 0;
          };
    }
    return slack;
  }

  private static Node node(Fixture fixture, Node[] inputs) {
    Node x = inputs[0];
    Optional<ElementOp> function = elementOp(fixture);
    if (function.isPresent()) {
      return function.get() == ElementOp.CAST
          ? TestGraphs.cast(x, fixture.output().dtype())
          : TestGraphs.map(function.get(), inputs);
    }
    List<String> arguments = fixture.arguments();
    return switch (fixture.operation()) {
      case "sum", "prod", "min", "max", "argmin", "argmax", "mean" -> {
        String name = fixture.operation().toUpperCase(Locale.ROOT);
        yield TestGraphs.reduce(ReduceOp.valueOf(name), x, axes(fixture));
      }
      case "any" -> TestGraphs.reduce(ReduceOp.MAX, TestGraphs.cast(x, DType.BOOL), axes(fixture));
      case "all" -> TestGraphs.reduce(ReduceOp.MIN, TestGraphs.cast(x, DType.BOOL), axes(fixture));
      case "count_nonzero" ->
          TestGraphs.reduce(
              ReduceOp.SUM,
              TestGraphs.cast(TestGraphs.cast(x, DType.BOOL), DType.INT64),
              axes(fixture));
      case "var" -> variance(fixture, x);
      case "std" -> TestGraphs.map(ElementOp.SQRT, variance(fixture, x));
      case "slice" ->
          TestGraphs.slice(
              x, longs(arguments.get(0)), longs(arguments.get(1)), longs(arguments.get(2)));
      case "permute" -> TestGraphs.permute(x, axes(fixture));
      case "reshape" -> TestGraphs.reshape(x, fixture.output().shape().toArray());
      case "broadcast" -> TestGraphs.broadcast(x, fixture.output().shape());
      case "cumulative_sum" ->
          TestGraphs.call(new Cumulative(Cumulative.Fold.SUM, axes(fixture)[0]), x);
      case "sort" -> TestGraphs.call(new Sort(axes(fixture)[0], false), x);
      case "argsort" -> TestGraphs.call(new ArgSort(axes(fixture)[0], false), x);
      case "matmul" -> TestGraphs.matmul(x, inputs[1]);
      case "concat" -> TestGraphs.concat(axes(fixture)[0], inputs);
      default -> throw new AssertionError("no such operation: " + fixture.operation());
    };
  }

  private static Node variance(Fixture fixture, Node x) {
    Node squares = TestGraphs.reduce(ReduceOp.SQUARED_DEVIATIONS, x, axes(fixture));
    long elements = x.shape().size() / Math.max(1, squares.shape().size());
    long divisor = elements - Long.parseLong(fixture.arguments().get(1));
    return TestGraphs.map(
        ElementOp.DIVIDE, squares, TestGraphs.scalar(x.dtype(), Bits.ofDouble(x.dtype(), divisor)));
  }

  private static int[] axes(Fixture fixture) {
    return Arrays.stream(longs(fixture.arguments().getFirst()))
        .mapToInt(Math::toIntExact)
        .toArray();
  }

  private static long[] longs(String list) {
    return Arrays.stream(list.split(",", -1)).mapToLong(Long::parseLong).toArray();
  }
}
