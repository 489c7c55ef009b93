package dev.kiln.cpu;

import dev.kiln.DType;
import dev.kiln.kernel.Bits;

/**
 * The last step of the two-level moments: from each block's mean m and sums s1, s2 of deviations
 * and squared deviations from it to those of the whole sequence.
 *
 * <p>Everything is computed in double and rounded to the array's dtype after each operation. For
 * float32 that is the same as computing in float, since a double has more than twice its digits.
 */
final class Moments {
  private final DType dtype;
  private final int lanes;

  /** The blocks' values, and space for sums over them. */
  final double[] means;

  final double[] firsts;
  final double[] seconds;
  private final double[] lane;

  private double mean;
  private double squaredDeviations;

  Moments(DType dtype, int blocks) {
    this.dtype = dtype;
    this.lanes = Lanes.count(dtype);
    this.means = new double[blocks];
    this.firsts = new double[blocks];
    this.seconds = new double[blocks];
    this.lane = new double[lanes];
  }

  /**
   * Combines the blocks of a sequence of n elements; their values are in the arrays, which are used
   * up.
   */
  void combine(long n) {
    int blocks = means.length;
    double pivot = blocks == 1 ? means[0] : round(sum(means.clone(), blocks) / round(blocks));
    for (int b = 0; b < blocks; b++) {
      double e = round(means[b] - pivot);
      double t = round(round((double) Math.min(Lanes.BLOCK, n - (long) b * Lanes.BLOCK)) * e);
      double crossed = round(round(2 * e) * firsts[b]);
      seconds[b] = round(round(seconds[b] + crossed) + round(t * e));
      firsts[b] = round(firsts[b] + t);
    }
    double count = dtype == DType.FLOAT32 ? (float) n : (double) n;
    double d = sum(firsts, blocks);
    double q = sum(seconds, blocks);
    double shift = round(d / count);
    // Where deviations overflow or are none, as from an infinite pivot, the pivot is the mean.
    mean = Double.isFinite(d) ? round(pivot + shift) : pivot;
    squaredDeviations = Math.max(round(q - round(d * shift)), 0.0);
  }

  /** The mean's bits after {@link #combine}. */
  long mean() {
    return Bits.canonical(dtype, Bits.ofDouble(dtype, mean));
  }

  /** The bits of the sum of squared deviations after {@link #combine}. */
  long squaredDeviations() {
    return Bits.canonical(dtype, Bits.ofDouble(dtype, squaredDeviations));
  }

  private double round(double value) {
    return dtype == DType.FLOAT32 ? (float) value : value;
  }

  /** S of the first n values, which are used up. */
  private double sum(double[] x, int n) {
    int count = n;
    while (count > Lanes.BLOCK) {
      int blocks = 0;
      for (int from = 0; from < count; from += Lanes.BLOCK) {
        x[blocks++] = block(x, from, Math.min(count, from + Lanes.BLOCK));
      }
      count = blocks;
    }
    return block(x, 0, count);
  }

  private double block(double[] x, int from, int to) {
    java.util.Arrays.fill(lane, -0.0);
    for (int i = from; i < to; i++) {
      int l = (i - from) & (lanes - 1);
      lane[l] = round(lane[l] + x[i]);
    }
    for (int h = lanes / 2; h > 0; h >>= 1) {
      for (int l = 0; l < h; l++) {
        lane[l] = round(lane[l] + lane[l + h]);
      }
    }
    return lane[0];
  }
}
