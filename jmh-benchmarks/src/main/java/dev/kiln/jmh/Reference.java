package dev.kiln.jmh;

import dev.kiln.DType;
import java.util.Arrays;

/** The right answer of each workload, by plain loops over doubles, and how near one must come. */
public final class Reference {
  private static final double[] COEFFICIENTS = {0.5, -1.25, 0.75, 2.0, -0.5, 0.25, 1.5, -2.25, 1.0};

  /** The factor of {@link Workload#TRIAD}. */
  public static final double FACTOR = 2.5;

  /** The interest of {@link Workload#BLACK_SCHOLES}. */
  public static final double INTEREST = 0.03;

  /** The volatility of {@link Workload#BLACK_SCHOLES}. */
  public static final double VOLATILITY = 0.3;

  /** {@code cdf(d) = 0.5 (1 + tanh(CDF_SCALE (d + CDF_CUBE d³)))} */
  public static final double CDF_SCALE = 0.7978845608;

  /** See {@link #CDF_SCALE}. */
  public static final double CDF_CUBE = 0.044715;

  private Reference() {}

  /** The coefficients of {@link Workload#POLYNOMIAL}, the constant first. */
  public static double[] coefficients() {
    return COEFFICIENTS.clone();
  }

  /**
   * Compares an answer with the right one.
   *
   * @throws IllegalStateException where it is wrong
   */
  static void check(String who, Problem problem, double[] answer) {
    double[] right = of(problem);
    if (answer.length != right.length) {
      throw new IllegalStateException(
          "%s gave %d numbers for %s where there are %d"
              .formatted(who, answer.length, problem.workload(), right.length));
    }
    double scale = 0;
    for (double number : right) {
      scale = Math.max(scale, Math.abs(number));
    }
    double allowed = scale * tolerance(problem);
    for (int i = 0; i < right.length; i++) {
      // So put that a NaN is wrong.
      if (!(Math.abs(answer[i] - right[i]) <= allowed)) {
        throw new IllegalStateException(
            "%s gave %s for element %d of %s in %s, which is %s; at most %.2g off is right. Nothing is timed."
                .formatted(
                    who, answer[i], i, problem.workload(), problem.dtype(), right[i], allowed));
      }
    }
  }

  /**
   * Relative to the largest number of the answer: 32 roundings, and what random rounding of so many
   * terms in any order comes to, four times over.
   */
  private static double tolerance(Problem problem) {
    double unit = problem.dtype() == DType.FLOAT32 ? 0x1p-24 : 0x1p-53;
    return unit * (32 + 4 * Math.sqrt(terms(problem)));
  }

  /** How many elements one number of the answer is summed of. */
  private static int terms(Problem problem) {
    return switch (problem.workload()) {
      case TRIAD, POLYNOMIAL, BLACK_SCHOLES, EXP, HALF_HYPOTENUSE, HALF_HYPOTENUSE_BUILT -> 1;
      case SORT -> 0;
      case SUM, NORM_DISTANCE, MEAN_VARIANCE, DOT, CUMULATIVE_SUM -> problem.size();
      case SOFTMAX_ROWS, SUM_ROWS, MATRIX_VECTOR, MATRIX_PRODUCT -> problem.columns();
      case SUM_COLUMNS -> problem.rows();
    };
  }

