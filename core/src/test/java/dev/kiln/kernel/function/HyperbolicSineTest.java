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

class HyperbolicSineTest {
  enum Function {
    SINH(HyperbolicSine::sinh, StrictMath::sinh, 0.95, Oracle::sinh, 0.85),
    COSH(HyperbolicSine::cosh, StrictMath::cosh, 0.76, Oracle::cosh, 0.85);

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
    "SINH, -0.35, 0.35",
    "SINH, 0.34, 1.1",
    "SINH, -3, 3",
    "SINH, -40, 40",
    "SINH, -710.4758, 710.4758",
    "SINH, 709, 710.4758600739439",
    "COSH, -0.35, 0.35",
    "COSH, 0.34, 1.1",
    "COSH, -3, 3",
    "COSH, -40, 40",
    "COSH, -710.4758, 710.4758",
    "COSH, 709, 710.4758600739439",
  })
  void float64(Function function, double low, double high) {
    Worst worst = ErrorSearch.float64(function.formula, function.oracle, low, high, 5000);
    assertThat(worst.ulps()).as("%s", worst).isLessThanOrEqualTo(function.ulpsFloat64);
  }

  @ParameterizedTest
  @EnumSource
  void float64OverMagnitudes(Function function) {
    Worst worst =
        ErrorSearch.float64OverMagnitudes(function.formula, function.oracle, -90, 9, true, 10_000);
    assertThat(worst.ulps()).as("%s", worst).isLessThanOrEqualTo(function.ulpsFloat64);
  }

  @ParameterizedTest
  @CsvSource({
    "SINH, 0, 0",
    "SINH, -0.0, -0.0",
    "SINH, Infinity, Infinity",
    "SINH, -Infinity, -Infinity",
    "SINH, 711, Infinity",
    "SINH, -1e30, -Infinity",
    "SINH, NaN, NaN",
    "COSH, 0, 1",
    "COSH, -0.0, 1",
    "COSH, Infinity, Infinity",
    "COSH, -Infinity, Infinity",
    "COSH, -711, Infinity",
    "COSH, NaN, NaN",
  })
  void specialValues(Function function, double x, Double expected) {
    assertThat(new Composite(DType.FLOAT32, function.formula).at((float) x)).isEqualTo(expected);
    assertThat(new Composite(DType.FLOAT64, function.formula).at(x)).isEqualTo(expected);
  }

  @ParameterizedTest
  @EnumSource(names = "SINH")
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
