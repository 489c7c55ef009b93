package dev.kiln.cli.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kiln.Engine;
import dev.kiln.NDArray;
import dev.kiln.io.ArrayText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares with NumPy ({@code tools/make-expression-fixtures.py}); the interpreter computes. */
class EvaluatorTest {
  private static Engine engine;
  private static Evaluator evaluator;

  @BeforeAll
  static void open() {
    engine = Engine.builder().backend("interpreter").threads(1).build();
    double[][] x = {{-1.5, -1, -0.5}, {0, 0.5, 1}};
    NDArray array = engine.array(x);
    Map<String, Value> inputs =
        Map.of(
            "x", new Value.Array(array),
            "y", new Value.Array(engine.array(new double[] {1, 2, 4})),
            "b", new Value.Array(array.greater(0)),
            "i", new Value.Array(engine.array(new long[][] {{1, 2, 3}, {4, 5, 6}})),
            "u", new Value.Array(engine.array(new byte[] {1, 2, 3})),
            "k", new Value.Int(3));
    evaluator = new Evaluator(engine, new Functions(), inputs);
  }

  @AfterAll
  static void close() {
    engine.close();
  }

  static List<String> fixtures() throws IOException {
    try (InputStream in = EvaluatorTest.class.getResourceAsStream("/expressions.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII).lines().toList();
    }
  }

  private static Value evaluate(String expression) {
    return evaluator.evaluate(Parser.parse(expression));
  }

  private static String text(Value value) {
    NDArray array =
        switch (value) {
          case Value.Array(NDArray delayed) -> delayed;
          case Value.Plain plain -> Scalars.alone(engine, plain);
          case Value other -> throw new AssertionError("no array: " + other);
        };
    NDArray computed = array.compute();
    String text = ArrayText.of(computed.dtype(), computed.shape(), computed.data());
    return computed.dtype() + " " + computed.shape() + " " + text.replace("\n", "\\n");
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void evaluatesAsNumPy(String fixture) {
    String[] parts = fixture.split(" -> ", 2);
    assertThat(text(evaluate(parts[0]))).isEqualTo(parts[1]);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "->",
      value = {
        // What NumPy has not, or has otherwise.
        "k * x[0] -> float64 (3,) [-4.5 -3.  -1.5]",
        "sqrt(4) * astype(y, float32) -> float32 (3,) [2. 4. 8.]",
        "u + 1 -> int8 (3,) [2 3 4]",
        "var(y, correction=1) -> float64 () 2.3333333333333335",
        "var(y, ddof=1) -> float64 () 2.3333333333333335",
        "atan2(y, 1)[:0] -> float64 (0,) []",
        "permute_dims(x, (1, 0))[0] -> float64 (2,) [-1.5  0. ]",
        "concat([y, 5]) -> error",
        "roll(x, (1, 1), axis=(0, 1)) -> float64 (2, 3) [[ 1.   0.   0.5]\\n [-0.5 -1.5 -1. ]]",
        "clip(x, max=0)[1] -> float64 (3,) [0. 0. 0.]",
        "where(True, y, 0) -> float64 (3,) [1. 2. 4.]",
        "isnan(nan) -> bool () True",
        "round(rfft(y) * 100) + 0. -> float64 (2, 2) [[ 700.    0.]\\n [-200.  173.]]",
        "rfft(i, axis=0)[1] -> error",
        "rfft(x, axis=0)[:, :, 0] -> float64 (2, 3) [[-1.5 -0.5  0.5]\\n [-1.5 -1.5 -1.5]]",
        "e ** 0 -> float64 () 1.0",
        "ones((2,), dtype=bool) -> bool (2,) [ True  True]",
      })
  void evaluates(String expression, String expected) {
    if (expected.equals("error")) {
      assertThat(catchThrowableOfType(ExpressionException.class, () -> evaluate(expression)))
          .isNotNull();
    } else {
      assertThat(text(evaluate(expression))).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "->",
      value = {
        "sum(arange(300), dtype='int8') -> int8 () 50",
        "prod(full(5, 100), dtype='int8') -> int8 () 0",
        "sum(arange(300), dtype='float32') -> float32 () 44850.0",
        "sum(i, dtype='uint8', axis=0) -> uint8 (3,) [5 7 9]",
        "cumsum(arange(20), dtype='int8')[15:] -> int8 (5,) [ 120 -120 -103  -85  -66]",
        "cumprod(i, dtype='int16') -> int16 (6,) [  1   2   6  24 120 720]",
        "cumulative_sum(u, dtype='int8') -> int8 (3,) [1 3 6]",
        "cumulative_prod(u, dtype='int8', include_initial=True) -> int8 (4,) [1 1 2 6]",
        "cumulative_sum(u, include_initial=True) -> int64 (4,) [0 1 3 6]",
      })
  void theDtypeIsThatOfTheResult(String expression, String expected) {
    assertThat(text(evaluate(expression))).isEqualTo(expected);
  }

  @Test
  void axesAreNotChosenUnasked() {
    assertThatThrownBy(() -> evaluate("cumulative_sum(x, include_initial=True)"))
        .hasMessageContaining("axis");
    assertThatThrownBy(() -> evaluate("cumulative_prod(x)")).hasMessageContaining("axis");
    assertThatThrownBy(() -> evaluate("std(y, correction=1, ddof=2)"))
        .hasMessageContaining("as ddof");
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "->",
      value = {
        "flip(y, axis=()) -> float64 (3,) [1. 2. 4.]",
        "flip(y, axis=None) -> float64 (3,) [4. 2. 1.]",
        "flip(y, axis=0) -> float64 (3,) [4. 2. 1.]",
        "squeeze(ones((1, 1)), axis=()) -> float64 (1, 1) [[1.]]",
        "squeeze(ones((1, 1)), axis=None) -> float64 () 1.0",
        "squeeze(ones((1, 1)), axis=(0,)) -> float64 (1,) [1.]",
        "roll(y, 1, axis=()) -> float64 (3,) [1. 2. 4.]",
        "roll(y, 1) -> float64 (3,) [4. 1. 2.]",
        "permute_dims(ones(()), ()) -> float64 () 1.0",
        "reshape(ones((1, 1)), ()) -> float64 () 1.0",
      })
  void noAxesAreNotAllAxes(String expression, String expected) {
    assertThat(text(evaluate(expression))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "->",
      quoteCharacter = '`',
      value = {
        "x + z -> 5 -> true -> unknown name 'z'",
        "x + sin -> 5 -> true -> 'sin' is a function",
        "np.sin(x) -> 1 -> true -> unknown name 'np'",
        "1 + sine(x) -> 5 -> true -> unknown function 'sine'",
        "median(x) -> 1 -> true -> not supported yet",
        "x.shape -> 3 -> true -> unknown attribute",
        "x.sum -> 3 -> true -> unknown attribute 'sum'",
        "sum() -> 1 -> true -> was not given 'x'",
        "sum(x, x=x) -> 8 -> true -> twice",
        "sin(x, y) -> 8 -> true -> at most 1 argument",
        "sum(x, axes=0) -> 8 -> true -> no parameter 'axes'",
        "sum(x, axis='a') -> 8 -> true -> as axis",
        "sum(x, axis=0.5) -> 8 -> true -> as axis",
        "sum(x, axis=()) -> 8 -> true -> as axis",
        "transpose(x, axes=()) -> 1 -> false -> axes",
        "sum(x, axis=99999999999) -> 8 -> true -> as axis",
        "sum(x, keepdims=1) -> 8 -> true -> as keepdims",
        "x + 'a' -> 3 -> true -> given the string 'a'",
        "x + (1, 2) -> 3 -> true -> a tuple of 2",
        "concat(x) -> 8 -> true -> list of arrays",
        "concat([]) -> 8 -> true -> list of arrays",
        "x[y] -> 3 -> true -> not supported yet",
        "x['a'] -> 3 -> true -> as an index",
        "x[0.5] -> 3 -> true -> as an index",
        "x[0.5:] -> 3 -> true -> in a slice",
        "x[::0] -> 3 -> true -> step of a slice is 0",
        "3[0] -> 2 -> true -> no index",
        "(1:2) -> 3 -> true -> unexpected ':'",
        "x + y[:2] -> 3 -> false -> cannot be broadcast",
        "x[5] -> 2 -> false -> 5",
        "x + sum(x, axis=7) -> 5 -> false -> axis 7",
        "sin(i) -> 1 -> false -> astype",
        "u + 300 -> 3 -> false -> 300 does not fit",
        "i + 0.5 -> 3 -> false -> 0.5 does not go",
        "1 / 0 -> 3 -> false -> by zero",
        "5 % 0 -> 3 -> false -> by zero",
        "0 ** -1 -> 3 -> false -> negative power",
        "(-8) ** 0.5 -> 6 -> false -> complex",
        "2 ** 64 -> 3 -> false -> does not fit 64 bits",
        "1 << 64 -> 3 -> false -> does not fit 64 bits",
        "1 << -1 -> 3 -> false -> -1 places",
        "1 + 0b102 -> 5 -> true -> '0b102' is no number of base 2 at column",
        "0b102 -> 1 -> true -> its digits are 0 to 1",
        "0o19 -> 1 -> true -> its digits are 0 to 7",
        "0x1g -> 1 -> true -> its digits are 0 to 9 and a to f",
        "0X -> 1 -> true -> no number of base 16",
        "0x8000000000000000 -> 1 -> true -> no whole number below 2^63",
        "9223372036854775808 -> 1 -> true -> no whole number below 2^63",
        "~1.5 -> 1 -> false -> whole numbers",
        "1.5 & 1 -> 5 -> false -> whole numbers",
        "astype(x, 'float99') -> 11 -> false -> unknown dtype",
        "zeros((-1,)) -> 1 -> false -> negative extent",
        "max(zeros(0)) -> 1 -> false -> 0",
      })
  void pointsAtTheMistake(String expression, int column, boolean syntax, String message) {
    ExpressionException e =
        catchThrowableOfType(ExpressionException.class, () -> evaluate(expression));
    assertThat(e).as(expression).isNotNull();
    assertThat(e.show(expression)).contains(message);
    assertThat(e.column()).isEqualTo(column);
    assertThat(e.isSyntax()).isEqualTo(syntax);
  }

  @Test
  void suggestsTheNearestName() {
    ExpressionException e =
        catchThrowableOfType(ExpressionException.class, () -> evaluate("maximun(x, 0)"));
    assertThat(e.show("maximun(x, 0)")).endsWith("did you mean maximum?");
  }

  @Test
  void longChainsAreOrdinary() {
    assertThat(evaluate("1" + " + 1".repeat(100_000))).isEqualTo(new Value.Int(100_001));
    assertThat(evaluate("y" + " + 1".repeat(20_000))).isInstanceOf(Value.Array.class);
  }
}
