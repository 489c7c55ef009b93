package dev.kiln.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.DType;
import dev.kiln.Kiln;
import dev.kiln.NDArray;
import dev.kiln.cpu.Sweep.Worst;
import dev.kiln.kernel.function.Library;
import dev.kiln.oracle.Reference;
import java.util.List;
import java.util.Locale;
import java.util.function.BinaryOperator;
import java.util.function.DoubleBinaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * How far the compiled elementary functions are from the exact values, at most. A usual build takes
 * a sample. The profile {@code exhaustive} takes every float32 of functions of one argument, and a
 * billion samples of all else; {@code -Dkiln.sweep.functions=EXP,LOG} some functions only, and
 * {@code -Dkiln.sweep.samples=1e8} fewer samples. It prints the rows from which {@code
 * tools/accuracy-table.py} makes the table in docs/numerics.md.
 */
class AccuracySweepTest {
  private static final String FUNCTIONS = System.getProperty("kiln.sweep.functions", "");
  private static final long SAMPLES =
      (long) Double.parseDouble(System.getProperty("kiln.sweep.samples", "1e9"));

  @ParameterizedTest
  @EnumSource
  void float32(Reference reference) {
    if (!isChosen(reference)) {
      return;
    }
    BinaryOperator<NDArray> function = (x, y) -> apply(reference, x, y);
    Worst worst = Worst.NONE;
    long samples = Sweep.EXHAUSTIVE ? SAMPLES : 1 << 12;
    if (reference.arity() == 1) {
      worst = Sweep.ofFloat32(reference, function, Sweep.EXHAUSTIVE ? 1 : 524_287).run();
      samples = Sweep.EXHAUSTIVE ? samples / 100 : samples;
    }
    check(reference, DType.FLOAT32, worst, samples);
  }

  @ParameterizedTest
  @EnumSource
  void float64(Reference reference) {
    if (isChosen(reference)) {
      check(reference, DType.FLOAT64, Worst.NONE, Sweep.EXHAUSTIVE ? SAMPLES : 1 << 13);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "FLOAT64"})
  void definedExactly(DType dtype) {
    if (!FUNCTIONS.isEmpty()) {
      return;
    }
    boolean single = dtype == DType.FLOAT32;
    checkDefined("round", dtype, (x, y) -> x.round(), (x, y) -> Math.rint(x));
    checkDefined("floor", dtype, (x, y) -> x.floor(), (x, y) -> Math.floor(x));
    checkDefined("ceil", dtype, (x, y) -> x.ceil(), (x, y) -> Math.ceil(x));
    checkDefined(
        "trunc", dtype, (x, y) -> x.trunc(), (x, y) -> x < 0 ? Math.ceil(x) : Math.floor(x));
    checkDefined(
        "sqrt",
        dtype,
        (x, y) -> x.sqrt(),
        (x, y) -> single ? (float) Math.sqrt(x) : Math.sqrt(x)); // rounding twice is rounding once
    checkDefined(
        "signbit",
        dtype,
        (x, y) -> x.isNaN().logicalNot().logicalAnd(x.signbit()).astype(dtype),
        (x, y) -> !Double.isNaN(x) && Math.copySign(1, x) < 0 ? 1 : 0);
    checkDefinedOfTwo(
        "copysign",
        dtype,
        (x, y) -> Kiln.where(y.isNaN(), x, x.copysign(y)),
        (x, y) -> Double.isNaN(y) ? x : Math.copySign(x, y));
    checkDefinedOfTwo(
        "nextafter",
        dtype,
        NDArray::nextafter,
        (x, y) -> single ? Math.nextAfter((float) x, y) : Math.nextAfter(x, y));
    checkDefinedOfTwo(
        "floor_divide",
        dtype,
        NDArray::floorDivide,
        (x, y) -> single ? Library.floorDivide((float) x, (float) y) : Library.floorDivide(x, y));
    checkDefinedOfTwo(
        "remainder",
        dtype,
        NDArray::remainder,
        (x, y) -> single ? Library.floorMod((float) x, (float) y) : Library.floorMod(x, y));
  }

