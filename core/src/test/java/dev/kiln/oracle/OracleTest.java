package dev.kiln.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.kiln.DType;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The oracle against big decimals, and how it measures. */
class OracleTest {
  private static final long SEED = 20_251_125;
  private static final int COMPARED = 25;

  @ParameterizedTest
  @EnumSource
  void isRightToEightyBits(Reference reference) {
    SplittableRandom random = new SplittableRandom(SEED);
    Arguments arguments = new Arguments(reference, DType.FLOAT64);
    int compared = 0;
    while (compared < COMPARED) {
      arguments.next(random);
      double x = arguments.x();
      double y = arguments.y();
      double difference = BigDecimals.difference(reference, x, y);
      if (!Double.isNaN(difference)) {
        compared++;
        assertThat(difference)
            .as("%s of %s, %s, seed %s", reference, x, y, SEED)
            .isLessThan(0x1p-80);
      }
    }
  }

  /** The float64 that comes nearest of all to a multiple of π/2, and the largest. */
  @ParameterizedTest
  @CsvSource({
    "SIN, 0x1.6ac5b262ca1ffp849",
    "COS, 0x1.6ac5b262ca1ffp849",
    "TAN, 0x1.6ac5b262ca1ffp849",
    "SIN, 0x1.fffffffffffffp1023",
    "COS, 0x1.fffffffffffffp1023",
    "TAN, 0x1.fffffffffffffp1023",
  })
  void hugeAngles(Reference reference, String x) {
    assertThat(BigDecimals.difference(reference, Double.parseDouble(x), 0)).isLessThan(0x1p-80);
  }

  @ParameterizedTest
  @CsvSource({
    "1, FLOAT64, 0x1.0p0, 0",
    "1, FLOAT64, 0x1.0000000000001p0, 1",
    "1, FLOAT64, 0x1.fffffffffffffp-1, 0.5",
    "1, FLOAT32, 0x1.000002p0, 1",
    "1, FLOAT64, -1.0, Infinity",
    "1, FLOAT64, NaN, Infinity",
    "NaN, FLOAT64, NaN, 0",
    "NaN, FLOAT32, 1, Infinity",
    "0.0, FLOAT64, -0.0, Infinity",
    "-0.0, FLOAT64, -0.0, 0",
    "Infinity, FLOAT64, 0x1.fffffffffffffp1023, Infinity",
    "0x1p-149, FLOAT32, 0.0, 1",
    "0x1p-151, FLOAT32, 0.0, 0.25",
    "0x1p-151, FLOAT32, -0.0, Infinity",
    "0x1.fffffep127, FLOAT32, Infinity, 1",
    "0x1p128, FLOAT32, Infinity, 0",
    "0x1p128, FLOAT32, 0x1.fffffep127, Infinity",
  })
  void measuresInUnitsOfTheLastPlace(String exact, DType dtype, String y, double ulps) {
    assertThat(Exact.number(Double.parseDouble(exact)).ulps(Double.parseDouble(y), dtype))
        .isEqualTo(ulps);
  }

  @Test
  void measuresBelowPowersOfTwoInSmallerUnits() {
    Exact below = Exact.of(new DoubleDouble(1, -0x1p-60));
    assertThat(below.ulps(1, DType.FLOAT64)).isEqualTo(0x1p-7);
    assertThat(below.ulps(Math.nextUp(1.0), DType.FLOAT64)).isEqualTo(2 + 0x1p-7);
  }

  /** log(exp(−1) + exp(y)) with y next to log(1 − exp(−1)) is 0.10327 · 2<sup>−53</sup>. */
  @ParameterizedTest
  @CsvSource({"0, 0.10327", "0x1p-53, 0.89673", "-0x1p-54, 0.60327", "NaN, Infinity"})
  void measuresLogaddexpInUnitsOfTheLargerArgumentWhereItCancels(String value, double error) {
    double y = -0.4586751453870819;
    assertThat(Reference.LOGADDEXP.error(-1, y, Double.parseDouble(value), DType.FLOAT64))
        .isCloseTo(error / -y, withinPercentage(0.01));
  }

  @Test
  void scalesBeyondTheRangeOfDoubles() {
    assertThat(new Exact(1, 0, -1080).ulps(0, DType.FLOAT64)).isEqualTo(0x1p-6);
    assertThat(new Exact(1.5, 0, -1074).ulps(Double.MIN_VALUE, DType.FLOAT64)).isEqualTo(0.5);
    assertThat(new Exact(1, 0, 1024).ulps(Double.POSITIVE_INFINITY, DType.FLOAT64)).isZero();
    assertThat(new Exact(1, -0x1p-53, 1024).ulps(Double.POSITIVE_INFINITY, DType.FLOAT64))
        .isEqualTo(1);
  }
}
