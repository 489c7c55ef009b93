package dev.kiln.kernel.function;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.DType;
import dev.kiln.kernel.Body.Value;
import dev.kiln.kernel.function.ErrorSearch.Worst;
import java.util.SplittableRandom;
import java.util.function.DoubleFunction;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RootsTest {
  enum Function {
    CBRT(Roots::cbrt, StrictMath::cbrt, Oracle::cbrt, 0.501),
    RSQRT(Roots::rsqrt, x -> 1 / Math.sqrt(x), Oracle::rsqrt, 0.86);

    final UnaryOperator<Value> formula;
    final DoubleUnaryOperator reference;
    final DoubleFunction<Oracle.Exact> oracle;
    final double ulps;

    Function(
        UnaryOperator<Value> formula,
        DoubleUnaryOperator reference,
        DoubleFunction<Oracle.Exact> oracle,
        double ulps) {
      this.formula = formula;
      this.reference = reference;
      this.oracle = oracle;
      this.ulps = ulps;
    }
  }

  private final BinaryComposite hypot32 = new BinaryComposite(DType.FLOAT32, Roots::hypot);
  private final BinaryComposite hypot64 = new BinaryComposite(DType.FLOAT64, Roots::hypot);

  @ParameterizedTest
  @EnumSource
  void float32(Function function) {
    Worst worst =
        ErrorSearch.float32(
            function.formula, function.reference, 0, 0x1p-126, 0x1p-60, 1, 8, 0x1.fffffep127);
    assertThat(worst.ulps()).as("%s", worst).isLessThanOrEqualTo(function.ulps);
  }

  @ParameterizedTest
  @CsvSource({"CBRT, 1, 8", "CBRT, -1, 1", "RSQRT, 1, 4", "RSQRT, 0, 1"})
  void float64(Function function, double low, double high) {
    Worst worst = ErrorSearch.float64(function.formula, function.oracle, low, high, 5000);
    assertThat(worst.ulps()).as("%s", worst).isLessThanOrEqualTo(function.ulps);
  }

  @ParameterizedTest
  @CsvSource({"CBRT, true", "RSQRT, false"})
  void float64OverMagnitudes(Function function, boolean signed) {
    Worst worst =
        ErrorSearch.float64OverMagnitudes(
            function.formula, function.oracle, -1074, 1024, signed, 10_000);
    assertThat(worst.ulps()).as("%s", worst).isLessThanOrEqualTo(function.ulps);
  }

  @ParameterizedTest
  @CsvSource({
    "CBRT, 0, 0",
    "CBRT, -0.0, -0.0",
    "CBRT, 27, 3",
    "CBRT, -8, -2",
    "CBRT, Infinity, Infinity",
    "CBRT, -Infinity, -Infinity",
    "CBRT, NaN, NaN",
    "RSQRT, 0, Infinity",
    "RSQRT, -0.0, -Infinity",
    "RSQRT, 4, 0.5",
    "RSQRT, Infinity, 0",
    "RSQRT, -Infinity, NaN",
    "RSQRT, -1, NaN",
    "RSQRT, NaN, NaN",
  })
  void specialValues(Function function, double x, Double expected) {
    assertThat(new Composite(DType.FLOAT32, function.formula).at((float) x)).isEqualTo(expected);
    assertThat(new Composite(DType.FLOAT64, function.formula).at(x)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "3, 4, 5",
    "-3, 4, 5",
    "0, -0.0, 0",
    "-0.0, -0.0, 0",
    "0, -7, 7",
    "Infinity, NaN, Infinity",
    "NaN, -Infinity, Infinity",
    "Infinity, 0, Infinity",
    "NaN, 1, NaN",
    "0, NaN, NaN",
    "3e38, 3e38, Infinity",
  })
  void specialValuesOfHypot(double x, double y, Double expected) {
    assertThat(hypot32.at((float) x, (float) y)).isEqualTo(expected);
    double scale = Math.abs(x) > 1e38 ? 1e270 : 1;
    assertThat(hypot64.at(x * scale, y * scale)).isEqualTo(expected);
  }

  @Test
  void hypotOfFloat32() {
    SplittableRandom random = new SplittableRandom(ErrorSearch.SEED);
    Worst worst = new Worst(0, 0);
    for (int i = 0; i < 1_000_000; i++) {
      float x = Float.intBitsToFloat(random.nextInt());
      float y =
          i % 2 == 0
              ? Float.intBitsToFloat(random.nextInt())
              : (float) StrictMath.scalb((double) x, random.nextInt(-13, 14)) * random.nextFloat();
      double ulps = ErrorSearch.ulpsOfFloat32(hypot32.at(x, y), StrictMath.hypot(x, y));
      worst = Worst.of(worst, new Worst(ulps, x));
    }
    assertThat(worst.ulps()).as("%s", worst).isLessThanOrEqualTo(0.501);
  }

  @Test
  void hypotOfFloat64() {
    SplittableRandom random = new SplittableRandom(ErrorSearch.SEED);
    Worst worst = new Worst(0, 0);
    int samples = ErrorSearch.EXHAUSTIVE ? 5_000_000 : 100_000;
    for (int i = 0; i < samples; i++) {
      int exponent = i % 2 == 0 ? 0 : random.nextInt(-1074, 1023);
      double x = StrictMath.scalb(1 + random.nextDouble(), exponent);
      double y = StrictMath.scalb(1 + random.nextDouble(), exponent - random.nextInt(-1, 3));
      y = i % 16 == 1 ? StrictMath.scalb(y, random.nextInt(-60, 1)) : y;
      double z = hypot64.at(x, -y);
      assertThat(hypot64.at(y, x)).isEqualTo(z);
      if (z < Double.POSITIVE_INFINITY || Math.max(x, y) < 0x1p1023) {
        worst = Worst.of(worst, new Worst(Oracle.hypot(x, y).ulps(z), x));
      }
    }
    assertThat(worst.ulps()).as("%s", worst).isLessThanOrEqualTo(1.05);
  }
}
