package dev.kiln.kernel.function;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.DType;
import dev.kiln.oracle.Reference;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What must come out exactly, of functions of two arguments but for pow. */
class BinarySpecialValuesTest {
  private static final DType SINGLE = DType.FLOAT32;
  private static final DType TWICE = DType.FLOAT64;

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
  void hypot(double x, double y, Double expected) { // boxed: -0.0 is not 0.0, NaN is NaN
    assertThat(new Composite(SINGLE, Roots::hypot).at((float) x, (float) y)).isEqualTo(expected);
    double scale = Math.abs(x) > 1e38 ? 1e270 : 1;
    assertThat(new Composite(TWICE, Roots::hypot).at(x * scale, y * scale)).isEqualTo(expected);
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
  void logaddexp(double x, double y, Double expected) {
    assertThat(new Composite(SINGLE, Logistic::logaddexp).at((float) x, (float) y))
        .isEqualTo(Double.valueOf(expected.floatValue()));
    assertThat(new Composite(TWICE, Logistic::logaddexp).at(x, y)).isEqualTo(expected);
  }

  /**
   * Every pair of special and of some usual values. Java's results are those of the array API
   * standard, but may be off by a unit in the last place.
   */
  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "FLOAT64"})
  void atan2(DType dtype) {
    boolean single = dtype == DType.FLOAT32;
    double[] magnitudes = {
      0,
      1,
      2,
      single ? Float.MIN_VALUE : Double.MIN_VALUE,
      single ? Float.MIN_NORMAL : Double.MIN_NORMAL,
      single ? Float.MAX_VALUE : Double.MAX_VALUE,
      Double.POSITIVE_INFINITY,
      Double.NaN
    };
    Composite angle = new Composite(dtype, Arctangent::atan2);
    for (double a : magnitudes) {
      for (double b : magnitudes) {
        for (int signs = 0; signs < 4; signs++) {
          double y = signs % 2 == 0 ? a : -a;
          double x = signs < 2 ? b : -b;
          double java = StrictMath.atan2(y, x);
          double expected = single ? (float) java : java;
          assertThat(angle.at(y, x))
              .as("atan2(%s, %s)", y, x)
              .satisfiesAnyOf(
                  z -> assertThat(z).isEqualTo(Double.valueOf(expected)),
                  z ->
                      assertThat(Reference.ATAN2.at(y, x).ulps(z, dtype)).isLessThanOrEqualTo(0.5));
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"FLOAT32, 1e-5, 1.401298464324817E-45", "FLOAT64, 1e-9, 4.9E-324"})
  void atan2KeepsSmallSlopes(DType dtype, double to, double from) {
    Composite angle = new Composite(dtype, Arctangent::atan2);
    for (double x = from; x < to; x *= 2) {
      assertThat(angle.at(x, 1)).isEqualTo(x);
      assertThat(angle.at(-x, 1)).isEqualTo(-x);
    }
  }
}
