package dev.kiln.kernel.function;

import dev.kiln.DType;
import dev.kiln.kernel.Body.Value;
import java.util.SplittableRandom;
import java.util.function.DoubleFunction;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** The largest error of a composite over many arguments. */
final class ErrorSearch {
  /** {@code -Dkiln.exhaustive=true}: every float32, and a hundred times the float64s. */
  static final boolean EXHAUSTIVE = Boolean.getBoolean("kiln.exhaustive");

  static final long SEED = 20_251_123;
  private static final int PARTS = 64;

  private ErrorSearch() {}

  /** The largest error met, and where. */
  record Worst(double ulps, double at) {
    static Worst of(Worst a, Worst b) {
      return a.ulps >= b.ulps ? a : b;
    }
  }

  /** How far a float32 is from an exact value, in units in the last place. */
  static double ulpsOfFloat32(double y, double exact) {
    float rounded = (float) exact;
    if (Double.isNaN(exact)) {
      return Double.isNaN(y) ? 0 : Double.POSITIVE_INFINITY;
    }
    if (exact == 0 || Float.isInfinite(rounded) || Double.isInfinite(y)) {
      return Double.compare(y, rounded) == 0 ? 0 : Double.POSITIVE_INFINITY;
    }
    double ulp = StrictMath.scalb(1.0, Math.max(Math.getExponent(exact), Float.MIN_EXPONENT) - 23);
    return Double.isNaN(y) ? Double.POSITIVE_INFINITY : Math.abs(y - exact) / ulp;
  }

  /** Over one float32 in {@code step}, of all bit patterns, and all around the given points. */
  static Worst float32(
      UnaryOperator<Value> formula, DoubleUnaryOperator reference, double... centres) {
    int step = EXHAUSTIVE ? 1 : 4999;
    Worst sampled =
        IntStream.range(0, PARTS)
            .parallel()
            .mapToObj(
                part -> {
                  Composite composite = new Composite(DType.FLOAT32, formula);
                  Worst here = new Worst(0, 0);
                  for (long bits = part * (long) step;
                      bits < 1L << 32;
                      bits += PARTS * (long) step) {
                    here = Worst.of(here, at(composite, reference, (int) bits));
                  }
                  return here;
                })
            .reduce(new Worst(0, 0), Worst::of);
    Composite composite = new Composite(DType.FLOAT32, formula);
    for (double centre : centres) {
      int bits = Float.floatToRawIntBits((float) centre);
      for (int i = Math.max(-3000, -(bits & Integer.MAX_VALUE)); i <= 3000; i++) {
        sampled = Worst.of(sampled, at(composite, reference, bits + i));
        sampled = Worst.of(sampled, at(composite, reference, (bits + i) ^ Integer.MIN_VALUE));
      }
    }
    return sampled;
  }

  private static Worst at(Composite composite, DoubleUnaryOperator reference, int bits) {
    float x = Float.intBitsToFloat(bits);
    return new Worst(ulpsOfFloat32(composite.at(x), reference.applyAsDouble(x)), x);
  }

  /** Over random float64s between two bounds. */
  static Worst float64(
      UnaryOperator<Value> formula,
      DoubleFunction<Oracle.Exact> oracle,
      double low,
      double high,
      int samples) {
    int all = EXHAUSTIVE ? 100 * samples : samples;
    return float64(formula, oracle, new SplittableRandom(SEED).doubles(all, low, high).toArray());
  }

  /** Over random float64s whose exponents are spread between two bounds, of either sign. */
  static Worst float64OverMagnitudes(
      UnaryOperator<Value> formula,
      DoubleFunction<Oracle.Exact> oracle,
      int low,
      int high,
      boolean signed,
      int samples) {
    SplittableRandom random = new SplittableRandom(SEED);
    double[] xs = new double[EXHAUSTIVE ? 100 * samples : samples];
    for (int i = 0; i < xs.length; i++) {
      double x = StrictMath.scalb(1 + random.nextDouble(), random.nextInt(low, high));
      xs[i] = signed && random.nextBoolean() ? -x : x;
    }
    return float64(formula, oracle, xs);
  }

  private static Worst float64(
      UnaryOperator<Value> formula, DoubleFunction<Oracle.Exact> oracle, double[] xs) {
    return IntStream.range(0, PARTS)
        .parallel()
        .mapToObj(
            part -> {
              Composite composite = new Composite(DType.FLOAT64, formula);
              Worst here = new Worst(0, 0);
              for (int i = part; i < xs.length; i += PARTS) {
                double y = composite.at(xs[i]);
                double ulps =
                    Double.isNaN(y) ? Double.POSITIVE_INFINITY : oracle.apply(xs[i]).ulps(y);
                here = Worst.of(here, new Worst(ulps, xs[i]));
              }
              return here;
            })
        .reduce(new Worst(0, 0), Worst::of);
  }
}
