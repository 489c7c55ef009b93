package dev.kiln.kernel.function;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.DType;
import dev.kiln.kernel.Body.Value;
import dev.kiln.kernel.function.ErrorSearch.Worst;
import java.util.function.DoubleFunction;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class InverseHyperbolicTest {
  enum Function {
    ASINH(InverseHyperbolic::asinh, StrictReference::asinh, 0.58, Oracle::asinh, 0.55),
    ACOSH(InverseHyperbolic::acosh, StrictReference::acosh, 0.58, Oracle::acosh, 0.55),
    // the library's is inexact
    ATANH(InverseHyperbolic::atanh, Function::atanh, 0.58, Oracle::atanh, 0.55);

    /** (log(1 + a) − log(1 − a)) / 2, good enough for float32. */
    private static double atanh(double x) {
      return 0.5 * (StrictMath.log1p(x) - StrictMath.log1p(-x));
    }

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
  void float32(Function function) {
    Worst worst =
        ErrorSearch.float32(
            function.formula,
            function.reference,
            0,
            0x1p-13,
            0.34657359,
            1.0397208,
            88.722839,
            89.41599);
    assertThat(worst.ulps()).as("%s", worst).isLessThanOrEqualTo(function.ulpsFloat32);
  }

  @ParameterizedTest
  @CsvSource({
    "ASINH, -0.5, 0.5",
    "ASINH, 0.3, 2",
    "ASINH, -30, 30",
    "ACOSH, 1, 1.0001",
    "ACOSH, 1, 1.5",
    "ACOSH, 1, 3",
    "ACOSH, 1, 100",
    "ATANH, -0.25, 0.25",
    "ATANH, 0.15, 0.5",
    "ATANH, 0.4, 1",
    "ATANH, -1, -0.99",
  })
  void float64(Function function, double low, double high) {
    Worst worst = ErrorSearch.float64(function.formula, function.oracle, low, high, 2000);
    assertThat(worst.ulps()).as("%s", worst).isLessThanOrEqualTo(function.ulpsFloat64);
  }

  @ParameterizedTest
  @CsvSource({
    "ASINH, -90, 1024, true",
    "ASINH, -30, 35, true",
    "ACOSH, 0, 1024, false",
    "ATANH, -90, 0, true"
  })
  void float64OverMagnitudes(Function function, int low, int high, boolean signed) {
    Worst worst =
        ErrorSearch.float64OverMagnitudes(
            function.formula, function.oracle, low, high, signed, 2000);
    assertThat(worst.ulps()).as("%s", worst).isLessThanOrEqualTo(function.ulpsFloat64);
  }

  @ParameterizedTest
  @CsvSource({
    "ASINH, 0, 0",
    "ASINH, -0.0, -0.0",
    "ASINH, Infinity, Infinity",
    "ASINH, -Infinity, -Infinity",
    "ASINH, NaN, NaN",
    "ACOSH, 1, 0",
    "ACOSH, 0.99, NaN",
    "ACOSH, 0, NaN",
    "ACOSH, -2, NaN",
    "ACOSH, Infinity, Infinity",
    "ACOSH, -Infinity, NaN",
    "ACOSH, NaN, NaN",
    "ATANH, 0, 0",
    "ATANH, -0.0, -0.0",
    "ATANH, 1, Infinity",
    "ATANH, -1, -Infinity",
    "ATANH, 1.5, NaN",
    "ATANH, -1.0001, NaN",
    "ATANH, Infinity, NaN",
    "ATANH, NaN, NaN",
  })
  void specialValues(Function function, double x, Double expected) {
    assertThat(new Composite(DType.FLOAT32, function.formula).at((float) x)).isEqualTo(expected);
    assertThat(new Composite(DType.FLOAT64, function.formula).at(x)).isEqualTo(expected);
  }

  @ParameterizedTest
  @EnumSource(names = {"ASINH", "ATANH"})
  void smallArgumentsStay(Function function) {
    Composite single = new Composite(DType.FLOAT32, function.formula);
    Composite twice = new Composite(DType.FLOAT64, function.formula);
    for (double x = Double.MIN_VALUE; x < 0x1p-27; x *= 1.5 + x) {
      x = x < 0x1p-1070 ? 2 * x : x;
      assertThat(twice.at(x)).isEqualTo(x);
      assertThat(twice.at(-x)).isEqualTo(-x);
    }
    for (int bits = 0; bits < Float.floatToRawIntBits(0x1p-13f); bits += 997) {
      float x = Float.intBitsToFloat(bits);
      assertThat(single.at(x)).isEqualTo(x);
    }
  }
}
