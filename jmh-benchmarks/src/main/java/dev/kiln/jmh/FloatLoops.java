package dev.kiln.jmh;

import static dev.kiln.jmh.Reference.CDF_CUBE;
import static dev.kiln.jmh.Reference.CDF_SCALE;
import static dev.kiln.jmh.Reference.FACTOR;
import static dev.kiln.jmh.Reference.INTEREST;
import static dev.kiln.jmh.Reference.VOLATILITY;

import dev.kiln.jmh.Contender.Preparation;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The workloads as loops over {@code float[]}. Sums are taken in double, which costs a loop nothing
 * and is what one would do.
 */
final class FloatLoops {
  static final Map<Workload, Preparation> WORKLOADS =
      Map.ofEntries(
          Map.entry(Workload.TRIAD, (p, threads) -> triad(p)),
          Map.entry(Workload.POLYNOMIAL, (p, threads) -> polynomial(p)),
          Map.entry(Workload.BLACK_SCHOLES, (p, threads) -> blackScholes(p)),
          Map.entry(Workload.EXP, (p, threads) -> exp(p)),
          Map.entry(Workload.SUM, (p, threads) -> sum(p)),
          Map.entry(Workload.NORM_DISTANCE, (p, threads) -> normDistance(p)),
          Map.entry(Workload.MEAN_VARIANCE, (p, threads) -> meanVariance(p)),
          Map.entry(Workload.SOFTMAX_ROWS, (p, threads) -> softmaxRows(p)),
          Map.entry(Workload.SUM_ROWS, (p, threads) -> sumRows(p)),
          Map.entry(Workload.SUM_COLUMNS, (p, threads) -> sumColumns(p)),
          Map.entry(Workload.DOT, (p, threads) -> dot(p)),
          Map.entry(Workload.MATRIX_VECTOR, (p, threads) -> matrixVector(p)),
          Map.entry(Workload.MATRIX_PRODUCT, (p, threads) -> matrixProduct(p)),
          Map.entry(Workload.CUMULATIVE_SUM, (p, threads) -> cumulativeSum(p)),
          Map.entry(Workload.SORT, (p, threads) -> sort(p)),
          Map.entry(Workload.HALF_HYPOTENUSE, (p, threads) -> halfHypotenuse(p)));

  private FloatLoops() {}

  private static Call<float[]> into(int length, Consumer<float[]> loop) {
    float[] out = new float[length];
    return Call.of(
        () -> {
          loop.accept(out);
          return out;
        },
        FloatLoops::doubles);
  }

  private static double[] doubles(float[] numbers) {
    double[] doubles = new double[numbers.length];
    for (int i = 0; i < doubles.length; i++) {
      doubles[i] = numbers[i];
    }
    return doubles;
  }

  private static Call<float[]> triad(Problem problem) {
    float[] x = problem.floats(0);
    float[] y = problem.floats(1);
    float factor = (float) FACTOR;
    return into(
        x.length,
        out -> {
          for (int i = 0; i < out.length; i++) {
            out[i] = factor * x[i] + y[i];
          }
        });
  }

  private static Call<float[]> polynomial(Problem problem) {
    float[] x = problem.floats(0);
    double[] c = Reference.coefficients();
    float c0 = (float) c[0];
    float c1 = (float) c[1];
    float c2 = (float) c[2];
    float c3 = (float) c[3];
    float c4 = (float) c[4];
    float c5 = (float) c[5];
    float c6 = (float) c[6];
    float c7 = (float) c[7];
    float c8 = (float) c[8];
    return into(
        x.length,
        out -> {
          for (int i = 0; i < out.length; i++) {
            float v = x[i];
            out[i] =
                (((((((c8 * v + c7) * v + c6) * v + c5) * v + c4) * v + c3) * v + c2) * v + c1) * v
                    + c0;
          }
        });
  }

  private static Call<float[]> blackScholes(Problem problem) {
    float[] spot = problem.floats(0);
    float[] strike = problem.floats(1);
    float[] time = problem.floats(2);
    return into(
        spot.length,
        out -> {
          for (int i = 0; i < out.length; i++) {
            float spread = (float) VOLATILITY * (float) Math.sqrt(time[i]);
            float drift = (float) (INTEREST + 0.5 * VOLATILITY * VOLATILITY) * time[i];
            float d1 = ((float) Math.log(spot[i] / strike[i]) + drift) / spread;
            float discounted = strike[i] * (float) Math.exp((float) -INTEREST * time[i]);
            out[i] = spot[i] * cdf(d1) - discounted * cdf(d1 - spread);
          }
        });
  }

  private static float cdf(float d) {
    float curved = (float) CDF_SCALE * (d + (float) CDF_CUBE * d * d * d);
    return 0.5f * (1 + (float) Math.tanh(curved));
  }

  private static Call<float[]> exp(Problem problem) {
    float[] x = problem.floats(0);
    return into(
        x.length,
        out -> {
          for (int i = 0; i < out.length; i++) {
            out[i] = (float) Math.exp(x[i]);
          }
        });
  }

