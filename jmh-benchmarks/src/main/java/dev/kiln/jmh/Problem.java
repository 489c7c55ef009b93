package dev.kiln.jmh;

import dev.kiln.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A workload with its inputs: the same for every contender and in every run. The numbers are held
 * as doubles, rounded to the dtype.
 *
 * @param rows of the matrix inputs; 1 for vectors
 * @param columns of the matrix inputs; the length of vectors
 * @param inputs row-major
 */
public record Problem(
    Workload workload, DType dtype, int rows, int columns, List<double[]> inputs) {
  /** The columns of the matrices that are reduced. */
  private static final int COLUMNS = 1024;

  private static final long SEED = 20_250_916;

  /**
   * The problem of a size: elements of a vector, or of the matrix that is reduced; for linear
   * algebra, rows of a square matrix, and its number of elements for dot.
   */
  public static Problem of(Workload workload, DType dtype, int size) {
    return switch (workload) {
      case TRIAD, NORM_DISTANCE, HALF_HYPOTENUSE, HALF_HYPOTENUSE_BUILT ->
          vectors(workload, dtype, size, Range.UNIT, Range.UNIT);
      case POLYNOMIAL, SUM, MEAN_VARIANCE, CUMULATIVE_SUM, SORT ->
          vectors(workload, dtype, size, Range.UNIT);
      case EXP -> vectors(workload, dtype, size, new Range(-4, 4));
      case BLACK_SCHOLES ->
          vectors(
              workload, dtype, size, new Range(20, 80), new Range(20, 80), new Range(0.25, 2.25));
      case SOFTMAX_ROWS -> matrix(workload, dtype, size, new Range(-4, 4));
      case SUM_ROWS, SUM_COLUMNS -> matrix(workload, dtype, size, Range.UNIT);
      case DOT -> vectors(workload, dtype, Math.multiplyExact(size, size), Range.UNIT, Range.UNIT);
      case MATRIX_VECTOR -> square(workload, dtype, size, size);
      case MATRIX_PRODUCT -> square(workload, dtype, size, Math.multiplyExact(size, size));
    };
  }

  /** The number of elements of the first input. */
  public int size() {
    return inputs.getFirst().length;
  }

  /** An input as a float32 array, to be had once for each contender. */
  public float[] floats(int index) {
    double[] input = inputs.get(index);
    float[] floats = new float[input.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) input[i];
    }
    return floats;
  }

  /** An input as a float64 array of one's own. */
  public double[] doubles(int index) {
    return inputs.get(index).clone();
  }

  private record Range(double low, double high) {
    static final Range UNIT = new Range(0, 1);
  }

  private static Problem vectors(Workload workload, DType dtype, int size, Range... ranges) {
    return of(workload, dtype, 1, size, size, ranges);
  }

  private static Problem matrix(Workload workload, DType dtype, int size, Range range) {
    int columns = Math.min(size, COLUMNS);
    if (size % columns != 0) {
      throw new IllegalArgumentException(
          workload + " of " + size + " elements; from " + COLUMNS + " on, a multiple of it");
    }
    return of(workload, dtype, size / columns, columns, size, range);
  }

  /** A square matrix, and a second input of that many elements. */
  private static Problem square(Workload workload, DType dtype, int side, int second) {
    double[] matrix = numbers(0, Math.multiplyExact(side, side), dtype, Range.UNIT);
    return new Problem(
        workload, dtype, side, side, List.of(matrix, numbers(1, second, dtype, Range.UNIT)));
  }

  private static Problem of(
      Workload workload, DType dtype, int rows, int columns, int size, Range... ranges) {
    List<double[]> inputs = new ArrayList<>();
    for (Range range : ranges) {
      inputs.add(numbers(inputs.size(), size, dtype, range));
    }
    return new Problem(workload, dtype, rows, columns, List.copyOf(inputs));
  }

  private static double[] numbers(int input, int count, DType dtype, Range range) {
    SplittableRandom random = new SplittableRandom(SEED + input);
    double[] numbers = new double[count];
    for (int i = 0; i < count; i++) {
      double number = random.nextDouble(range.low, range.high);
      numbers[i] = dtype == DType.FLOAT32 ? (float) number : number;
    }
    return numbers;
  }
}
