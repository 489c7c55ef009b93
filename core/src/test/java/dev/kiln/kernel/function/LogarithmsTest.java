package dev.kiln.kernel.function;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.DType;
import dev.kiln.kernel.Body.Value;
import java.util.function.DoubleFunction;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Largest errors and special values; {@code -Dkiln.exhaustive=true} takes every float32. */
class LogarithmsTest {
  enum Function {
    LOG2(Logarithms::log2, StrictReference::log2, 0.71, Oracle::log2, 0.72),
    LOG10(Logarithms::log10, StrictMath::log10, 0.71, Oracle::log10, 0.72),
    LOG1P(Logarithms::log1p, StrictMath::log1p, 0.71, Oracle::log1p, 0.72);

    final UnaryOperator<Value> formula;
    final DoubleUnaryOperator reference;
    final double ulpsFloat32;
    final DoubleFunction<Oracle.Exact> oracle;
    final double ulpsFloat64;

    Function(
        UnaryOperator<Value> formula,
        DoubleUnaryOperator reference,
        double ulpsFloat32,
        DoubleFunction<Oracle.Exact> oracle,
        double ulpsFloat64) {
      this.formula = formula;
      this.reference = reference;
      this.ulpsFloat32 = ulpsFloat32;
      this.oracle = oracle;
      this.ulpsFloat64 = ulpsFloat64;
    }
  }

  @ParameterizedTest
  @EnumSource
  void float32(Function f) {
    Errors errors = Errors.float32(f.formula, f.reference);
    assertThat(errors.ulps()).as("%s: %s", f, errors).isLessThanOrEqualTo(f.ulpsFloat32);
    double[] hard = {1e-38, 1, 0.66667, 1.33333, 0.33333, -0.33333, -0.5, -1, 2, 1e-8};
    Errors near = Errors.float32Near(f.formula, f.reference, hard);
    assertThat(near.ulps()).as("%s: %s", f, near).isLessThanOrEqualTo(f.ulpsFloat32);
  }

  @ParameterizedTest
  @CsvSource({
    "LOG2, 0.5, 2",
    "LOG2, 1.35, 1.45",
    "LOG2, 0.999, 1.001",
    "LOG2, 1e-3, 1e3",
    "LOG2, 1e-320, 1e-300",
    "LOG2, 1e300, 1e308",
    "LOG10, 0.5, 2",
    "LOG10, 1.35, 1.45",
    "LOG10, 0.999, 1.001",
    "LOG10, 1e-3, 1e3",
    "LOG10, 1e-320, 1e-300",
    "LOG10, 1e300, 1e308",
    "LOG1P, -0.3, 0.5",
    "LOG1P, -0.31, -0.28",
    "LOG1P, 0.4, 0.43",
    "LOG1P, -1, 0",
    "LOG1P, 1, 1000",
    "LOG1P, 1e300, 1e308",
  })
  void float64(Function f, double low, double high) {
    Errors errors = Errors.float64(f.formula, f.oracle, low, high);
    assertThat(errors.ulps())
        .as("%s: %s, seed %s", f, errors, Errors.SEED)
        .isLessThanOrEqualTo(f.ulpsFloat64);
  }

  @ParameterizedTest
  @EnumSource
  void float64OverManyMagnitudes(Function f) {
    Errors errors = Errors.float64Exponents(f.formula, f.oracle, -90, 100, false);
    assertThat(errors.ulps())
        .as("%s: %s, seed %s", f, errors, Errors.SEED)
        .isLessThanOrEqualTo(f.ulpsFloat64);
  }

  @ParameterizedTest
  @CsvSource({
    "LOG2, 1, 0",
    "LOG2, 0, -Infinity",
    "LOG2, -0.0, -Infinity",
    "LOG2, -1, NaN",
    "LOG2, -1e-40, NaN",
    "LOG2, -Infinity, NaN",
    "LOG2, Infinity, Infinity",
    "LOG2, NaN, NaN",
    "LOG10, 1, 0",
    "LOG10, 0, -Infinity",
    "LOG10, -0.0, -Infinity",
    "LOG10, -1, NaN",
    "LOG10, -1e-40, NaN",
    "LOG10, -Infinity, NaN",
    "LOG10, Infinity, Infinity",
    "LOG10, NaN, NaN",
    "LOG1P, 0, 0",
    "LOG1P, -0.0, -0.0",
    "LOG1P, -1, -Infinity",
    "LOG1P, -1.5, NaN",
    "LOG1P, -Infinity, NaN",
    "LOG1P, Infinity, Infinity",
    "LOG1P, NaN, NaN",
  })
  void specialValues(Function f, double x, Double expected) { // boxed: -0.0 is not 0.0
    assertThat(new Composite(DType.FLOAT32, f.formula).at((float) x)).isEqualTo(expected);
    assertThat(new Composite(DType.FLOAT64, f.formula).at(x)).isEqualTo(expected);
  }

  @Test
  void exactOnPowersOfTheBase() {
    Composite single = new Composite(DType.FLOAT32, Function.LOG2.formula);
    Composite twice = new Composite(DType.FLOAT64, Function.LOG2.formula);
    for (int k = -149; k <= 127; k++) {
      assertThat(single.at(StrictMath.scalb(1.0f, k))).isEqualTo(k);
    }
    for (int k = -1074; k <= 1023; k++) {
      assertThat(twice.at(StrictMath.scalb(1.0, k))).isEqualTo(k);
    }
    Composite decimal32 = new Composite(DType.FLOAT32, Function.LOG10.formula);
    Composite decimal64 = new Composite(DType.FLOAT64, Function.LOG10.formula);
    double power = 1; // exact up to 10^22, and in float32 up to 10^10
    for (int k = 0; k <= 22; k++, power *= 10) {
      assertThat(decimal64.at(power)).isEqualTo(k);
      if (k <= 10) {
        assertThat(decimal32.at(power)).isEqualTo(k);
      }
    }
  }

  @Test
  void log1pKeepsSmallArguments() {
    Composite single = new Composite(DType.FLOAT32, Function.LOG1P.formula);
    Composite twice = new Composite(DType.FLOAT64, Function.LOG1P.formula);
    for (double x = Float.MIN_VALUE; x < 1e-9; x *= 2) {
      assertThat(single.at(x)).isEqualTo(x);
      assertThat(single.at(-x)).isEqualTo(-x);
    }
    for (double x = Double.MIN_VALUE; x < 1e-18; x *= 2) {
      assertThat(twice.at(x)).isEqualTo(x);
      assertThat(twice.at(-x)).isEqualTo(-x);
    }
  }
}
