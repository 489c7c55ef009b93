package dev.kiln.kernel.function;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.DType;
import dev.kiln.kernel.Body.Value;
import java.util.SplittableRandom;
import java.util.function.DoubleFunction;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Largest errors and special values; {@code -Dkiln.exhaustive=true} takes every float32. */
class LogisticTest {
  enum Function {
    SIGMOID(Logistic::sigmoid, LogisticTest::sigmoid, 0.90, Oracle::sigmoid, 0.85),
    SOFTPLUS(Logistic::softplus, LogisticTest::softplus, 0.51, Oracle::softplus, 0.85);

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

  private static double sigmoid(double x) {
    double t = StrictMath.exp(-Math.abs(x));
    return (x < 0 ? t : 1) / (1 + t);
  }

  private static double softplus(double x) {
    return Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x)));
  }

  @ParameterizedTest
  @EnumSource
  void float32(Function f) {
    Errors errors = Errors.float32(f.formula, f.reference);
    assertThat(errors.ulps()).as("%s: %s", f, errors).isLessThanOrEqualTo(f.ulpsFloat32);
    double[] hard = {1e-38, 1, -1, -0.64, -0.88, 17, -17, -87.33655, -87.68, -103.97, -104, 88.7};
    Errors near = Errors.float32Near(f.formula, f.reference, hard);
    assertThat(near.ulps()).as("%s: %s", f, near).isLessThanOrEqualTo(f.ulpsFloat32);
  }

  @ParameterizedTest
  @CsvSource({
    "SIGMOID, -2, 2",
    "SIGMOID, -45, 45",
    "SIGMOID, -745.1, -700",
    "SOFTPLUS, -2, 2",
    "SOFTPLUS, -0.9, -0.6", // where 1 + t is halved
    "SOFTPLUS, -45, 45",
    "SOFTPLUS, -745.1, -700",
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
    "SIGMOID, 0, 0.5",
    "SIGMOID, -0.0, 0.5",
    "SIGMOID, Infinity, 1",
    "SIGMOID, -Infinity, 0",
    "SIGMOID, 1e30, 1",
    "SIGMOID, -1e30, 0",
    "SIGMOID, NaN, NaN",
    "SOFTPLUS, Infinity, Infinity",
    "SOFTPLUS, -Infinity, 0",
    "SOFTPLUS, 1e30, 1e30",
    "SOFTPLUS, -1e30, 0",
    "SOFTPLUS, NaN, NaN",
  })
  void specialValues(Function f, double x, Double expected) { // boxed: -0.0 is not 0.0
    assertThat(new Composite(DType.FLOAT32, f.formula).at((float) x))
        .isEqualTo(Double.valueOf(expected.floatValue()));
    assertThat(new Composite(DType.FLOAT64, f.formula).at(x)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "Infinity, Infinity, Infinity",
    "-Infinity, -Infinity, -Infinity",
    "Infinity, -Infinity, Infinity",
    "-Infinity, 3, 3",
    "3, -Infinity, 3",
    "1e300, -1e300, 1e300",
    "NaN, 1, NaN",
    "1, NaN, NaN",
    "NaN, Infinity, NaN",
    "Infinity, NaN, NaN",
    "-Infinity, NaN, NaN",
    "0, 0, 0.6931471805599453",
  })
  void logaddexpOfSpecialValues(double x, double y, Double expected) {
    assertThat(new Composite(DType.FLOAT32, Logistic::logaddexp).at((float) x, (float) y))
        .isEqualTo(Double.valueOf(expected.floatValue()));
    assertThat(new Composite(DType.FLOAT64, Logistic::logaddexp).at(x, y)).isEqualTo(expected);
  }

  /**
   * Where the result is a small fraction of the larger argument, which is then negative, the error
   * is in proportion to that argument; elsewhere it is below one unit in the last place.
   */
  @Test
  void logaddexp() {
    Composite single = new Composite(DType.FLOAT32, Logistic::logaddexp);
    Composite twice = new Composite(DType.FLOAT64, Logistic::logaddexp);
    SplittableRandom random = new SplittableRandom(Errors.SEED);
    for (int i = 0; i < 40_000; i++) {
      double x;
      double y;
      switch (i % 4) {
        case 0 -> {
          x = random.nextDouble(-700, 700);
          y = x + random.nextDouble(-40, 40);
        }
        case 1 -> {
          x = random.nextDouble(-2, 2);
          y = random.nextDouble(-2, 2);
        }
        case 2 -> {
          x = StrictMath.scalb(1 + random.nextDouble(), -random.nextInt(60));
          y = random.nextDouble(-60, 0);
        }
        default -> { // results around zero
          x = -StrictMath.scalb(1 + random.nextDouble(), -random.nextInt(2, 30));
          double result = x * StrictMath.scalb(1 + random.nextDouble(), -random.nextInt(1, 40));
          y = StrictMath.log(StrictMath.expm1(result) - StrictMath.expm1(x));
        }
      }
      double value = twice.at(x, y);
      double cancelled = Math.max(1, Math.abs(Math.max(x, y)) / (4 * Math.abs(value)));
      assertThat(Oracle.logaddexp(x, y).ulps(value))
          .as("logaddexp(%s, %s), seed %s", x, y, Errors.SEED)
          .isLessThanOrEqualTo(1.5 * cancelled);
      float a = (float) x;
      float b = (float) y;
      double exact = twice.at(a, b);
      double small = Math.abs(Math.max(a, b)) / Math.abs(exact) * 0x1p-22;
      assertThat(Errors.ulpsOfFloat32(single.at(a, b), exact))
          .as("float32 logaddexp(%s, %s), seed %s", a, b, Errors.SEED)
          .isLessThanOrEqualTo(0.51 + small);
    }
  }
}
