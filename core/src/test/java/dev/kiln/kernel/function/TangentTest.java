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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The tangent; and sine and cosine too where the reduction of large arguments matters. */
class TangentTest {
  private static final long SEED = 20_250_314;
  private static final double TAN_FLOAT32 = 0.51;
  private static final double TAN_FLOAT64 = 1.05;
  private static final double BOUND = 0x1p45;

  enum Function {
    SIN(Trigonometric::sin, StrictMath::sin, Oracle::sin, 0.92, 0.82),
    COS(Trigonometric::cos, StrictMath::cos, Oracle::cos, 0.92, 0.82),
    TAN(Trigonometric::tan, StrictMath::tan, Oracle::tan, TAN_FLOAT32, TAN_FLOAT64);

    final UnaryOperator<Value> formula;
    final DoubleUnaryOperator reference;
    final DoubleFunction<Oracle.Exact> oracle;
    final double ulpsFloat32;
    final double ulpsFloat64;

    Function(
        UnaryOperator<Value> formula,
        DoubleUnaryOperator reference,
        DoubleFunction<Oracle.Exact> oracle,
        double ulpsFloat32,
        double ulpsFloat64) {
      this.formula = formula;
      this.reference = reference;
      this.oracle = oracle;
      this.ulpsFloat32 = ulpsFloat32;
      this.ulpsFloat64 = ulpsFloat64;
    }
  }

  @Test
  void float32OverAllBitPatterns() {
    Accuracy.assertFloat32(Trigonometric::tan, StrictMath::tan, TAN_FLOAT32);
  }

  /** Among them those that come nearest to a multiple of π/2 up to the bound. */
  @ParameterizedTest
  @EnumSource
  void float32WhereItIsHard(Function function) {
    float[] centres = {
      0x1.47d0fep34f,
      0x1.f9cbe2p7f,
      0x1.628d4cp40f,
      0x1.4665d2p25f,
      Float.MIN_NORMAL,
      0x1.921fb6p0f,
      0x1.921fb6p-1f,
      0x1p45f
    };
    for (float centre : centres) {
      Accuracy.assertFloat32Around(
          centre, function.formula, function.reference, function.ulpsFloat32);
    }
  }

  @ParameterizedTest
  @CsvSource({"-0.8, 0.8", "0.75, 0.8", "2.2, 2.4", "-100, 100", "-1e9, 1e9", "-3.5e13, 3.5e13"})
  void float64(double low, double high) {
    double[] xs = new SplittableRandom(SEED).doubles(Accuracy.samples(5000), low, high).toArray();
    Accuracy.assertFloat64(Trigonometric::tan, Oracle::tan, xs, TAN_FLOAT64);
  }

  @ParameterizedTest
  @EnumSource
  void float64OverManyMagnitudes(Function function) {
    SplittableRandom random = new SplittableRandom(SEED);
    double[] xs = new double[Accuracy.samples(8000)];
    for (int i = 0; i < xs.length; i++) {
      double x = StrictMath.scalb(1 + random.nextDouble(), random.nextInt(-90, 45));
      xs[i] = random.nextBoolean() ? x : -x;
    }
    Accuracy.assertFloat64(function.formula, function.oracle, xs, function.ulpsFloat64);
  }

  @ParameterizedTest
  @EnumSource
  void float64NextToMultiplesOfQuarterPi(Function function) {
    SplittableRandom random = new SplittableRandom(SEED);
    double[] xs = new double[Accuracy.samples(5000)];
    for (int i = 0; i < xs.length; i++) {
      double x = random.nextLong(1, 1L << 44) * (Math.PI / 4);
      xs[i] = random.nextBoolean() ? x : -Math.nextUp(x);
    }
    for (int k = 1; k < 1000; k++) {
      xs[k] = k * (Math.PI / 4);
    }
    // up to the bound of the reduction these are nearest of all to a multiple of pi/2: 2^-60.5,
    // 2^-59.5 and 2^-59
    xs[1000] = 0x1.6c6cbc45dc8dep+5;
    xs[1001] = -0x1.6c6cbc45dc8dep+6;
    xs[1002] = 0x1.b951f1572eba5p+23;
    Accuracy.assertFloat64(function.formula, function.oracle, xs, function.ulpsFloat64);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-0.0, -0.0",
    "Infinity, NaN",
    "-Infinity, NaN",
    "NaN, NaN",
  })
  void specialValues(double x, Double expected) { // boxed: -0.0 is not 0.0, NaN is NaN
    assertThat(new Composite(DType.FLOAT32, Trigonometric::tan).at((float) x)).isEqualTo(expected);
    assertThat(new Composite(DType.FLOAT64, Trigonometric::tan).at(x)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"FLOAT32, 1e-5, 1.401298464324817E-45", "FLOAT64, 1e-9, 4.9E-324"})
  void smallArgumentsStay(DType dtype, double to, double from) {
    Composite tan = new Composite(dtype, Trigonometric::tan);
    for (double x = from; x < to; x *= 2) {
      assertThat(tan.at(x)).isEqualTo(x);
      assertThat(tan.at(-x)).isEqualTo(-x);
    }
  }

  @ParameterizedTest
  @EnumSource
  void largeArguments(Function function) {
    Composite single = new Composite(DType.FLOAT32, function.formula);
    Composite twice = new Composite(DType.FLOAT64, function.formula);
    for (double x : new double[] {Math.nextUp((float) BOUND), 1e22f, -3e38f, Float.MAX_VALUE}) {
      double expected = function.reference.applyAsDouble(x);
      assertThat(single.at(x)).isEqualTo((double) (float) expected);
      assertThat(Math.abs(twice.at(x) - expected)).isLessThanOrEqualTo(2 * Math.ulp(expected));
    }
    double largest = function.reference.applyAsDouble(Double.MAX_VALUE);
    assertThat(Math.abs(twice.at(Double.MAX_VALUE) - largest))
        .isLessThanOrEqualTo(2 * Math.ulp(largest));
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
