package dev.kiln.kernel.function;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.DType;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PowerTest {
  private static final long SEED = 20_250_311;
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

  /** C's special values are those of the library function, whose own test spells them out. */
  @Test
  void specialValues() {
    for (double x : SPECIAL) {
      for (double y : SPECIAL) {
        float a = (float) x;
        float b = (float) y;
        assertThat(
                Errors.ulpsOfFloat32(single.at(a, b), StrictReference.pow((double) a, (double) b)))
            .as("float32 pow(%s, %s) = %s", a, b, single.at(a, b))
            .isLessThanOrEqualTo(ULPS_FLOAT32);
        Double expected = StrictReference.pow(x, y);
        boolean exact =
            expected == 0 || Double.isInfinite(expected) || expected.isNaN() || expected == 1;
        double actual = twice.at(x, y);
        if (exact) {
          assertThat(actual).as("pow(%s, %s)", x, y).isEqualTo(expected);
        } else {
          assertThat(Math.abs(actual - expected))
              .as("pow(%s, %s)", x, y)
              .isLessThanOrEqualTo(2 * Math.ulp(expected));
        }
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

  @Test
  void float32() {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < 400_000; i++) {
      float x = Float.intBitsToFloat(random.nextInt());
      float y = Float.intBitsToFloat(random.nextInt());
      switch (i % 4) {
        case 0 -> {} // any
        case 1 -> { // the whole range of results
          x = Math.abs(x);
          y = (float) (random.nextDouble(-151, 128.5) * Math.log(2) / Math.log(x));
        }
        case 2 -> {
          x = (float) random.nextDouble(0.3, 3);
          y = (float) random.nextDouble(-30, 30);
        }
        default -> {
          x = (float) random.nextDouble(-40, 0);
          y = random.nextInt(-30, 30);
        }
      }
      double exact = StrictReference.pow((double) x, (double) y);
      assertThat(Errors.ulpsOfFloat32(single.at(x, y), exact))
          .as("pow(%s, %s) = %s, seed %s", x, y, single.at(x, y), SEED)
          .isLessThanOrEqualTo(ULPS_FLOAT32);
    }
  }

  @ParameterizedTest
  @CsvSource({
    // base; logarithm to base 2 of the result
    "0.5, 2, -20, 20",
    "0.6, 1.6, 1000, 1023.9",
    "0.6, 1.6, -1022, -1000",
    "0.7, 0.72, 1000, 1023.9", // where the reduced argument is largest
    "1.4, 1.43, 1000, 1023.9",
    "0.999999, 1.000001, -1074, 1023.9",
    "1e-320, 1e-300, -1074, 1023.9",
    "1e300, 1e308, -1074, 1023.9",
    "1e-5, 1e5, -1075, -1021", // subnormal results
  })
  void float64(double low, double high, double least, double most) {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < 3000; i++) {
      double x = random.nextDouble(low, high);
      double y = random.nextDouble(least, most) * Math.log(2) / Math.log(x);
      assertThat(Oracle.pow(x, y).ulps(twice.at(x, y)))
          .as("pow(%s, %s) = %s, seed %s", x, y, twice.at(x, y), SEED)
          .isLessThanOrEqualTo(ULPS_FLOAT64);
    }
  }
}
