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

/** The workloads as loops over {@code double[]}. */
final class DoubleLoops {
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

  private DoubleLoops() {}

  private static Call<double[]> into(int length, Consumer<double[]> loop) {
    double[] out = new double[length];
    return Call.of(
        () -> {
          loop.accept(out);
          return out;
        },
        double[]::clone);
  }

  private static Call<double[]> triad(Problem problem) {
    double[] x = problem.doubles(0);
    double[] y = problem.doubles(1);
    return into(
        x.length,
        out -> {
          for (int i = 0; i < out.length; i++) {
            out[i] = FACTOR * x[i] + y[i];
          }
        });
  }

  private static Call<double[]> polynomial(Problem problem) {
    double[] x = problem.doubles(0);
    double[] c = Reference.coefficients();
    double c0 = c[0];
    double c1 = c[1];
    double c2 = c[2];
    double c3 = c[3];
    double c4 = c[4];
    double c5 = c[5];
    double c6 = c[6];
    double c7 = c[7];
    double c8 = c[8];
    return into(
        x.length,
        out -> {
          for (int i = 0; i < out.length; i++) {
            double v = x[i];
            out[i] =
                (((((((c8 * v + c7) * v + c6) * v + c5) * v + c4) * v + c3) * v + c2) * v + c1) * v
                    + c0;
          }
        });
  }

  private static Call<double[]> blackScholes(Problem problem) {
    double[] spot = problem.doubles(0);
    double[] strike = problem.doubles(1);
    double[] time = problem.doubles(2);
    return into(
        spot.length,
        out -> {
          for (int i = 0; i < out.length; i++) {
            double spread = VOLATILITY * Math.sqrt(time[i]);
            double drift = (INTEREST + 0.5 * VOLATILITY * VOLATILITY) * time[i];
            double d1 = (Math.log(spot[i] / strike[i]) + drift) / spread;
            double discounted = strike[i] * Math.exp(-INTEREST * time[i]);
            out[i] = spot[i] * cdf(d1) - discounted * cdf(d1 - spread);
          }
        });
  }

  private static double cdf(double d) {
    return 0.5 * (1 + Math.tanh(CDF_SCALE * (d + CDF_CUBE * d * d * d)));
  }

  private static Call<double[]> exp(Problem problem) {
    double[] x = problem.doubles(0);
    return into(
        x.length,
        out -> {
          for (int i = 0; i < out.length; i++) {
            out[i] = Math.exp(x[i]);
          }
        });
  }

  private static Call<double[]> sum(Problem problem) {
    double[] x = problem.doubles(0);
    return into(
        1,
        out -> {
          double total = 0;
          for (double v : x) {
            total += v;
          }
          out[0] = total;
        });
  }

  private static Call<double[]> normDistance(Problem problem) {
    double[] x = problem.doubles(0);
    double[] y = problem.doubles(1);
    return into(
        1,
        out -> {
          double total = 0;
          for (int i = 0; i < x.length; i++) {
            double difference = x[i] - y[i];
            total += difference * difference;
          }
          out[0] = Math.sqrt(total);
        });
  }

  private static Call<double[]> meanVariance(Problem problem) {
    double[] x = problem.doubles(0);
    return into(
        2,
        out -> {
          double total = 0;
          for (double v : x) {
            total += v;
          }
          double mean = total / x.length;
          double squares = 0;
          for (double v : x) {
            squares += (v - mean) * (v - mean);
          }
          out[0] = mean;
          out[1] = squares / x.length;
        });
  }

  private static Call<double[]> softmaxRows(Problem problem) {
    double[] x = problem.doubles(0);
    int columns = problem.columns();
    return into(
        x.length,
        out -> {
          for (int start = 0; start < x.length; start += columns) {
            softmax(x, out, start, start + columns);
          }
        });
  }

  private static void softmax(double[] x, double[] out, int start, int end) {
    double high = x[start];
    for (int i = start; i < end; i++) {
      high = Math.max(high, x[i]);
    }
    double total = 0;
    for (int i = start; i < end; i++) {
      double e = Math.exp(x[i] - high);
      out[i] = e;
      total += e;
    }
    for (int i = start; i < end; i++) {
      out[i] /= total;
    }
  }

  private static Call<double[]> sumRows(Problem problem) {
    double[] x = problem.doubles(0);
    int columns = problem.columns();
    return into(
        problem.rows(),
        out -> {
          for (int row = 0; row < out.length; row++) {
            double total = 0;
            for (int i = row * columns; i < (row + 1) * columns; i++) {
              total += x[i];
            }
            out[row] = total;
          }
        });
  }

  private static Call<double[]> sumColumns(Problem problem) {
    double[] x = problem.doubles(0);
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

  private static Call<double[]> dot(Problem problem) {
    double[] x = problem.doubles(0);
    double[] y = problem.doubles(1);
    return into(
        1,
        out -> {
          double total = 0;
          for (int i = 0; i < x.length; i++) {
            total += x[i] * y[i];
          }
          out[0] = total;
        });
  }

  private static Call<double[]> matrixVector(Problem problem) {
    double[] a = problem.doubles(0);
    double[] x = problem.doubles(1);
    return into(
        problem.rows(),
        out -> {
          for (int row = 0; row < out.length; row++) {
            double total = 0;
            for (int k = 0; k < x.length; k++) {
              total += a[row * x.length + k] * x[k];
            }
            out[row] = total;
          }
        });
  }

  /** The order of loops, and the method for the innermost, of which the JVM makes vectors. */
  private static Call<double[]> matrixProduct(Problem problem) {
    double[] a = problem.doubles(0);
    double[] b = problem.doubles(1);
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

  private static void addRow(
      double[] out, int to, double factor, double[] b, int from, int length) {
    for (int j = 0; j < length; j++) {
      out[to + j] += factor * b[from + j];
    }
  }

  private static Call<double[]> cumulativeSum(Problem problem) {
    double[] x = problem.doubles(0);
    return into(
        x.length,
        out -> {
          double total = 0;
          for (int i = 0; i < out.length; i++) {
            total += x[i];
            out[i] = total;
          }
        });
  }

  private static Call<double[]> sort(Problem problem) {
    double[] x = problem.doubles(0);
    return into(
        x.length,
        out -> {
          System.arraycopy(x, 0, out, 0, x.length);
          Arrays.sort(out);
        });
  }

  private static Call<double[]> halfHypotenuse(Problem problem) {
    double[] x = problem.doubles(0);
    double[] y = problem.doubles(1);
    return into(
        x.length,
        out -> {
          for (int i = 0; i < out.length; i++) {
            out[i] = Math.sqrt(x[i] * x[i] + y[i] * y[i]) * 0.5;
          }
        });
  }
}
