package dev.kiln.kernel.function;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.DType;
import dev.kiln.oracle.Reference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PowerTest {
  private static final double ULPS_FLOAT32 = 0.51;
  private static final double ULPS_FLOAT64 = 1.3;
  private static final double[] SPECIAL = {
    0,
    -0.0,
    1,
    -1,
    2,
    -2,
    3,
    -3,
    0.5,
    -0.5,
    1.5,
    -1.5,
    0.999,
    -0.999,
    7,
    -7,
    149,
    -149,
    1023,
    -1075,
    1e300,
    -1e300,
    Double.MIN_VALUE,
    -Double.MIN_VALUE,
    Double.MIN_NORMAL,
    Double.MAX_VALUE,
    -Double.MAX_VALUE,
    Float.MIN_VALUE,
    -Float.MIN_VALUE,
    Float.MAX_VALUE,
    0x1p23 + 1,
    0x1p24 - 1,
    0x1p24,
    0x1p52 + 1,
    -0x1p52 - 1,
    0x1p53 - 1,
    1 - 0x1p53,
    0x1p53,
    0x1p53 + 2,
    -0x1p66,
    0x1p67,
    1 - 0x1p-53,
    1 + 0x1p-52,
    0x1p-53 - 1,
    1 + 0x1p-23,
    0x1p-24 - 1,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    Double.NaN
  };

  private final Composite single = new Composite(DType.FLOAT32, Power::pow);
  private final Composite twice = new Composite(DType.FLOAT64, Power::pow);

  /** Every pair of special and of some awkward values. */
  @Test
  void specialValues() {
    for (double x : SPECIAL) {
      for (double y : SPECIAL) {
        float a = (float) x;
        float b = (float) y;
        assertThat(Reference.POW.at(a, b).ulps(single.at(a, b), DType.FLOAT32))
            .as("float32 pow(%s, %s) = %s", a, b, single.at(a, b))
            .isLessThanOrEqualTo(ULPS_FLOAT32);
        assertThat(Reference.POW.at(x, y).ulps(twice.at(x, y), DType.FLOAT64))
            .as("pow(%s, %s) = %s", x, y, twice.at(x, y))
            .isLessThanOrEqualTo(ULPS_FLOAT64);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, NaN, NaN",
    "NaN, 0, 1",
    "NaN, -0.0, 1",
    "1, NaN, 1",
    "-1, NaN, NaN",
    "-1, Infinity, 1",
    "-1, -Infinity, 1",
    "-0.0, 3, -0.0",
    "-0.0, -3, -Infinity",
    "-0.0, 0.5, 0",
    "-0.0, -2, Infinity",
    "-Infinity, 3, -Infinity",
    "-Infinity, -3, -0.0",
    "-Infinity, 0.5, Infinity",
    "-8, 0.5, NaN",
    "-2, 3, -8",
    "-2, -Infinity, 0",
    "0.5, -Infinity, Infinity",
    "0.5, 4, 0.0625",
    "10, 22, 1e22",
  })
  void asTheStandardSays(double x, double y, Double expected) { // boxed: -0.0 is not 0.0
    assertThat(twice.at(x, y)).isEqualTo(expected);
    assertThat(single.at(x, y)).isEqualTo(Double.valueOf(expected.floatValue()));
  }
}