  private static Call<float[]> sum(Problem problem) {
    float[] x = problem.floats(0);
    return into(
        1,
        out -> {
          double total = 0;
          for (float v : x) {
            total += v;
          }
          out[0] = (float) total;
        });
  }

  private static Call<float[]> normDistance(Problem problem) {
    float[] x = problem.floats(0);
    float[] y = problem.floats(1);
    return into(
        1,
        out -> {
          double total = 0;
          for (int i = 0; i < x.length; i++) {
            double difference = (double) x[i] - y[i];
            total += difference * difference;
          }
          out[0] = (float) Math.sqrt(total);
        });
  }

  private static Call<float[]> meanVariance(Problem problem) {
    float[] x = problem.floats(0);
    return into(
        2,
        out -> {
          double total = 0;
          for (float v : x) {
            total += v;
          }
          double mean = total / x.length;
          double squares = 0;
          for (float v : x) {
            squares += (v - mean) * (v - mean);
          }
          out[0] = (float) mean;
          out[1] = (float) (squares / x.length);
        });
  }

  private static Call<float[]> softmaxRows(Problem problem) {
    float[] x = problem.floats(0);
    int columns = problem.columns();
    return into(
        x.length,
        out -> {
          for (int start = 0; start < x.length; start += columns) {
            softmax(x, out, start, start + columns);
          }
        });
  }

  private static void softmax(float[] x, float[] out, int start, int end) {
    float high = x[start];
    for (int i = start; i < end; i++) {
      high = Math.max(high, x[i]);
    }
    double total = 0;
    for (int i = start; i < end; i++) {
      float e = (float) Math.exp(x[i] - high);
      out[i] = e;
      total += e;
    }
    float inverse = (float) (1 / total);
    for (int i = start; i < end; i++) {
      out[i] *= inverse;
    }
  }

  private static Call<float[]> sumRows(Problem problem) {
    float[] x = problem.floats(0);
    int columns = problem.columns();
    return into(
        problem.rows(),
        out -> {
          for (int row = 0; row < out.length; row++) {
            double total = 0;
            for (int i = row * columns; i < (row + 1) * columns; i++) {
              total += x[i];
            }
            out[row] = (float) total;
          }
        });
  }

  private static Call<float[]> sumColumns(Problem problem) {
    float[] x = problem.floats(0);
    return into(
        problem.columns(),
        out -> {
          Arrays.fill(out, 0);
          for (int start = 0; start < x.length; start += out.length) {
            for (int j = 0; j < out.length; j++) {
              out[j] += x[start + j];
            }
          }
        });
  }

  private static Call<float[]> dot(Problem problem) {
    float[] x = problem.floats(0);
    float[] y = problem.floats(1);
    return into(
        1,
        out -> {
          double total = 0;
          for (int i = 0; i < x.length; i++) {
            total += (double) x[i] * y[i];
          }
          out[0] = (float) total;
        });
  }

  private static Call<float[]> matrixVector(Problem problem) {
    float[] a = problem.floats(0);
    float[] x = problem.floats(1);
    return into(
        problem.rows(),
        out -> {
          for (int row = 0; row < out.length; row++) {
            double total = 0;
            for (int k = 0; k < x.length; k++) {
              total += (double) a[row * x.length + k] * x[k];
            }
            out[row] = (float) total;
          }
        });
  }

  /** The order of loops, and the method for the innermost, of which the JVM makes vectors. */
  private static Call<float[]> matrixProduct(Problem problem) {
    float[] a = problem.floats(0);
    float[] b = problem.floats(1);
    int side = problem.rows();
    return into(
        a.length,
        out -> {
          Arrays.fill(out, 0);
          for (int i = 0; i < side; i++) {
            for (int k = 0; k < side; k++) {
              addRow(out, i * side, a[i * side + k], b, k * side, side);
            }
          }
        });
  }

  private static void addRow(float[] out, int to, float factor, float[] b, int from, int length) {
    for (int j = 0; j < length; j++) {
      out[to + j] += factor * b[from + j];
    }
  }

  private static Call<float[]> cumulativeSum(Problem problem) {
    float[] x = problem.floats(0);
    return into(
        x.length,
        out -> {
          double total = 0;
          for (int i = 0; i < out.length; i++) {
            total += x[i];
            out[i] = (float) total;
          }
        });
  }

  private static Call<float[]> sort(Problem problem) {
    float[] x = problem.floats(0);
    return into(
        x.length,
        out -> {
          System.arraycopy(x, 0, out, 0, x.length);
          Arrays.sort(out);
        });
  }

  private static Call<float[]> halfHypotenuse(Problem problem) {
    float[] x = problem.floats(0);
    float[] y = problem.floats(1);
    return into(
        x.length,
        out -> {
          for (int i = 0; i < out.length; i++) {
            out[i] = (float) Math.sqrt(x[i] * x[i] + y[i] * y[i]) * 0.5f;
          }
        });
  }
}
