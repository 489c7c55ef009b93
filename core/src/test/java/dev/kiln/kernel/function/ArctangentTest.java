package dev.kiln.kernel.function;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.DType;
import dev.kiln.kernel.Bits;
import dev.kiln.kernel.Body;
import dev.kiln.kernel.Instr;
import dev.kiln.kernel.Opcode;
import dev.kiln.kernel.ScalarMeaning;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ArctangentTest {
  private static final long SEED = 20_250_313;
  private static final double ATAN_FLOAT32 = 0.51;
  private static final double ATAN_FLOAT64 = 0.72;
  private static final double ATAN2_FLOAT32 = 0.51;
  private static final double ATAN2_FLOAT64 = 0.80;

  /** atan2 as a body. */
  private static final class Angle {
    private final DType dtype;
    private final List<Instr> body;
    private final int result;

    Angle(DType dtype) {
      this.dtype = dtype;
      Body building = new Body();
      result = Arctangent.atan2(building.load(dtype, 0), building.load(dtype, 1)).number();
      body = building.instrs();
    }

    double of(double y, double x) {
      long[] values = new long[body.size()];
      long[] operands = {Bits.ofDouble(dtype, y), Bits.ofDouble(dtype, x)};
      ScalarMeaning.evaluate(body, operands, new long[0], values);
      return Bits.asDouble(dtype, values[result]);
    }
  }

  @Test
  void atanFloat32OverAllBitPatterns() {
    Accuracy.assertFloat32(Arctangent::atan, StrictMath::atan, ATAN_FLOAT32);
  }

  @ParameterizedTest
  @CsvSource({"0.5", "1", "2", "1.17549435E-38", "4096", "1e9", "1.1529215E18"})
  void atanFloat32WhereItIsHard(float centre) {
    Accuracy.assertFloat32Around(centre, Arctangent::atan, StrictMath::atan, ATAN_FLOAT32);
  }

  @ParameterizedTest
  @CsvSource({"-1, 1", "0.4, 0.52", "0.5, 0.6", "0.9, 1.1", "1.9, 2.1", "-20, 20"})
  void atanFloat64(double low, double high) {
    double[] xs = new SplittableRandom(SEED).doubles(Accuracy.samples(5000), low, high).toArray();
    Accuracy.assertFloat64(Arctangent::atan, Oracle::atan, xs, ATAN_FLOAT64);
  }

  @Test
  void atanFloat64OverManyMagnitudes() {
    SplittableRandom random = new SplittableRandom(SEED);
    double[] xs = new double[Accuracy.samples(8000)];
    for (int i = 0; i < xs.length; i++) {
      double x = StrictMath.scalb(1 + random.nextDouble(), random.nextInt(-150, 150));
      xs[i] = random.nextBoolean() ? x : -x;
    }
    Accuracy.assertFloat64(Arctangent::atan, Oracle::atan, xs, ATAN_FLOAT64);
  }

  /** Any bits, or a quotient of a magnitude that matters. */
  @Test
  void atan2Float32() {
    SplittableRandom random = new SplittableRandom(SEED);
    Angle angle = new Angle(DType.FLOAT32);
    for (int i = 0; i < Accuracy.samples(500_000); i++) {
      float y = Float.intBitsToFloat(random.nextInt());
      float x = i % 2 == 0 ? Float.intBitsToFloat(random.nextInt()) : (float) (y * factor(random));
      assertThat(Accuracy.ulpsFloat32(angle.of(y, x), StrictMath.atan2(y, x)))
          .as("atan2(%s, %s), seed %s", y, x, SEED)
          .isLessThanOrEqualTo(ATAN2_FLOAT32);
    }
  }

  @Test
  void atan2Float64() {
    SplittableRandom random = new SplittableRandom(SEED);
    Angle angle = new Angle(DType.FLOAT64);
    for (int i = 0; i < Accuracy.samples(40_000); i++) {
      double x = Double.longBitsToDouble(random.nextLong());
      double y =
          switch (i % 4) {
            case 0 -> Double.longBitsToDouble(random.nextLong());
            case 1 -> StrictMath.scalb(x, random.nextInt(-1080, -1000)) * factor(random);
            default -> x * factor(random);
          };
      if (Double.isFinite(x) && Double.isFinite(y) && x != 0 && y != 0) {
        double z = angle.of(y, x);
        assertThat(Oracle.atan2(y, x).ulps(z))
            .as("atan2(%s, %s), seed %s", y, x, SEED)
            .isLessThanOrEqualTo(ATAN2_FLOAT64);
        assertThat(z < 0).isEqualTo(y < 0 && z != 0);
      }
    }
  }

  private static double factor(SplittableRandom random) {
    double magnitude =
        random.nextBoolean()
            ? random.nextDouble(0.3, 3)
            : StrictMath.scalb(1 + random.nextDouble(), random.nextInt(-60, 60));
    return random.nextBoolean() ? magnitude : -magnitude;
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-0.0, -0.0",
    "1, 0.7853981633974483",
    "-1, -0.7853981633974483",
    "1e30, 1.5707963267948966",
    "Infinity, 1.5707963267948966",
    "-Infinity, -1.5707963267948966",
    "NaN, NaN",
  })
  void atanSpecialValues(double x, Double expected) { // boxed: -0.0 is not 0.0, NaN is NaN
    assertThat(new Composite(DType.FLOAT32, Arctangent::atan).at((float) x))
        .isEqualTo(Double.valueOf(expected.floatValue()));
    assertThat(new Composite(DType.FLOAT64, Arctangent::atan).at(x)).isEqualTo(expected);
  }

  /**
   * Every pair of special and of some usual values. Java's results are those of the array API
   * standard, but may be off by a unit in the last place.
   */
  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "FLOAT64"})
  void atan2SpecialValues(DType dtype) {
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
    Angle angle = new Angle(dtype);
    for (double a : magnitudes) {
      for (double b : magnitudes) {
        for (int signs = 0; signs < 4; signs++) {
          double y = signs % 2 == 0 ? a : -a;
          double x = signs < 2 ? b : -b;
          double java = StrictMath.atan2(y, x);
          double expected = single ? (float) java : java;
          assertThat(angle.of(y, x))
              .as("atan2(%s, %s)", y, x)
              .satisfiesAnyOf(
                  z -> assertThat(z).isEqualTo(Double.valueOf(expected)),
                  z -> assertThat(Oracle.atan2(y, x).ulps(z)).isLessThanOrEqualTo(0.5));
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"FLOAT32, 1e-5, 1.401298464324817E-45", "FLOAT64, 1e-9, 4.9E-324"})
  void smallArgumentsStay(DType dtype, double to, double from) {
    Composite atan = new Composite(dtype, Arctangent::atan);
    Angle angle = new Angle(dtype);
    for (double x = from; x < to; x *= 2) {
      assertThat(atan.at(x)).isEqualTo(x);
      assertThat(atan.at(-x)).isEqualTo(-x);
      assertThat(angle.of(x, 1)).isEqualTo(x);
      assertThat(angle.of(-x, 1)).isEqualTo(-x);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "FLOAT64"})
  void composedOfCorrectlyRoundedOperations(DType dtype) {
    assertThat(new Composite(dtype, Arctangent::atan).body()).noneMatch(ArctangentTest::isLibrary);
    assertThat(new Angle(dtype).body).noneMatch(ArctangentTest::isLibrary);
  }

  private static boolean isLibrary(Instr instr) {
    return instr instanceof Instr.Apply a && a.op().group() == Opcode.Group.LIBRARY;
  }
}
