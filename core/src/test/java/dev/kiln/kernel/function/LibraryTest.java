package dev.kiln.kernel.function;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LibraryTest {
  private static final long SEED = 7;

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
}
