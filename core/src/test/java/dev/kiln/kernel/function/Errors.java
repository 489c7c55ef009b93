package dev.kiln.kernel.function;

import dev.kiln.DType;
import dev.kiln.kernel.Body.Value;
import java.util.SplittableRandom;
import java.util.function.DoubleFunction;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** The largest error that a composite makes, and where. */
record Errors(double ulps, double at) {
  static final long SEED = 20_250_311;
  private static final boolean EXHAUSTIVE = Boolean.getBoolean("kiln.exhaustive");

  private static Errors worse(Errors a, Errors b) {
    return a.ulps >= b.ulps ? a : b;
  }

  /** How far a float32 is from an exact value, in units of its last place; signs must agree. */
  static double ulpsOfFloat32(double y, double exact) {
    float rounded = (float) exact;
    if (Double.isNaN(exact)) {
      return Double.isNaN(y) ? 0 : Double.POSITIVE_INFINITY;
    }
    if (exact == 0 || Float.isInfinite(rounded) || Double.isInfinite(y)) {
      return Double.compare(y, rounded) == 0 ? 0 : Double.POSITIVE_INFINITY;
    }
    double ulp = StrictMath.scalb(1.0, Math.max(Math.getExponent(exact), Float.MIN_EXPONENT) - 23);
    return Math.copySign(1, y) == Math.copySign(1, exact)
        ? Math.abs(y - exact) / ulp
        : Double.POSITIVE_INFINITY;
  }

  /** Over every 1993rd float32, or over all of them. */
  static Errors float32(UnaryOperator<Value> formula, DoubleUnaryOperator reference) {
    int step = EXHAUSTIVE ? 1 : 1993;
    return IntStream.range(0, 1 << 10)
        .parallel()
        .mapToObj(
            part -> {
              Composite composite = new Composite(DType.FLOAT32, formula);
              Errors here = new Errors(0, 0);
              long first = (long) part << 22;
              for (long bits = first + (step - first % step) % step;
                  bits < first + (1 << 22);
                  bits += step) {
                float x = Float.intBitsToFloat((int) bits);
                double exact = reference.applyAsDouble(x);
                here = worse(here, new Errors(ulpsOfFloat32(composite.at(x), exact), x));
              }
              return here;
            })
        .reduce(new Errors(0, 0), Errors::worse);
  }

  /** Over all float32s within 2000 steps of some. */
  static Errors float32Near(
      UnaryOperator<Value> formula, DoubleUnaryOperator reference, double... centres) {
    Composite composite = new Composite(DType.FLOAT32, formula);
    Errors worst = new Errors(0, 0);
    for (double centre : centres) {
      int bits = Float.floatToIntBits((float) centre);
      for (int i = -2000; i <= 2000; i++) {
        float x = Float.intBitsToFloat(bits + i);
        double exact = reference.applyAsDouble(x);
        worst = worse(worst, new Errors(ulpsOfFloat32(composite.at(x), exact), x));
      }
    }
    return worst;
  }

  /** Over random float64s from a range. */
  static Errors float64(
      UnaryOperator<Value> formula, DoubleFunction<Oracle.Exact> oracle, double low, double high) {
    int samples = EXHAUSTIVE ? 500_000 : 5_000;
    SplittableRandom random = new SplittableRandom(SEED);
    return float64(formula, oracle, random.doubles(samples, low, high).toArray());
  }

  /**
   * Over random float64s with exponents from a range.
   *
   * @param negative whether half of them are negative
   */
  static Errors float64Exponents(
      UnaryOperator<Value> formula,
      DoubleFunction<Oracle.Exact> oracle,
      int low,
      int high,
      boolean negative) {
    double[] xs = new double[5000];
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < xs.length; i++) {
      double x = StrictMath.scalb(1 + random.nextDouble(), random.nextInt(low, high));
      xs[i] = negative && random.nextBoolean() ? -x : x;
    }
    return float64(formula, oracle, xs);
  }

  private static Errors float64(
      UnaryOperator<Value> formula, DoubleFunction<Oracle.Exact> oracle, double[] xs) {
    int parts = 16;
    return IntStream.range(0, parts)
        .parallel()
        .mapToObj(
            part -> {
              Composite composite = new Composite(DType.FLOAT64, formula);
              Errors here = new Errors(0, 0);
              for (int i = part; i < xs.length; i += parts) {
                double ulps = oracle.apply(xs[i]).ulps(composite.at(xs[i]));
                here = worse(here, new Errors(ulps, xs[i]));
              }
              return here;
            })
        .reduce(new Errors(0, 0), Errors::worse);
  }
}
