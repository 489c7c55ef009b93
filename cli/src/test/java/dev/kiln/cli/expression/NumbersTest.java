package dev.kiln.cli.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NumbersTest {
  @ParameterizedTest
  @CsvSource({
    "3, Int[value=3]",
    "-3, Int[value=-3]",
    "+3, Int[value=3]",
    "1e-3, Real[value=0.001]",
    "-.5, Real[value=-0.5]",
    "inf, Real[value=Infinity]",
    "-inf, Real[value=-Infinity]",
    "nan, Real[value=NaN]",
    "True, Bool[value=true]",
    "0x1F, Int[value=31]",
  })
  void readsNumbers(String text, String value) {
    assertThat(Numbers.parse(text).orElseThrow()).hasToString(value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "x.npy", "3.npy", "1+1", "./3", "-", "--3", "1e", "1 2", "e", "data/1"})
  void everythingElseIsAFile(String text) {
    assertThat(Numbers.parse(text)).isEmpty();
  }

  /** The answers are CPython's. */
  @ParameterizedTest
  @CsvSource(
      delimiterString = " ",
      value = {
        "-5 // inf -1.0",
        "5 // -inf -1.0",
        "5 // inf 0.0",
        "-5 // -inf 0.0",
        "-0.0 // inf -0.0",
        "inf // 2 nan",
        "5 // nan nan",
        "-0.5 // -1 0.0",
        "0.5 // -1 -1.0",
        "-1 // -1.5 0.0",
        "0.0 // -1 -0.0",
        "-7.5 // 2 -4.0",
        "7.5 // -2 -4.0",
        "1.0 // 0.1 9.0",
        "-5.1715942980431384e+16 // 3.0 -1.7238647660143796e+16",
        "9007199254740993 // 1.0 9007199254740992.0",
        "1e308 // 1e-10 inf",
        "-5 % inf inf",
        "5 % -inf -inf",
        "5 % inf 5.0",
        "inf % 2 nan",
        "-0.5 % -1 -0.5",
        "0.5 % -1 -0.5",
        "-6.0 % 3 0.0",
        "6.0 % -3 -0.0",
        "1.0 % 0.1 0.09999999999999995",
        "-5.1715942980431384e+16 % 3.0 1.0",
        "-1e-20 % 3.0 3.0",
        "9007199254740993 / 3 3002399751580331.0",
        "9223372036854775807 / 9223372036854775806 1.0",
        "9007199254740993 / 1 9007199254740992.0",
        "9007199254740995 / 1 9007199254740996.0",
        "9007199254740995 / -4611686018427387904 -0.001953125000000001",
        "0 / -9223372036854775807 -0.0",
        "True / 3 0.3333333333333333",
        "7 / 2 3.5",
        "9007199254740993 / 3.0 3002399751580330.5",
        "1 << 62 4611686018427387904",
        "0 << 100 0",
        "-5 >> 100 -1",
        "1 ** inf 1.0",
        "-1 ** -inf 1.0",
        "0 ** -inf inf",
        "nan ** 0 1.0",
      })
  void computesAsPython(String a, String symbol, String b, String expected) {
    assertThat(binary(a, symbol, b)).isEqualTo(number(expected));
  }

  @Test
  void shiftsIntoTheSign() {
    assertThat(binary("-1", "<<", "63")).isEqualTo(new Value.Int(Long.MIN_VALUE));
    assertThat(binary("-4", "<<", "61")).isEqualTo(new Value.Int(Long.MIN_VALUE));
  }

  @ParameterizedTest
  @CsvSource({"1, 63", "-1, 64", "-3, 62", "2, 62", "1, 64", "1, 128", "9223372036854775807, 1"})
  void shiftsNothingOut(String a, String places) {
    assertThatThrownBy(() -> binary(a, "<<", places)).hasMessageContaining("does not fit 64 bits");
  }

  /** As doubles, many of these are equal. */
  @ParameterizedTest
  @CsvSource(
      delimiterString = " ",
      value = {
        "9007199254740993 > 9007199254740992.0",
        "9007199254740992 = 9007199254740992.0",
        "9007199254740991.0 < 9007199254740993",
        "-9007199254740993 < -9007199254740992.0",
        "9223372036854775807 < 9223372036854775808.0",
        "9223372036854775807 < inf",
        "-9223372036854775807 > -9223372036854775808.0",
        "-9223372036854775807 > -inf",
        "9223372036854775806 < 9223372036854775807",
        "0 = -0.0",
        "0.0 = -0.0",
        "True = 1.0",
        "1 > 0.9999999999999999",
        "inf = inf",
        "-inf < inf",
        "nan ? nan",
        "nan ? 1",
        "9007199254740993 ? nan",
      })
  void comparesExactly(String a, String relation, String b) {
    String mirrored =
        switch (relation) {
          case "<" -> ">";
          case ">" -> "<";
          default -> relation;
        };
    checkCompares(a, relation, b);
    checkCompares(b, mirrored, a);
  }

  private static void checkCompares(String a, String relation, String b) {
    boolean less = relation.equals("<");
    boolean equal = relation.equals("=");
    boolean greater = relation.equals(">");
    assertThat(binary(a, "<", b)).isEqualTo(new Value.Bool(less));
    assertThat(binary(a, "<=", b)).isEqualTo(new Value.Bool(less || equal));
    assertThat(binary(a, "==", b)).isEqualTo(new Value.Bool(equal));
    assertThat(binary(a, "!=", b)).isEqualTo(new Value.Bool(!equal));
    assertThat(binary(a, ">=", b)).isEqualTo(new Value.Bool(greater || equal));
    assertThat(binary(a, ">", b)).isEqualTo(new Value.Bool(greater));
  }

  private static Value.Plain binary(String a, String symbol, String b) {
    Operator operator =
        Operator.of(new Token(Token.Kind.SYMBOL, symbol, 1))
            .orElseThrow(() -> new AssertionError(symbol));
    return Numbers.binary(1, operator, number(a), number(b));
  }

  private static Value.Plain number(String text) {
    return Numbers.parse(text).orElseThrow(() -> new AssertionError(text));
  }
}
