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

class ErrorFunctionTest {
  enum Function {
    ERF(ErrorFunction::erf, 1.1, Oracle::erf, 1.1),
    ERFC(ErrorFunction::erfc, 1.2, Oracle::erfc, 1.2),
    NORMAL_CDF(ErrorFunction::normalCdf, 1.4, Oracle::normalCdf, 1.4);

    final UnaryOperator<Value> formula;
    final DoubleUnaryOperator reference;
    final double ulpsFloat32;
    final DoubleFunction<Oracle.Exact> oracle;
    final double ulpsFloat64;

    Function(
        UnaryOperator<Value> formula,
        double ulpsFloat32,
        DoubleFunction<Oracle.Exact> oracle,
        double ulpsFloat64) {
      this.formula = formula;
      // float64 is tested by itself, and exact enough for float32
      ThreadLocal<Composite> composite =
          ThreadLocal.withInitial(() -> new Composite(DType.FLOAT64, formula));
      this.reference = x -> composite.get().at(x);
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
    "ERF, -0.5, 0.5",
    "ERF, 0.45, 0.6",
    "ERF, 0.5, 2",
    "ERF, 1, 6",
    "ERFC, -0.5, 0.5",
    "ERFC, 0.4, 1.5",
    "ERFC, -6, 0",
    "ERFC, 1, 6",
    "ERFC, 6, 26.5",
    "ERFC, 26.5, 27.23",
    "NORMAL_CDF, -0.7, 0.7",
    "NORMAL_CDF, -1.5, -0.6",
    "NORMAL_CDF, 0, 9",
    "NORMAL_CDF, -6, 0",
    "NORMAL_CDF, -37.4, -6",
    "NORMAL_CDF, -38.5, -37.4",
  })
  void float64(Function function, double low, double high) {
    Worst worst = ErrorSearch.float64(function.formula, function.oracle, low, high, 2000);
    assertThat(worst.ulps()).as("%s", worst).isLessThanOrEqualTo(function.ulpsFloat64);
  }

  @ParameterizedTest
  @CsvSource({"ERF, -90, 3, true", "ERFC, -90, 3, true", "NORMAL_CDF, -90, 3, true"})
  void float64OverMagnitudes(Function function, int low, int high, boolean signed) {
    Worst worst =
        ErrorSearch.float64OverMagnitudes(
            function.formula, function.oracle, low, high, signed, 2000);
    assertThat(worst.ulps()).as("%s", worst).isLessThanOrEqualTo(function.ulpsFloat64);
  }

  @ParameterizedTest
  @CsvSource({
    "ERF, 0, 0",
    "ERF, -0.0, -0.0",
    "ERF, Infinity, 1",
    "ERF, -Infinity, -1",
    "ERF, 1e30, 1",
    "ERF, -7, -1",
    "ERF, NaN, NaN",
    "ERFC, 0, 1",
    "ERFC, -0.0, 1",
    "ERFC, 1e-30, 1",
    "ERFC, Infinity, 0",
    "ERFC, -Infinity, 2",
    "ERFC, 28, 0",
    "ERFC, 1e30, 0",
    "ERFC, -1e30, 2",
    "ERFC, NaN, NaN",
    "NORMAL_CDF, 0, 0.5",
    "NORMAL_CDF, -0.0, 0.5",
    "NORMAL_CDF, 1e-30, 0.5",
    "NORMAL_CDF, Infinity, 1",
    "NORMAL_CDF, -Infinity, 0",
    "NORMAL_CDF, -1e30, 0",
    "NORMAL_CDF, 1e30, 1",
    "NORMAL_CDF, -40, 0",
    "NORMAL_CDF, NaN, NaN",
  })
  void specialValues(Function function, double x, Double expected) {
    assertThat(new Composite(DType.FLOAT32, function.formula).at((float) x)).isEqualTo(expected);
    assertThat(new Composite(DType.FLOAT64, function.formula).at(x)).isEqualTo(expected);
  }
}
