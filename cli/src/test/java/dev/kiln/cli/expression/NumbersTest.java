package dev.kiln.cli.expression;

import static org.assertj.core.api.Assertions.assertThat;

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
}