  private static void checkDefined(
      String name, DType dtype, BinaryOperator<NDArray> function, DoubleBinaryOperator definition) {
    boolean all = dtype == DType.FLOAT32 && Sweep.EXHAUSTIVE;
    long arguments = all ? 1L << 32 : Sweep.EXHAUSTIVE ? SAMPLES : 1 << 13;
    Sweep.ArgumentsOfBatch drawn =
        dtype == DType.FLOAT32
            ? Sweep.everyFloat32(Sweep.EXHAUSTIVE ? 1 : 524_287)
            : Sweep.drawn(Reference.CBRT, dtype);
    checkDefined(name, dtype, arguments, drawn, function, definition);
  }

  private static void checkDefinedOfTwo(
      String name, DType dtype, BinaryOperator<NDArray> function, DoubleBinaryOperator definition) {
    long arguments = Sweep.EXHAUSTIVE ? SAMPLES : 1 << 13;
    Sweep.ArgumentsOfBatch drawn = Sweep.drawn(Reference.ATAN2, dtype);
    checkDefined(name, dtype, arguments, drawn, function, definition);
  }

  private static void checkDefined(
      String name,
      DType dtype,
      long arguments,
      Sweep.ArgumentsOfBatch drawn,
      BinaryOperator<NDArray> function,
      DoubleBinaryOperator definition) {
    long batches = Math.ceilDiv(arguments, (long) Sweep.SIZE);
    Worst worst = Sweep.ofDefined(name, dtype, batches, drawn, function, definition).run();
    if (Sweep.EXHAUSTIVE) {
      System.out.printf("| %s | %s | exact | | %d |%n", name, dtype, worst.arguments());
    }
    assertThat(worst.ulps()).as("%s of %s: %s", name, dtype, worst).isZero();
  }

  private static boolean isChosen(Reference reference) {
    return FUNCTIONS.isEmpty() || List.of(FUNCTIONS.split(",")).contains(reference.name());
  }

  private static void check(Reference reference, DType dtype, Worst so, long samples) {
    Worst worst =
        Worst.of(
            so, Sweep.ofSamples(reference, dtype, (x, y) -> apply(reference, x, y), samples).run());
    if (Sweep.EXHAUSTIVE) {
      System.out.printf(
          Locale.ROOT,
          "| %s | %s | %.4f | %s%s | %d | %d |%n",
          name(reference),
          dtype,
          worst.ulps(),
          Double.toHexString(worst.x()),
          reference.arity() == 1 ? "" : ", " + Double.toHexString(worst.y()),
          worst.arguments(),
          Sweep.SEED);
    }
    assertThat(worst.ulps())
        .as("%s of %s: %s, seed %s", reference, dtype, worst, Sweep.SEED)
        .isLessThanOrEqualTo(reference.bound(dtype));
  }

  private static String name(Reference reference) {
    String name = reference.name().toLowerCase(Locale.ROOT);
    return reference.isRelaxed() ? name.substring("relaxed_".length()) + ", relaxed" : name;
  }

  private static NDArray apply(Reference reference, NDArray x, NDArray y) {
    return switch (reference) {
      case ACOS -> x.acos();
      case ACOSH -> x.acosh();
      case ASIN -> x.asin();
      case ASINH -> x.asinh();
      case ATAN, RELAXED_ATAN -> x.atan();
      case ATAN2 -> x.atan2(y);
      case ATANH -> x.atanh();
      case CBRT -> x.cbrt();
      case COS -> x.cos();
      case COSH -> x.cosh();
      case ERF -> x.erf();
      case ERFC -> x.erfc();
      case EXP -> x.exp();
      case EXP2 -> x.exp2();
      case EXPM1 -> x.expm1();
      case HYPOT -> x.hypot(y);
      case LOG -> x.log();
      case LOG1P -> x.log1p();
      case LOG2, RELAXED_LOG2 -> x.log2();
      case LOG10, RELAXED_LOG10 -> x.log10();
      case LOGADDEXP -> x.logAddExp(y);
      case NORMAL_CDF -> x.normalCdf();
      case POW -> x.pow(y);
      case RSQRT -> x.rsqrt();
      case SIGMOID, RELAXED_SIGMOID -> x.sigmoid();
      case SIN -> x.sin();
      case SINH -> x.sinh();
      case SOFTPLUS -> x.softplus();
      case TAN -> x.tan();
      case TANH -> x.tanh();
    };
  }
}
