package dev.kiln.kernel.function;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.DType;
import dev.kiln.kernel.Instr;
import dev.kiln.kernel.Opcode;
import dev.kiln.oracle.Reference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What must come out exactly, of functions of one argument; and what all are made of. */
class SpecialValuesTest {
  @ParameterizedTest
  @CsvSource({
    "EXP, 0, 1",
    "EXP, -0.0, 1",
    "EXP, Infinity, Infinity",
    "EXP, -Infinity, 0",
    "EXP, 710, Infinity",
    "EXP, 1e30, Infinity",
    "EXP, -746, 0",
    "EXP, -1e30, 0",
    "EXP, NaN, NaN",
    "LOG, 1, 0",
    "LOG, 0, -Infinity",
    "LOG, -0.0, -Infinity",
    "LOG, -1, NaN",
    "LOG, -1e-40, NaN",
    "LOG, -Infinity, NaN",
    "LOG, Infinity, Infinity",
    "LOG, NaN, NaN",
    "TANH, 0, 0",
    "TANH, -0.0, -0.0",
    "TANH, Infinity, 1",
    "TANH, -Infinity, -1",
    "TANH, 40, 1",
    "TANH, -1e30, -1",
    "TANH, NaN, NaN",
    "SIN, 0, 0",
    "SIN, -0.0, -0.0",
    "SIN, Infinity, NaN",
    "SIN, -Infinity, NaN",
    "SIN, NaN, NaN",
    "COS, 0, 1",
    "COS, -0.0, 1",
    "COS, Infinity, NaN",
    "COS, -Infinity, NaN",
    "COS, NaN, NaN",
    "EXP2, 0, 1",
    "EXP2, -0.0, 1",
    "EXP2, Infinity, Infinity",
    "EXP2, -Infinity, 0",
    "EXP2, 1024, Infinity",
    "EXP2, 1e30, Infinity",
    "EXP2, -1075, 0",
    "EXP2, -1e30, 0",
    "EXP2, NaN, NaN",
    "EXPM1, 0, 0",
    "EXPM1, -0.0, -0.0",
    "EXPM1, Infinity, Infinity",
    "EXPM1, -Infinity, -1",
    "EXPM1, 710, Infinity",
    "EXPM1, -1e30, -1",
    "EXPM1, NaN, NaN",
    "LOG2, 1, 0",
    "LOG2, 0, -Infinity",
    "LOG2, -0.0, -Infinity",
    "LOG2, -1, NaN",
    "LOG2, -1e-40, NaN",
    "LOG2, -Infinity, NaN",
    "LOG2, Infinity, Infinity",
    "LOG2, NaN, NaN",
    "LOG10, 1, 0",
    "LOG10, 0, -Infinity",
    "LOG10, -0.0, -Infinity",
    "LOG10, -1, NaN",
    "LOG10, -1e-40, NaN",
    "LOG10, -Infinity, NaN",
    "LOG10, Infinity, Infinity",
    "LOG10, NaN, NaN",
    "LOG1P, 0, 0",
    "LOG1P, -0.0, -0.0",
    "LOG1P, -1, -Infinity",
    "LOG1P, -1.5, NaN",
    "LOG1P, -Infinity, NaN",
    "LOG1P, Infinity, Infinity",
    "LOG1P, NaN, NaN",
    "SINH, 0, 0",
    "SINH, -0.0, -0.0",
    "SINH, Infinity, Infinity",
    "SINH, -Infinity, -Infinity",
    "SINH, 711, Infinity",
    "SINH, -1e30, -Infinity",
    "SINH, NaN, NaN",
    "COSH, 0, 1",
    "COSH, -0.0, 1",
    "COSH, Infinity, Infinity",
    "COSH, -Infinity, Infinity",
    "COSH, -711, Infinity",
    "COSH, NaN, NaN",
    "ASINH, 0, 0",
    "ASINH, -0.0, -0.0",
    "ASINH, Infinity, Infinity",
    "ASINH, -Infinity, -Infinity",
    "ASINH, NaN, NaN",
    "ACOSH, 1, 0",
    "ACOSH, 0.99, NaN",
    "ACOSH, 0, NaN",
    "ACOSH, -2, NaN",
    "ACOSH, Infinity, Infinity",
    "ACOSH, -Infinity, NaN",
    "ACOSH, NaN, NaN",
    "ATANH, 0, 0",
    "ATANH, -0.0, -0.0",
    "ATANH, 1, Infinity",
    "ATANH, -1, -Infinity",
    "ATANH, 1.5, NaN",
    "ATANH, -1.0001, NaN",
    "ATANH, Infinity, NaN",
    "ATANH, NaN, NaN",
    "ASIN, 0, 0",
    "ASIN, -0.0, -0.0",
    "ASIN, 1, 1.5707963267948966",
    "ASIN, -1, -1.5707963267948966",
    "ASIN, 1.0000001192092896, NaN",
    "ASIN, -2, NaN",
    "ASIN, Infinity, NaN",
    "ASIN, -Infinity, NaN",
    "ASIN, NaN, NaN",
    "ACOS, 1, 0",
    "ACOS, -1, 3.141592653589793",
    "ACOS, 0, 1.5707963267948966",
    "ACOS, -0.0, 1.5707963267948966",
    "ACOS, 1.0000001192092896, NaN",
    "ACOS, -2, NaN",
    "ACOS, Infinity, NaN",
    "ACOS, -Infinity, NaN",
    "ACOS, NaN, NaN",
    "SIGMOID, 0, 0.5",
    "SIGMOID, -0.0, 0.5",
    "SIGMOID, Infinity, 1",
    "SIGMOID, -Infinity, 0",
    "SIGMOID, 1e30, 1",
    "SIGMOID, -1e30, 0",
    "SIGMOID, NaN, NaN",
    "SOFTPLUS, Infinity, Infinity",
    "SOFTPLUS, -Infinity, 0",
    "SOFTPLUS, 1e30, 1e30",
    "SOFTPLUS, -1e30, 0",
    "SOFTPLUS, NaN, NaN",
    "ERF, 0, 0",
    "ERF, -0.0, -0.0",
    "ERF, Infinity, 1",
    "ERF, -Infinity, -1",
    "ERF, 1e30, 1",
    "ERF, -7, -1",
    "ERF, NaN, NaN",
    "ERFC, 0, 1",
    "ERFC, -0.0, 1",
    "ERFC, 1e-30, 1",
    "ERFC, Infinity, 0",
    "ERFC, -Infinity, 2",
    "ERFC, 28, 0",
    "ERFC, 1e30, 0",
    "ERFC, -1e30, 2",
    "ERFC, NaN, NaN",
    "NORMAL_CDF, 0, 0.5",
    "NORMAL_CDF, -0.0, 0.5",
    "NORMAL_CDF, 1e-30, 0.5",
    "NORMAL_CDF, Infinity, 1",
    "NORMAL_CDF, -Infinity, 0",
    "NORMAL_CDF, -1e30, 0",
    "NORMAL_CDF, 1e30, 1",
    "NORMAL_CDF, -40, 0",
    "NORMAL_CDF, NaN, NaN",
    "CBRT, 0, 0",
    "CBRT, -0.0, -0.0",
    "CBRT, 27, 3",
    "CBRT, -8, -2",
    "CBRT, Infinity, Infinity",
    "CBRT, -Infinity, -Infinity",
    "CBRT, NaN, NaN",
    "RSQRT, 0, Infinity",
    "RSQRT, -0.0, -Infinity",
    "RSQRT, 4, 0.5",
    "RSQRT, Infinity, 0",
    "RSQRT, -Infinity, NaN",
    "RSQRT, -1, NaN",
    "RSQRT, NaN, NaN",
    "ATAN, 0, 0",
    "ATAN, -0.0, -0.0",
    "ATAN, 1, 0.7853981633974483",
    "ATAN, -1, -0.7853981633974483",
    "ATAN, 1e30, 1.5707963267948966",
    "ATAN, Infinity, 1.5707963267948966",
    "ATAN, -Infinity, -1.5707963267948966",
    "ATAN, NaN, NaN",
    "TAN, 0, 0",
    "TAN, -0.0, -0.0",
    "TAN, Infinity, NaN",
    "TAN, -Infinity, NaN",
    "TAN, NaN, NaN",
  })
  void specialValues(
      Elementary function, double x, Double expected) { // boxed: -0.0 is not 0.0, NaN is NaN
    assertThat(new Composite(DType.FLOAT32, function).at((float) x))
        .isEqualTo(Double.valueOf(expected.floatValue()));
    assertThat(new Composite(DType.FLOAT64, function).at(x)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "ASIN, 1e-5, 1e-9",
    "ATAN, 1e-5, 1e-9",
    "SIN, 1e-5, 1e-9",
    "TAN, 1e-5, 1e-9",
    "TANH, 1e-5, 1e-9",
    "EXPM1, 1e-9, 1e-18",
    "LOG1P, 1e-9, 1e-18",
  })
  void smallPowersOfTwoStay(Elementary function, double float32, double float64) {
    Composite single = new Composite(DType.FLOAT32, function);
    Composite twice = new Composite(DType.FLOAT64, function);
    for (double x = Float.MIN_VALUE; x < float32; x *= 2) {
      assertThat(single.at(x)).isEqualTo(x);
      assertThat(single.at(-x)).isEqualTo(-x);
    }
    for (double x = Double.MIN_VALUE; x < float64; x *= 2) {
      assertThat(twice.at(x)).isEqualTo(x);
      assertThat(twice.at(-x)).isEqualTo(-x);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SINH", "ASINH", "ATANH"})
  void smallArgumentsStay(Elementary function) {
    Composite single = new Composite(DType.FLOAT32, function);
    Composite twice = new Composite(DType.FLOAT64, function);
    for (double x = Double.MIN_VALUE; x < 0x1p-27; x *= 1.5 + x) {
      x = x < 0x1p-1070 ? 2 * x : x;
      assertThat(twice.at(x)).isEqualTo(x);
      assertThat(twice.at(-x)).isEqualTo(-x);
    }
    for (int bits = 0; bits < Float.floatToRawIntBits(0x1p-13f); bits += 99_991) {
      float x = Float.intBitsToFloat(bits);
      assertThat(single.at(x)).isEqualTo(x);
    }
  }

  @Test
  void exp2IsExactOnWholeNumbers() {
    Composite single = new Composite(DType.FLOAT32, Elementary.EXP2);
    Composite twice = new Composite(DType.FLOAT64, Elementary.EXP2);
    for (int n = -160; n <= 130; n++) {
      assertThat(single.at(n)).isEqualTo(StrictMath.scalb(1.0f, n));
    }
    for (int n = -1080; n <= 1030; n++) {
      assertThat(twice.at(n)).isEqualTo(StrictMath.scalb(1.0, n));
    }
  }

  @Test
  void logarithmsAreExactOnPowersOfTheBase() {
    Composite single = new Composite(DType.FLOAT32, Elementary.LOG2);
    Composite twice = new Composite(DType.FLOAT64, Elementary.LOG2);
    for (int k = -149; k <= 127; k++) {
      assertThat(single.at(StrictMath.scalb(1.0f, k))).isEqualTo(k);
    }
    for (int k = -1074; k <= 1023; k++) {
      assertThat(twice.at(StrictMath.scalb(1.0, k))).isEqualTo(k);
    }
    Composite decimal32 = new Composite(DType.FLOAT32, Elementary.LOG10);
    Composite decimal64 = new Composite(DType.FLOAT64, Elementary.LOG10);
    double power = 1; // exact up to 10^22, and in float32 up to 10^10
    for (int k = 0; k <= 22; k++, power *= 10) {
      assertThat(decimal64.at(power)).isEqualTo(k);
      if (k <= 10) {
        assertThat(decimal32.at(power)).isEqualTo(k);
      }
    }
  }

  /** What makes the same bits everywhere: nothing but correctly rounded and exact operations. */
  @ParameterizedTest
  @EnumSource
  void composedOfCorrectlyRoundedOperations(Elementary function) {
    for (DType dtype : new DType[] {DType.FLOAT32, DType.FLOAT64}) {
      assertThat(new Composite(dtype, function).body())
          .noneMatch(i -> i instanceof Instr.Apply a && a.op().group() == Opcode.Group.LIBRARY);
    }
  }

  /** Where the wide reduction begins, and at the end of the range. */
  @ParameterizedTest
  @EnumSource(names = {"SIN", "COS", "TAN"})
  void hugeAngles(Reference function) {
    Composite single = new Composite(DType.FLOAT32, function.elementary());
    Composite twice = new Composite(DType.FLOAT64, function.elementary());
    float[] angles = {0x1p15f, Math.nextUp(0x1p15f), 0x1p45f, Math.nextUp(0x1p45f), 1e22f, -3e38f};
    for (float x : angles) {
      assertError(function, x, single.at(x), DType.FLOAT32);
      assertError(function, x, twice.at(x), DType.FLOAT64);
      assertError(function, x * 1e5, twice.at(x * 1e5), DType.FLOAT64);
    }
    assertError(function, Float.MAX_VALUE, single.at(Float.MAX_VALUE), DType.FLOAT32);
    assertError(function, Double.MAX_VALUE, twice.at(Double.MAX_VALUE), DType.FLOAT64);
  }

  private static void assertError(Reference function, double x, double y, DType dtype) {
    assertThat(function.error(x, x, y, dtype))
        .as("%s of %s at %s: %s", function, dtype, x, y)
        .isLessThanOrEqualTo(function.bound(dtype));
  }
}
