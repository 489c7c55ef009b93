package dev.kiln.kernel.function;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.DType;
import dev.kiln.kernel.Bits;
import dev.kiln.kernel.Body;
import dev.kiln.kernel.Instr;
import dev.kiln.kernel.ScalarMeaning;
import java.math.BigInteger;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The reduction of large angles, against integers of 1,500 bits. */
class WideReductionTest {
  private static final long SEED = 20_261_125;
  private static final int FRACTION = 1500;
  private static final BigInteger HALF_PI =
      inverseTangent(5).shiftLeft(3).subtract(inverseTangent(239).shiftLeft(1));

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

  /** The inverse tangent of 1 / n in fixed point. */
  private static BigInteger inverseTangent(int n) {
    BigInteger power = BigInteger.ONE.shiftLeft(FRACTION).divide(BigInteger.valueOf(n));
    BigInteger sum = BigInteger.ZERO;
    for (int k = 1; power.signum() != 0; k += 2) {
      BigInteger term = power.divide(BigInteger.valueOf(k));
      sum = k % 4 == 1 ? sum.add(term) : sum.subtract(term);
      power = power.divide(BigInteger.valueOf((long) n * n));
    }
    return sum;
  }

  private static BigInteger fixed(double x) {
    BigInteger mantissa =
        BigInteger.valueOf((Double.doubleToRawLongBits(x) & (1L << 52) - 1) | 1L << 52);
    if (Math.abs(x) < Double.MIN_NORMAL) {
      return x == 0 ? BigInteger.ZERO : fixed(x * 0x1p200).shiftRight(200);
    }
    BigInteger size = mantissa.shiftLeft(Math.getExponent(x) - 52 + FRACTION);
    return x < 0 ? size.negate() : size;
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

  /**
   * Those of each power of two that come nearest to a multiple of π/2, by continued fractions: 2
   * <sup>E</sup> m is near n π/2 where n / m is a convergent of 2<sup>E</sup> / (π/2).
   */
  @Test
  void nextToMultiplesOfHalfPi() {
    double nearest = 1;
    for (int exponent = -7; exponent <= 971; exponent++) {
      BigInteger p = BigInteger.ONE.shiftLeft(exponent + FRACTION);
      BigInteger q = HALF_PI;
      BigInteger before = BigInteger.ONE;
      BigInteger m = BigInteger.ZERO;
      while (m.bitLength() <= 53 && q.signum() != 0) {
        if (m.bitLength() == 53) {
          double x = StrictMath.scalb(m.doubleValue(), exponent);
          check(x);
          check(-x);
          ScalarMeaning.evaluate(body, new long[] {Bits.of(x)}, new long[0], values);
          nearest = Math.min(nearest, Math.abs(Bits.toDouble(values[high])));
        }
        BigInteger[] step = p.divideAndRemainder(q);
        BigInteger next = step[0].multiply(m).add(before);
        before = m;
        m = next;
        p = q;
        q = step[1];
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
