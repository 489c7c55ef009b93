package dev.kiln.kernel.function;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.DType;
import dev.kiln.kernel.Body.Value;
import java.util.function.DoubleFunction;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** Asserts how far a composite of one argument is from the exact values, at most. */
final class Accuracy {
  /** {@code -Dkiln.exhaustive=true} takes every float32, and fifty times the float64s. */
  static final boolean EXHAUSTIVE = Boolean.getBoolean("kiln.exhaustive");

  private Accuracy() {}

  /** How many float64s to take, of which so many in a usual run. */
  static int samples(int usual) {
    return EXHAUSTIVE ? 50 * usual : usual;
  }

  /** The largest error met, and where. */
  private record Worst(double ulps, double at) {
    Worst or(double otherUlps, double otherAt) {
      return otherUlps > ulps ? new Worst(otherUlps, otherAt) : this;
    }

    Worst or(Worst other) {
      return or(other.ulps, other.at);
    }

    void assertAtMost(double bound) {
      assertThat(ulps).as("ULP at %s", at).isLessThanOrEqualTo(bound);
    }
  }

  /** Over all bit patterns in steps of 4999, against a float64 reference. */
  static void assertFloat32(
      UnaryOperator<Value> formula, DoubleUnaryOperator reference, double bound) {
    int step = EXHAUSTIVE ? 1 : 4999;
    int part = 1 << 22;
    IntStream.range(0, 1 << 10)
        .parallel()
        .mapToObj(
            number -> {
              Composite composite = new Composite(DType.FLOAT32, formula);
              Worst here = new Worst(0, 0);
              long first = (long) number * part;
              for (long bits = Math.ceilDiv(first, step) * step;
                  bits < first + part;
                  bits += step) {
                float x = Float.intBitsToFloat((int) bits);
                here = here.or(ulpsFloat32(composite.at(x), reference.applyAsDouble(x)), x);
              }
              return here;
            })
        .reduce(new Worst(0, 0), Worst::or)
        .assertAtMost(bound);
  }

  /** At 2000 neighbours of a float32 on either side, and at their negatives. */
  static void assertFloat32Around(
      float centre, UnaryOperator<Value> formula, DoubleUnaryOperator reference, double bound) {
    Composite composite = new Composite(DType.FLOAT32, formula);
    Worst worst = new Worst(0, 0);
    for (int i = -2000; i <= 2000; i++) {
      float x = Float.intBitsToFloat(Float.floatToIntBits(centre) + i);
      worst = worst.or(ulpsFloat32(composite.at(x), reference.applyAsDouble(x)), x);
      worst = worst.or(ulpsFloat32(composite.at(-x), reference.applyAsDouble(-x)), -x);
    }
    worst.assertAtMost(bound);
  }

  /** At given points, against the oracle. */
  static void assertFloat64(
      UnaryOperator<Value> formula,
      DoubleFunction<Oracle.Exact> oracle,
      double[] xs,
      double bound) {
    int parts = 16;
    IntStream.range(0, parts)
        .parallel()
        .mapToObj(
            part -> {
              Composite composite = new Composite(DType.FLOAT64, formula);
              Worst here = new Worst(0, 0);
              for (int i = part; i < xs.length; i += parts) {
                here = here.or(oracle.apply(xs[i]).ulps(composite.at(xs[i])), xs[i]);
              }
              return here;
            })
        .reduce(new Worst(0, 0), Worst::or)
        .assertAtMost(bound);
  }

  /** Infinite for a NaN, an infinity, a zero or a sign that should not be, or is not. */
  static double ulpsFloat32(double y, double exact) {
    float rounded = (float) exact;
    if (rounded == 0 || Double.isNaN(rounded) || Float.isInfinite(rounded) || !Double.isFinite(y)) {
      return Double.compare(y, rounded) == 0 ? 0 : Double.POSITIVE_INFINITY;
    }
    double ulp = StrictMath.scalb(1.0, Math.max(Math.getExponent(exact), Float.MIN_EXPONENT) - 23);
    return Math.abs(y - exact) / ulp;
  }
}
