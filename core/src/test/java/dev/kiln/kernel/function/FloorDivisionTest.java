package dev.kiln.kernel.function;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.DType;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The composites are bit by bit the library's functions. */
class FloorDivisionTest {
  private static final long SEED = 11;
  private static final int SAMPLES = 200_000;

  private final Composite divide32 = new Composite(DType.FLOAT32, FloorDivision::floorDivide);
  private final Composite remainder32 = new Composite(DType.FLOAT32, FloorDivision::remainder);
  private final Composite divide64 = new Composite(DType.FLOAT64, FloorDivision::floorDivide);
  private final Composite remainder64 = new Composite(DType.FLOAT64, FloorDivision::remainder);

  private void check(float a, float b) {
    // as Double objects: −0 is not 0, NaN is NaN
    assertThat((Double) divide32.at(a, b))
        .as("floor_divide(%s, %s) float32, seed %s", a, b, SEED)
        .isEqualTo((Double) (double) Library.floorDivide(a, b));
    assertThat((Double) remainder32.at(a, b))
        .as("remainder(%s, %s) float32, seed %s", a, b, SEED)
        .isEqualTo((Double) (double) Library.floorMod(a, b));
  }

  private void check(double a, double b) {
    Double quotient = divide64.at(a, b);
    Double remainder = remainder64.at(a, b);
    if (!quotient.equals(Library.floorDivide(a, b)) || !remainder.equals(Library.floorMod(a, b))) {
      assertThat(quotient)
          .as("floor_divide(%s, %s), seed %s", a, b, SEED)
          .isEqualTo((Double) Library.floorDivide(a, b));
      assertThat(remainder)
          .as("remainder(%s, %s), seed %s", a, b, SEED)
          .isEqualTo((Double) Library.floorMod(a, b));
    }
  }

  @Test
  void specialValues() {
    double[] values = {
      0,
      1,
      2,
      3,
      0.1,
      0.5,
      1.5,
      7,
      1e10,
      4194303,
      4194304,
      8388607,
      0x1p51,
      0x1p52,
      0x1p53,
      0x1p-126,
      0x1p-149,
      0x1.8p-148,
      0x1.fffffep127,
      0x1p-1022,
      0x1p-1074,
      Double.MAX_VALUE,
      Math.nextDown(1.0),
      Math.nextUp(1.0),
      Math.nextDown(1.0f),
      Math.nextUp(1.0f),
      Double.POSITIVE_INFINITY,
      Double.NaN
    };
    for (double a : values) {
      for (double b : values) {
        for (int signs = 0; signs < 4; signs++) {
          double x = (signs & 1) == 0 ? a : -a;
          double y = (signs & 2) == 0 ? b : -b;
          check(x, y);
          check((float) x, (float) y);
        }
      }
    }
  }

  @Test
  void anyBits() {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < SAMPLES / 4; i++) {
      check(Float.intBitsToFloat(random.nextInt()), Float.intBitsToFloat(random.nextInt()));
    }
    for (int i = 0; i < SAMPLES / 100; i++) { // the library's % takes long for large quotients
      check(Double.longBitsToDouble(random.nextLong()), Double.longBitsToDouble(random.nextLong()));
    }
  }

  /** Quotients of every magnitude about the bounds, and next to whole numbers. */
  @Test
  void quotients() {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < SAMPLES; i++) {
      int sign = random.nextBoolean() ? 1 : -1;
      double b = sign * StrictMath.scalb(1 + random.nextDouble(), random.nextInt(-60, 60));
      double whole = (long) StrictMath.scalb(1 + random.nextDouble(), random.nextInt(-2, 54));
      double single = (long) StrictMath.scalb(1 + random.nextDouble(), random.nextInt(-2, 25));
      double a = whole * b;
      float divisor = (float) b;
      float dividend = (float) (single * divisor);
      int steps = random.nextInt(-2, 3);
      check(a + steps * Math.ulp(a), b);
      check(dividend + steps * Math.ulp(dividend), divisor);
      check(a * random.nextDouble(), -b);
      check(dividend * random.nextFloat(), -divisor);
    }
  }

  /** Small whole numbers and decimal fractions, as people use them. */
  @Test
  void smallNumbers() {
    for (int i = -300; i <= 300; i++) {
      for (int j = -40; j <= 40; j++) {
        check(i, j);
        check((float) i, (float) j);
        check(i / 10.0, j / 10.0);
        check(i / 10.0f, j / 10.0f);
      }
    }
  }

  @Test
  void subnormalNumbers() {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < SAMPLES / 4; i++) {
      float a = Float.intBitsToFloat(random.nextInt(1 << random.nextInt(1, 26)));
      float b = Float.intBitsToFloat(random.nextInt(1 << random.nextInt(1, 26)));
      check(a, -b);
      check(
          Double.MIN_VALUE * random.nextLong(1L << 55),
          Double.MIN_VALUE * random.nextLong(1 << 20));
    }
  }
}
