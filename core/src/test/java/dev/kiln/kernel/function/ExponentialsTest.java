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
class ExponentialsTest {
  enum Function {
    EXP2(Exponentials::exp2, x -> StrictMath.pow(2, x), 0.87, Oracle::exp2, 0.88),
    EXPM1(Exponentials::expm1, StrictMath::expm1, 0.89, Oracle::expm1, 0.90);

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
    double[] hard = {
      1e-38, 1, -1, 0.351209, -0.34657, 17.0891, -18, 88.72284, -126, -126.476, -149, -150, 128
    };
    Errors near = Errors.float32Near(f.formula, f.reference, hard);
    assertThat(near.ulps()).as("%s: %s", f, near).isLessThanOrEqualTo(f.ulpsFloat32);
  }

  @ParameterizedTest
  @CsvSource({
    "EXP2, -1, 1",
    "EXP2, -1022, 1024",
    "EXP2, -1075, -1021",
    "EXPM1, -0.35, 0.36",
    "EXPM1, 0.33, 0.37",
    "EXPM1, -40, 2",
    "EXPM1, -45, 45",
    "EXPM1, -800, 709.7",
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
    Errors errors = Errors.float64Exponents(f.formula, f.oracle, -90, 9, true);
    assertThat(errors.ulps())
        .as("%s: %s, seed %s", f, errors, Errors.SEED)
        .isLessThanOrEqualTo(f.ulpsFloat64);
  }

  @ParameterizedTest
  @CsvSource({
    "EXP2, 0, 1",
    "EXP2, -0.0, 1",
    "EXP2, Infinity, Infinity",
    "EXP2, -Infinity, 0",
    "EXP2, 1024, Infinity",
    "EXP2, 1e30, Infinity",
    "EXP2, -1075, 0",
    "EXP2, -1e30, 0",
    "EXP2, NaN, NaN",
    "EXPM1, 0, 0",
    "EXPM1, -0.0, -0.0",
    "EXPM1, Infinity, Infinity",
    "EXPM1, -Infinity, -1",
    "EXPM1, 710, Infinity",
    "EXPM1, -1e30, -1",
    "EXPM1, NaN, NaN",
  })
  void specialValues(Function f, double x, Double expected) { // boxed: -0.0 is not 0.0
    assertThat(new Composite(DType.FLOAT32, f.formula).at((float) x)).isEqualTo(expected);
    assertThat(new Composite(DType.FLOAT64, f.formula).at(x)).isEqualTo(expected);
  }

  @Test
  void exp2IsExactOnWholeNumbers() {
    Composite single = new Composite(DType.FLOAT32, Function.EXP2.formula);
    Composite twice = new Composite(DType.FLOAT64, Function.EXP2.formula);
    for (int n = -160; n <= 130; n++) {
      assertThat(single.at(n)).isEqualTo(StrictMath.scalb(1.0f, n));
    }
    for (int n = -1080; n <= 1030; n++) {
      assertThat(twice.at(n)).isEqualTo(StrictMath.scalb(1.0, n));
    }
  }

  @Test
  void expm1KeepsSmallArguments() {
    Composite single = new Composite(DType.FLOAT32, Function.EXPM1.formula);
    Composite twice = new Composite(DType.FLOAT64, Function.EXPM1.formula);
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
