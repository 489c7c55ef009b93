package dev.kiln.kernel.function;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.DType;
import dev.kiln.kernel.Body.Value;
import dev.kiln.kernel.Instr;
import dev.kiln.kernel.Opcode;
import java.util.SplittableRandom;
import java.util.function.DoubleConsumer;
import java.util.function.DoubleFunction;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The composites' largest errors and special values. {@code -Dkiln.exhaustive=true} takes every
 * float32 instead of one in 9973, and fifty times the float64s, which takes an hour or so.
 */
class FunctionsTest {
  private static final boolean EXHAUSTIVE = Boolean.getBoolean("kiln.exhaustive");
  private static final long SEED = 20_250_311;

  /**
   * A function with its float64 reference for float32 and its oracle for float64, and the largest
   * error that either may have: for float32 a little more than the largest of all, for float64 than
   * the largest in millions of samples.
   */
  enum Function {
    EXP(Exponential::exp, StrictMath::exp, 0.98, Oracle::exp, 0.99),
    LOG(Logarithm::log, StrictMath::log, 0.90, Oracle::log, 0.85),
    TANH(Hyperbolic::tanh, StrictMath::tanh, 0.70, Oracle::tanh, 0.70),
    SIN(Trigonometric::sin, StrictMath::sin, 0.92, Oracle::sin, 0.82),
    COS(Trigonometric::cos, StrictMath::cos, 0.92, Oracle::cos, 0.86);

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

    Composite in(DType dtype) {
      return new Composite(dtype, formula);
    }
  }

  /** The largest error met, and where. */
  private record Worst(double ulps, double at) {
    static Worst of(Worst a, Worst b) {
      return a.ulps >= b.ulps ? a : b;
    }
  }

  private static double ulpsOfFloat32(double y, double exact) {
    float rounded = (float) exact;
    if (Double.isNaN(exact)) {
      return Double.isNaN(y) ? 0 : Double.POSITIVE_INFINITY;
    }
    if (exact == 0 || Float.isInfinite(rounded) || Double.isInfinite(y)) {
      return Double.compare(y, rounded) == 0 ? 0 : Double.POSITIVE_INFINITY;
    }
    double ulp = StrictMath.scalb(1.0, Math.max(Math.getExponent(exact), Float.MIN_EXPONENT) - 23);
    return Math.abs(y - exact) / ulp;
  }

  @ParameterizedTest
  @EnumSource
  void float32OverAllBitPatterns(Function function) {
    int step = EXHAUSTIVE ? 1 : 9973;
    Worst worst =
        IntStream.range(0, 1 << 10)
            .parallel()
            .mapToObj(
                part -> {
                  Composite composite = function.in(DType.FLOAT32);
                  Worst here = new Worst(0, 0);
                  long first = (long) part << 22;
                  for (long bits = first + (step - first % step) % step;
                      bits < first + (1 << 22);
                      bits += step) {
                    float x = Float.intBitsToFloat((int) bits);
                    double exact = function.reference.applyAsDouble(x);
                    double ulps = ulpsOfFloat32(composite.at(x), exact);
                    if (ulps > here.ulps) {
                      here = new Worst(ulps, x);
                    }
                  }
                  return here;
                })
            .reduce(new Worst(0, 0), Worst::of);
    assertThat(worst.ulps)
        .as("%s float32: %s", function, worst)
        .isLessThanOrEqualTo(function.ulpsFloat32);
  }

  @ParameterizedTest
  @EnumSource
  void float32WhereItIsHard(Function function) {
    Composite composite = function.in(DType.FLOAT32);
    DoubleConsumer check =
        x -> {
          double ulps = ulpsOfFloat32(composite.at(x), function.reference.applyAsDouble(x));
          assertThat(ulps).as("%s(%s)", function, x).isLessThanOrEqualTo(function.ulpsFloat32);
        };
    float[] centres = {0, Float.MIN_NORMAL, 1, -104, -87.33655f, 88.72284f, 8, 9.5f, 1e5f};
    for (float centre : centres) {
      int bits = Float.floatToIntBits(centre);
      for (int i = -2000; i <= 2000; i++) {
        check.accept(Float.intBitsToFloat(bits + i));
        check.accept(-Float.intBitsToFloat(bits + i));
      }
    }
    for (int k = 1; k < 70_000; k++) {
      float x = (float) (k * (Math.PI / 2));
      check.accept(x);
      check.accept(Math.nextUp(x));
      check.accept(-Math.nextDown(x));
    }
  }

  @ParameterizedTest
  @CsvSource({
    // exp: usual arguments, overflow and underflow
    "EXP, -2, 2",
    "EXP, -708, 709.7",
    "EXP, -745, -708",
    "LOG, 0.5, 2",
    "LOG, 0.999, 1.001",
    "LOG, 1e-3, 1e3",
    "LOG, 1e-320, 1e-300",
    "LOG, 1e300, 1e308",
    "TANH, 0, 0.2",
    "TANH, 0.15, 0.6",
    "TANH, -3, 3",
    "TANH, 3, 21",
    "SIN, -0.8, 0.8",
    "SIN, -100, 100",
    "SIN, -1e9, 1e9",
    "COS, -0.8, 0.8",
    "COS, -100, 100",
    "COS, -1e9, 1e9",
  })
  void float64(Function function, double low, double high) {
    int samples = EXHAUSTIVE ? 500_000 : 3_000;
    SplittableRandom random = new SplittableRandom(SEED);
    check64(function, random.doubles(samples, low, high).toArray());
  }

