package dev.kiln.kernel.function;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.DType;
import dev.kiln.kernel.Body.Value;
import dev.kiln.kernel.Instr;
import dev.kiln.kernel.Opcode;
import java.util.SplittableRandom;
import java.util.function.DoubleFunction;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ArcsineTest {
  private static final long SEED = 20_250_312;

  enum Function {
    ASIN(Arcsine::asin, StrictMath::asin, 0.72, Oracle::asin, 0.78),
    ACOS(Arcsine::acos, StrictMath::acos, 0.69, Oracle::acos, 0.76);

    final UnaryOperator<Value> formula;
    final DoubleUnaryOperator reference;
    final double ulpsFloat32;
    final DoubleFunction<Oracle.Exact> oracle;
    final double ulpsFloat64;

    Function(
        UnaryOperator<Value> formula,
        DoubleUnaryOperator reference,
        double ulpsFloat32,
        DoubleFunction<Oracle.Exact> oracle,
        double ulpsFloat64) {
      this.formula = formula;
      this.reference = reference;
      this.ulpsFloat32 = ulpsFloat32;
      this.oracle = oracle;
      this.ulpsFloat64 = ulpsFloat64;
    }
  }

  @ParameterizedTest
  @EnumSource
  void float32OverAllBitPatterns(Function function) {
    Accuracy.assertFloat32(function.formula, function.reference, function.ulpsFloat32);
  }

  @ParameterizedTest
  @EnumSource
  void float32WhereItIsHard(Function function) {
    for (float centre : new float[] {0.5f, 0.25f, Float.MIN_NORMAL, 0x1p-12f, 1}) {
      Accuracy.assertFloat32Around(
          centre, function.formula, function.reference, function.ulpsFloat32);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ASIN, -1, 1",
    "ASIN, 0.45, 0.6",
    "ASIN, 0.9999, 1",
    "ACOS, -1, 1",
    "ACOS, 0.45, 0.65",
    "ACOS, -0.6, -0.45",
    "ACOS, 0.9999, 1",
  })
  void float64(Function function, double low, double high) {
    double[] xs = new SplittableRandom(SEED).doubles(Accuracy.samples(5000), low, high).toArray();
    Accuracy.assertFloat64(function.formula, function.oracle, xs, function.ulpsFloat64);
  }

  @ParameterizedTest
  @EnumSource
  void float64NextToZeroAndOne(Function function) {
    SplittableRandom random = new SplittableRandom(SEED);
    double[] xs = new double[Accuracy.samples(4000)];
    for (int i = 0; i < xs.length; i++) {
      double small = StrictMath.scalb(1 + random.nextDouble(), random.nextInt(-120, -1));
      double x = i % 2 == 0 ? small : 1 - small;
      xs[i] = x == 1 ? Math.nextDown(x) : random.nextBoolean() ? x : -x;
    }
    Accuracy.assertFloat64(function.formula, function.oracle, xs, function.ulpsFloat64);
  }

  @ParameterizedTest
  @CsvSource({
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
  })
  void specialValues(
      Function function, double x, Double expected) { // boxed: -0.0 is not 0.0, NaN is NaN
    double single = new Composite(DType.FLOAT32, function.formula).at((float) x);
    assertThat(single).isEqualTo(Double.valueOf(expected.floatValue()));
    assertThat(new Composite(DType.FLOAT64, function.formula).at(x)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"FLOAT32, 1e-5, 1.401298464324817E-45", "FLOAT64, 1e-9, 4.9E-324"})
  void smallArgumentsStay(DType dtype, double to, double from) {
    Composite asin = new Composite(dtype, Arcsine::asin);
    for (double x = from; x < to; x *= 2) {
      assertThat(asin.at(x)).isEqualTo(x);
      assertThat(asin.at(-x)).isEqualTo(-x);
    }
  }

  @ParameterizedTest
  @EnumSource
  void composedOfCorrectlyRoundedOperations(Function function) {
    for (DType dtype : new DType[] {DType.FLOAT32, DType.FLOAT64}) {
      assertThat(new Composite(dtype, function.formula).body())
          .noneMatch(i -> i instanceof Instr.Apply a && a.op().group() == Opcode.Group.LIBRARY);
    }
  }
}
