package dev.kiln.kernel.function;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.DType;
import dev.kiln.kernel.Bits;
import dev.kiln.kernel.Body;
import dev.kiln.kernel.Instr;
import dev.kiln.kernel.ScalarMeaning;
import dev.kiln.oracle.BigOracle;
import dev.kiln.oracle.NearestToHalfPi;
import java.math.BigInteger;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The reduction of large angles, against integers of 1,500 bits. */
class WideReductionTest {
  private static final long SEED = 20_261_125;
  private static final int FRACTION = 1500;
  private static final double LEAST = 0x1p45;
  private static final BigInteger ONE = BigInteger.ONE.shiftLeft(FRACTION);
  private static final BigInteger HALF_PI = BigOracle.pi(FRACTION).shiftRight(1);

  private final List<Instr> body;
  private final int quadrant;
  private final int high;
  private final int low;
  private final long[] values;

  WideReductionTest() {
    Body building = new Body();
    WideReduction reduction = WideReduction.of(building.load(DType.FLOAT64, 0));
    quadrant = reduction.quadrant().number();
    high = reduction.angle().high().number();
    low = reduction.angle().low().number();
    body = building.instrs();
    values = new long[body.size()];
  }

  private static BigInteger fixed(double x) {
    return BigOracle.times(ONE, x);
  }

  private void check(double x) {
    ScalarMeaning.evaluate(body, new long[] {Bits.of(x)}, new long[0], values);
    double angle = Bits.toDouble(values[high]);
    BigInteger exact = fixed(x);
    BigInteger[] turns = exact.add(HALF_PI.shiftRight(1)).divideAndRemainder(HALF_PI);
    BigInteger whole =
        turns[1].signum() < 0 ? turns[0].subtract(BigInteger.ONE) : turns[0]; // rounded down
    BigInteger rest = exact.subtract(whole.multiply(HALF_PI));
    assertThat(values[quadrant] & 3)
        .as("quadrant of %s", x)
        .isEqualTo(whole.and(BigInteger.valueOf(3)).longValue());
    assertThat(Math.abs(Bits.toDouble(values[low])))
        .as("low part of the angle of %s", x)
        .isLessThanOrEqualTo(Math.ulp(angle) / 2);
    BigInteger given = fixed(angle).add(fixed(Bits.toDouble(values[low])));
    assertThat(given.subtract(rest).abs().shiftLeft(64))
        .as("angle of %s", x)
        .isLessThan(rest.abs());
  }

  @Test
  void allMagnitudes() {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int exponent = 45; exponent <= 1023; exponent++) {
      for (int k = 0; k < 20; k++) {
        double x = StrictMath.scalb(1 + random.nextDouble(), exponent);
        check(k % 2 == 0 ? x : -x);
      }
      check(StrictMath.scalb(1.0, exponent));
      check(Math.nextDown(StrictMath.scalb(1.0, exponent) * 2));
    }
    check(Double.MAX_VALUE);
  }

  @Test
  void nextToMultiplesOfHalfPi() {
    double nearest = 1;
    for (double x : NearestToHalfPi.all(DType.FLOAT64)) {
      if (x >= LEAST) {
        check(x);
        check(-x);
        ScalarMeaning.evaluate(body, new long[] {Bits.of(x)}, new long[0], values);
        nearest = Math.min(nearest, Math.abs(Bits.toDouble(values[high])));
      }
    }
    // The hardest of all float64s is among them, or this test has lost its point.
    assertThat(nearest).isBetween(0x1p-61, 0x1p-60);
  }

  @Test
  void infinitiesHaveNoAngle() {
    for (double x : new double[] {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
      ScalarMeaning.evaluate(body, new long[] {Bits.of(x)}, new long[0], values);
      assertThat(Bits.toDouble(values[high])).isNaN();
    }
  }
}
