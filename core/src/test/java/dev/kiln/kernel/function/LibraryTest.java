package dev.kiln.kernel.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class LibraryTest {
  private static final long SEED = 7;

  @ParameterizedTest
  @CsvSource({
    "acosh, 1, 0",
    "acosh, 0.5, NaN",
    "acosh, -Infinity, NaN",
    "acosh, Infinity, Infinity",
    "acosh, NaN, NaN",
    "acosh, 1e300, 691.4686750787736", // ln 2 + 300 ln 10
    "asinh, 0, 0",
    "asinh, -0.0, -0.0",
    "asinh, 1e-300, 1e-300",
    "asinh, -1e300, -691.4686750787736",
    "asinh, Infinity, Infinity",
    "asinh, -Infinity, -Infinity",
    "asinh, NaN, NaN",
    "atanh, 0, 0",
    "atanh, -0.0, -0.0",
    "atanh, 1, Infinity",
    "atanh, -1, -Infinity",
    "atanh, 1.5, NaN",
    "atanh, -Infinity, NaN",
    "atanh, 1e-310, 1e-310",
    "atanh, NaN, NaN",
    "log2, 0, -Infinity",
    "log2, -0.0, -Infinity",
    "log2, -1, NaN",
    "log2, Infinity, Infinity",
    "log2, NaN, NaN",
  })
  void specialValues(String function, double x, Double expected) {
    assertThat(named(function).applyAsDouble(x)).isEqualTo(expected);
  }

  private static DoubleUnaryOperator named(String function) {
    return switch (function) {
      case "acosh" -> StrictReference::acosh;
      case "asinh" -> StrictReference::asinh;
      case "atanh" -> StrictReference::atanh;
      case "log2" -> StrictReference::log2;
      default -> throw new AssertionError(function);
    };
  }

  @Test
  void inverseHyperbolicFunctionsInvert() {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < 20_000; i++) {
      double y = StrictMath.exp(random.nextDouble(-20, 5));
      assertClose(StrictReference.asinh(StrictMath.sinh(y)), y, 1, y);
      assertClose(StrictReference.asinh(-StrictMath.sinh(y)), -y, 1, y);
      // an error of half a unit in the argument is one of coth(y) / 2y in the result's own measure
      assertClose(StrictReference.acosh(StrictMath.cosh(y)), y, 1 / (y * StrictMath.tanh(y)), y);
      if (y < 8) {
        double t = StrictMath.tanh(y);
        assertClose(StrictReference.atanh(t), y, t / (y * (1 - t * t)), y);
      }
    }
  }

  private static void assertClose(double actual, double expected, double condition, double at) {
    double tolerance = Math.abs(expected) * 0x1p-50 * Math.max(1, condition);
    assertThat(actual).as("at %s", at).isCloseTo(expected, within(tolerance));
  }

  @Test
  void log2IsExactOnPowersOfTwo() {
    for (int k = -1074; k <= 1023; k++) {
      assertThat(StrictReference.log2(StrictMath.scalb(1.0, k))).isEqualTo(k);
    }
    for (int k = -149; k <= 127; k++) {
      assertThat(StrictReference.log2(StrictMath.scalb(1.0f, k))).isEqualTo(k);
    }
  }

  @Test
  void log2IsLogOverLn2() {
    SplittableRandom random = new SplittableRandom(SEED);
    double ln2 = StrictMath.log(2);
    for (int i = 0; i < 100_000; i++) {
      double x =
          StrictMath.scalb(random.nextDouble(0.5, 1), random.nextInt(-1020, 1020) >> (i % 11));
      double expected = StrictMath.log(x) / ln2;
      assertThat(StrictReference.log2(x))
          .as("x = %s", x)
          .isCloseTo(expected, within(4 * Math.ulp(expected)));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, NaN, 1",
    "NaN, 0, 1",
    "NaN, -0.0, 1",
    "-1, Infinity, 1",
    "-1, -Infinity, 1",
    "1, Infinity, 1",
    "0.5, Infinity, 0",
    "2, Infinity, Infinity",
    "2, -Infinity, 0",
    "-0.0, -3, -Infinity",
    "-0.0, -2, Infinity",
    "-0.0, 3, -0.0",
    "-Infinity, 3, -Infinity",
    "-Infinity, -3, -0.0",
    "-8, 0.5, NaN",
    "NaN, 2, NaN",
    "2, NaN, NaN",
    "-2, 3, -8",
  })
  void pow(double x, double y, Double expected) {
    assertThat(StrictReference.pow(x, y)).isEqualTo(expected);
    assertThat((double) StrictReference.pow((float) x, (float) y)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "Infinity, Infinity, Infinity",
    "-Infinity, -Infinity, -Infinity",
    "Infinity, -Infinity, Infinity",
    "5, -Infinity, 5",
    "-Infinity, 5, 5",
    "1000, 1000, 1000.6931471805599",
    "-1000, 0, 0",
    "NaN, 1, NaN",
    "Infinity, NaN, NaN",
    "NaN, -Infinity, NaN",
  })
  void logaddexp(double x, double y, Double expected) {
    assertThat(StrictReference.logaddexp(x, y)).isEqualTo(expected);
    assertThat(StrictReference.logaddexp(y, x)).isEqualTo(expected);
    assertThat(StrictReference.logaddexp((float) x, (float) y))
        .isEqualTo((Float) expected.floatValue());
  }

  @Test
  void hypotIsInfiniteWhereEitherIs() {
    assertThat(StrictReference.hypot(Double.NaN, Double.NEGATIVE_INFINITY))
        .isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(StrictReference.hypot(Float.POSITIVE_INFINITY, Float.NaN))
        .isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(StrictReference.hypot(3e30f, 4e30f)).isEqualTo(5e30f);
    assertThat(StrictReference.hypot(1.0, Double.NaN)).isNaN();
  }

  static Stream<Arguments> divisions() {
    double inf = Double.POSITIVE_INFINITY;
    return Stream.of(
        // a, b, floor_divide, remainder as NumPy gives them
        Arguments.of(7.0, 2.0, 3.0, 1.0),
        Arguments.of(-7.0, 2.0, -4.0, 1.0),
        Arguments.of(7.0, -2.0, -4.0, -1.0),
        Arguments.of(-7.0, -2.0, 3.0, -1.0),
        Arguments.of(6.0, -2.0, -3.0, -0.0),
        Arguments.of(-6.0, 2.0, -3.0, 0.0),
        Arguments.of(0.0, -2.0, -0.0, -0.0),
        Arguments.of(-0.0, 2.0, -0.0, 0.0),
        Arguments.of(1.0, 0.0, inf, Double.NaN),
        Arguments.of(1.0, -0.0, -inf, Double.NaN),
        Arguments.of(0.0, 0.0, Double.NaN, Double.NaN),
        Arguments.of(5.0, inf, 0.0, 5.0),
        Arguments.of(-5.0, inf, -1.0, inf),
        Arguments.of(5.0, -inf, -1.0, -inf),
        Arguments.of(inf, 5.0, Double.NaN, Double.NaN),
        Arguments.of(Double.NaN, 5.0, Double.NaN, Double.NaN),
        Arguments.of(5.0, Double.NaN, Double.NaN, Double.NaN));
  }

  @ParameterizedTest
  @MethodSource("divisions")
  void floorDivideAndFloorMod(double a, double b, Double quotient, Double remainder) {
    assertThat(Library.floorDivide(a, b)).isEqualTo(quotient);
    assertThat(Library.floorMod(a, b)).isEqualTo(remainder);
    assertThat((double) Library.floorDivide((float) a, (float) b)).isEqualTo(quotient);
    assertThat((double) Library.floorMod((float) a, (float) b)).isEqualTo(remainder);
  }

  /** 1 / 0.1 rounds to 10, but 0.1 is a little more than a tenth. */
  @Test
  void floorDivideIsOfTheExactQuotient() {
    assertThat(Library.floorDivide(1.0, 0.1)).isEqualTo(9.0);
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < 20_000; i++) {
      double a = random.nextDouble(-1000, 1000);
      double b = random.nextDouble(0.01, 10) * (random.nextBoolean() ? 1 : -1);
      BigDecimal exact = new BigDecimal(a).divide(new BigDecimal(b), 0, RoundingMode.FLOOR);
      assertThat(Library.floorDivide(a, b)).as("%s // %s", a, b).isEqualTo(exact.doubleValue());
      float x = (float) a;
      float y = (float) b;
      exact = new BigDecimal(x).divide(new BigDecimal(y), 0, RoundingMode.FLOOR);
      assertThat(Library.floorDivide(x, y)).as("%s // %s", x, y).isEqualTo(exact.floatValue());
    }
  }

  @Test
  void integerPow() {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < 2000; i++) {
      long base = random.nextLong();
      int exponent = random.nextInt(200);
      long exact = BigInteger.valueOf(base).pow(exponent).longValue();
      assertThat(Library.integerPow(base, exponent, false)).isEqualTo(exact);
      assertThat(Library.integerPow(base, exponent, true)).isEqualTo(exact);
    }
    assertThat(Library.integerPow(0, 0, false)).isEqualTo(1);
    assertThat(Library.integerPow(1, -5, false)).isEqualTo(1);
    assertThat(Library.integerPow(-1, -5, false)).isEqualTo(-1);
    assertThat(Library.integerPow(-1, -4, false)).isEqualTo(1);
    assertThat(Library.integerPow(-1, Long.MIN_VALUE, false)).isEqualTo(1);
    assertThat(Library.integerPow(2, -1, false)).isZero();
    assertThat(Library.integerPow(0, -1, false)).isZero();
    // 2^64 - 1 is odd: 3^(2^64 - 1) is the inverse of 3, whose order divides 2^64
    assertThat(Library.integerPow(3, -1, true) * 3).isEqualTo(1);
  }

  @Test
  void float32IsFloat64RoundedOnce() {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < 10_000; i++) {
      float x = (float) random.nextDouble(-1, 1);
      float y = (float) random.nextDouble(-3, 3);
      assertThat(StrictReference.acos(x)).isEqualTo((float) StrictMath.acos(x));
      assertThat(StrictReference.asin(x)).isEqualTo((float) StrictMath.asin(x));
      assertThat(StrictReference.atan(y)).isEqualTo((float) StrictMath.atan(y));
      assertThat(StrictReference.atan2(x, y)).isEqualTo((float) StrictMath.atan2(x, y));
      assertThat(StrictReference.cosh(y)).isEqualTo((float) StrictMath.cosh(y));
      assertThat(StrictReference.expm1(y)).isEqualTo((float) StrictMath.expm1(y));
      assertThat(StrictReference.log1p(x)).isEqualTo((float) StrictMath.log1p(x));
      assertThat(StrictReference.log10(x * x)).isEqualTo((float) StrictMath.log10(x * x));
      assertThat(StrictReference.sinh(y)).isEqualTo((float) StrictMath.sinh(y));
    }
  }
}