  @ParameterizedTest
  @EnumSource(names = {"SIN", "COS"})
  void float64NextToMultiplesOfHalfPi(Function function) {
    SplittableRandom random = new SplittableRandom(SEED);
    int samples = EXHAUSTIVE ? 500_000 : 3_000;
    double[] xs = random.longs(samples, 0, 1L << 29).mapToDouble(k -> k * (Math.PI / 2)).toArray();
    for (int i = 0; i < xs.length; i++) {
      xs[i] = random.nextBoolean() ? xs[i] : -Math.nextUp(xs[i]);
    }
    for (int k = 1; k < 1000; k++) {
      xs[k] = k * (Math.PI / 2);
    }
    // up to the bound of the reduction these are nearest of all to a multiple of pi/2: 2^-60.5 and
    // 2^-59
    xs[0] = 0x1.6c6cbc45dc8dep+5;
    xs[1000] = -0x1.b951f1572eba5p+23;
    check64(function, xs);
  }

  @ParameterizedTest
  @EnumSource
  void float64OverManyMagnitudes(Function function) {
    double[] xs = new double[8000];
    SplittableRandom random = new SplittableRandom(SEED);
    int high =
        function == Function.LOG
            ? 1000
            : function == Function.EXP || function == Function.TANH ? 9 : 30;
    for (int i = 0; i < xs.length; i++) {
      xs[i] = StrictMath.scalb(1 + random.nextDouble(), random.nextInt(-90, high));
      xs[i] = function != Function.LOG && random.nextBoolean() ? -xs[i] : xs[i];
    }
    check64(function, xs);
  }

  private static void check64(Function function, double[] xs) {
    int parts = 16;
    Worst worst =
        IntStream.range(0, parts)
            .parallel()
            .mapToObj(
                part -> {
                  Composite composite = function.in(DType.FLOAT64);
                  Worst here = new Worst(0, 0);
                  for (int i = part; i < xs.length; i += parts) {
                    double ulps = function.oracle.apply(xs[i]).ulps(composite.at(xs[i]));
                    if (ulps > here.ulps) {
                      here = new Worst(ulps, xs[i]);
                    }
                  }
                  return here;
                })
            .reduce(new Worst(0, 0), Worst::of);
    assertThat(worst.ulps)
        .as("%s float64: %s, seed %s", function, worst, SEED)
        .isLessThanOrEqualTo(function.ulpsFloat64);
  }

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
  })
  void specialValues(
      Function function, double x, Double expected) { // boxed: -0.0 is not 0.0, NaN is NaN
    assertThat(function.in(DType.FLOAT32).at((float) x)).isEqualTo(expected);
    assertThat(function.in(DType.FLOAT64).at(x)).isEqualTo(expected);
  }

  @ParameterizedTest
  @EnumSource(names = {"TANH", "SIN"})
  void smallArgumentsStay(Function function) {
    Composite single = function.in(DType.FLOAT32);
    Composite twice = function.in(DType.FLOAT64);
    for (double x = Float.MIN_VALUE; x < 1e-5; x *= 2) {
      assertThat(single.at(x)).isEqualTo(x);
      assertThat(single.at(-x)).isEqualTo(-x);
    }
    for (double x = Double.MIN_VALUE; x < 1e-9; x *= 2) {
      assertThat(twice.at(x)).isEqualTo(x);
      assertThat(twice.at(-x)).isEqualTo(-x);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SIN", "COS"})
  void largeArguments(Function function) {
    SplittableRandom random = new SplittableRandom(SEED);
    Composite single = function.in(DType.FLOAT32);
    Composite twice = function.in(DType.FLOAT64);
    for (int i = 0; i < 20_000; i++) {
      double x = StrictMath.scalb(random.nextDouble(-2, 2), random.nextInt(40, 1023));
      double exact = function.reference.applyAsDouble(x);
      assertThat(Math.abs(twice.at(x) - exact)).isLessThanOrEqualTo(2 * Math.ulp(exact));
      float y = (float) StrictMath.scalb(random.nextDouble(-2, 2), random.nextInt(40, 127));
      double ulps = ulpsOfFloat32(single.at(y), function.reference.applyAsDouble(y));
      assertThat(ulps).as("%s(%s)", function, y).isLessThanOrEqualTo(function.ulpsFloat32);
    }
  }

  /** What makes the same bits everywhere: nothing but correctly rounded and exact operations. */
  @ParameterizedTest
  @EnumSource
  void composedOfCorrectlyRoundedOperations(Function function) {
    for (DType dtype : new DType[] {DType.FLOAT32, DType.FLOAT64}) {
      assertThat(function.in(dtype).body())
          .noneMatch(i -> i instanceof Instr.Apply a && a.op().group() == Opcode.Group.LIBRARY);
    }
  }
}