  static double[] of(Problem problem) {
    double[] x = problem.inputs().getFirst();
    double[] y = problem.inputs().get(Math.min(1, problem.inputs().size() - 1));
    int rows = problem.rows();
    int columns = problem.columns();
    return switch (problem.workload()) {
      case TRIAD -> each(x.length, i -> FACTOR * x[i] + y[i]);
      case POLYNOMIAL -> each(x.length, i -> polynomial(x[i]));
      case BLACK_SCHOLES -> each(x.length, i -> price(x[i], y[i], problem.inputs().get(2)[i]));
      case EXP -> each(x.length, i -> Math.exp(x[i]));
      case SUM -> new double[] {sum(x.length, i -> x[i])};
      case NORM_DISTANCE ->
          new double[] {Math.sqrt(sum(x.length, i -> (x[i] - y[i]) * (x[i] - y[i])))};
      case MEAN_VARIANCE -> moments(x);
      case SOFTMAX_ROWS -> softmax(x, columns);
      case SUM_ROWS -> each(rows, row -> sum(columns, j -> x[row * columns + j]));
      case SUM_COLUMNS -> each(columns, column -> sum(rows, i -> x[i * columns + column]));
      case DOT -> new double[] {sum(x.length, i -> x[i] * y[i])};
      case MATRIX_VECTOR -> each(rows, row -> sum(columns, k -> x[row * columns + k] * y[k]));
      case MATRIX_PRODUCT -> product(x, y, columns);
      case CUMULATIVE_SUM -> cumulativeSum(x);
      case SORT -> {
        double[] sorted = x.clone();
        Arrays.sort(sorted);
        yield sorted;
      }
      case HALF_HYPOTENUSE, HALF_HYPOTENUSE_BUILT ->
          each(x.length, i -> 0.5 * Math.sqrt(x[i] * x[i] + y[i] * y[i]));
    };
  }

  private interface At {
    double at(int index);
  }

  private static double[] each(int count, At value) {
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = value.at(i);
    }
    return values;
  }

  /** In blocks, so that its own rounding stays far below what is allowed to others. */
  private static double sum(int count, At value) {
    double total = 0;
    for (int block = 0; block < count; block += 1024) {
      double part = 0;
      for (int i = block; i < Math.min(count, block + 1024); i++) {
        part += value.at(i);
      }
      total += part;
    }
    return total;
  }

  private static double polynomial(double x) {
    double value = COEFFICIENTS[COEFFICIENTS.length - 1];
    for (int k = COEFFICIENTS.length - 2; k >= 0; k--) {
      value = value * x + COEFFICIENTS[k];
    }
    return value;
  }

  private static double price(double spot, double strike, double time) {
    double spread = VOLATILITY * Math.sqrt(time);
    double d1 =
        (Math.log(spot / strike) + (INTEREST + 0.5 * VOLATILITY * VOLATILITY) * time) / spread;
    return spot * cdf(d1) - strike * Math.exp(-INTEREST * time) * cdf(d1 - spread);
  }

  private static double cdf(double d) {
    return 0.5 * (1 + Math.tanh(CDF_SCALE * (d + CDF_CUBE * d * d * d)));
  }

  private static double[] moments(double[] x) {
    double mean = sum(x.length, i -> x[i]) / x.length;
    return new double[] {mean, sum(x.length, i -> (x[i] - mean) * (x[i] - mean)) / x.length};
  }

  private static double[] softmax(double[] x, int columns) {
    double[] result = new double[x.length];
    for (int start = 0; start < x.length; start += columns) {
      double high = Double.NEGATIVE_INFINITY;
      for (int i = start; i < start + columns; i++) {
        high = Math.max(high, x[i]);
      }
      double total = 0;
      for (int i = start; i < start + columns; i++) {
        result[i] = Math.exp(x[i] - high);
        total += result[i];
      }
      for (int i = start; i < start + columns; i++) {
        result[i] /= total;
      }
    }
    return result;
  }

  private static double[] product(double[] x, double[] y, int side) {
    double[] result = new double[side * side];
    for (int i = 0; i < side; i++) {
      for (int k = 0; k < side; k++) {
        double factor = x[i * side + k];
        for (int j = 0; j < side; j++) {
          result[i * side + j] += factor * y[k * side + j];
        }
      }
    }
    return result;
  }

  private static double[] cumulativeSum(double[] x) {
    double[] result = new double[x.length];
    double total = 0;
    for (int i = 0; i < x.length; i++) {
      total += x[i];
      result[i] = total;
    }
    return result;
  }
}
