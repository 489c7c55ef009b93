package dev.kiln.cli.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParserTest {
  @ParameterizedTest
  @CsvSource(
      delimiterString = "->",
      quoteCharacter = '`',
      value = {
        "1 + 2 * 3 -> (+ 1 (* 2 3))",
        "1 * 2 + 3 -> (+ (* 1 2) 3)",
        "1 - 2 - 3 -> (- (- 1 2) 3)",
        "(1 + 2) * 3 -> (* (+ 1 2) 3)",
        "2 ** 3 ** 2 -> (** 2 (** 3 2))",
        "-x ** 2 -> (- (** x 2))",
        "2 ** -x * 3 -> (* (** 2 (- x)) 3)",
        "-x * y -> (* (- x) y)",
        "~x & y -> (& (~ x) y)",
        "- -x -> (- (- x))",
        "a | b ^ c & d << e + f * g -> (| a (^ b (& c (<< d (+ e (* f g))))))",
        "a * b % c // d -> (// (% (* a b) c) d)",
        "a < b | c -> (< a (| b c))",
        "(a < b) & (b < c) -> (& (< a b) (< b c))",
        "(a < b) == c -> (== (< a b) c)",
        "a != b -> (!= a b)",
        "x.T ** 2 -> (** x.T 2)",
        "-x.sum(axis=0)[1] -> (- x.sum(axis=0)[1])",
        "f(x, (1, 2), axis=None) -> f(x, [1, 2], axis=NONE)",
        "f() -> f()",
        "f(x,) -> f(x)",
        "[x, y,] -> [x, y]",
        "x, y -> [x, y]",
        "(x,) -> [x]",
        "() -> []",
        "x[1] -> x[1]",
        "x[:, ::-1, 1:2, ..., None] -> x[_:_:_, _:_:(- 1), 1:2:_, ELLIPSIS, NONE]",
        "x[a + 1:b] -> x[(+ a 1):b:_]",
        "x[(1, 2)] -> x[[1, 2]]",
        "True & False -> (& true false)",
        "1_000 + 0xff + 0b101 + 0o17 -> (+ (+ (+ 1000 255) 5) 15)",
        "1. + .5 + 1e-3 + 2E+2 -> (+ (+ (+ 1.0 0.5) 0.001) 200.0)",
        "astype(x, \"float32\") -> astype(x, 'float32')",
        "  x  -> x",
        "größe_2 -> größe_2",
      })
  void parsesAsPython(String expression, String tree) {
    assertThat(ExprText.of(Parser.parse(expression))).isEqualTo(tree);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "->",
      quoteCharacter = '`',
      value = {
        "x + -> 4 -> ends too early",
        "x + * y -> 5 -> unexpected '*'",
        "(x -> 3 -> unexpected the end",
        "x) -> 2 -> unexpected ')'",
        "x y -> 3 -> unexpected 'y'",
        "2x -> 2 -> follows the number 2",
        "a < b < c -> 7 -> cannot be chained",
        "f(a) < g(b) == c -> 13 -> cannot be chained",
        "x and y -> 3 -> 'and' is not supported",
        "not x -> 1 -> 'not' is not supported",
        "x if y else z -> 3 -> 'if' is not supported",
        "x = 3 -> 3 -> unexpected '='",
        "f(axis=0, x) -> 11 -> positional argument after",
        "x[] -> 2 -> empty index",
        "x[1 -> 4 -> unexpected the end",
        "x[,1] -> 3 -> empty place",
        "x.3 -> 2 -> unexpected '.3'",
        "x. -> 3 -> unexpected the end after '.'",
        "(x)(y) -> 4 -> no function",
        "x $ y -> 3 -> unexpected '$'",
        "!x -> 1 -> unexpected '!'",
        "'abc -> 1 -> string without end",
        "3j -> 1 -> complex",
        "99999999999999999999 -> 1 -> below 2^63",
        "0b12 -> 1 -> no number of base 2",
        "1 2 -> 3 -> unexpected '2'",
      })
  void pointsAtTheMistake(String expression, int column, String message) {
    ExpressionException e =
        catchThrowableOfType(ExpressionException.class, () -> Parser.parse(expression));
    assertThat(e).hasMessageContaining(message);
    assertThat(e.column()).isEqualTo(column);
    assertThat(e.isSyntax()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "   "})
  void anEmptyExpressionIsAnError(String expression) {
    assertThatThrownBy(() -> Parser.parse(expression))
        .isInstanceOf(ExpressionException.class)
        .hasMessageContaining("empty");
  }

  @Test
  void showsThePlace() {
    ExpressionException e =
        catchThrowableOfType(ExpressionException.class, () -> Parser.parse("x + * y"));
    assertThat(e.show("x + * y"))
        .isEqualTo(
            "unexpected '*' at column 5\n"
                + "  x + * y\n"
                + "      ^\n"
                + "expected a number, a name, a function or '('");
  }

  @Test
  void showsThePlaceInALongExpression() {
    String expression = "x + ".repeat(1000) + "* y" + " + y".repeat(1000);
    ExpressionException e =
        catchThrowableOfType(ExpressionException.class, () -> Parser.parse(expression));
    String[] lines = e.show(expression).split("\n");
    assertThat(lines[1]).hasSizeLessThan(140);
    assertThat(lines[1].charAt(lines[2].indexOf('^'))).isEqualTo('*');
  }

  @ParameterizedTest
  @ValueSource(strings = {"(", "[", "-", "~", "f(", "x[", "2**", "1+(", "x.f(", "x[f(-"})
  void deepNestingIsAClearError(String opening) {
    assertThatThrownBy(() -> Parser.parse(opening.repeat(10_000) + "x"))
        .isInstanceOf(ExpressionException.class)
        .hasMessageContaining("nested more than");
  }

  @ParameterizedTest
  @ValueSource(strings = {" + x", ".T", "[0]", " * 2"})
  void longChainsAreNotDeep(String link) {
    Expr expr = Parser.parse("x" + link.repeat(100_000));
    assertThat(expr.first()).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void anyTextIsAnExpressionOrAClearError(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    String[] words = {
      "x", "f", "(", ")", "[", "]", ",", ":", ".", "...", "+", "-", "**", "<", "=", "==", "1",
      "2.5", "'a'", "None", "and", " ", "@", "\u0000", "😀"
    };
    for (int trial = 0; trial < 5000; trial++) {
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(12); n >= 0; n--) {
        text.append(words[random.nextInt(words.length)]);
      }
      try {
        assertThat(ExprText.of(Parser.parse(text.toString()))).isNotEmpty();
      } catch (ExpressionException e) {
        assertThat(e.column()).as("%s, seed %d", text, seed).isBetween(1, text.length() + 1);
        assertThat(e.show(text.toString())).contains("^");
      } catch (RuntimeException | Error e) {
        throw new AssertionError("'" + text + "', seed " + seed, e);
      }
    }
  }
}
