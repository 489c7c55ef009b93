package dev.kiln.interpret;

import dev.kiln.DType;
import java.util.Arrays;
import java.util.function.LongBinaryOperator;

/**
 * The canonical order S in which a sequence of floats is summed or multiplied, and the two-level
 * moments built on it.
 *
 * <p>S works on blocks of {@value #BLOCK} elements. In a block, lane j of W takes elements j, j +
 * W, j + 2W, … in order, from the identity on; then the upper half of the lanes is added to the
 * lower half until one is left. More than one block: S of the blocks' results. W lanes fill 128
 * bytes: 32 for float32, 16 for float64.
 */
final class CanonicalOrder {
  static final int BLOCK = 4096;
  private static final int LANE_BYTES = 128;

  private final RealArithmetic real;
  private final int lanes;

  CanonicalOrder(DType dtype) {
    this.real = new RealArithmetic(dtype);
    this.lanes = LANE_BYTES / dtype.bytes();
  }

  /** The sum; +0 for an empty sequence. */
  long sum(long[] x) {
    // −0 is the identity of addition: −0 + −0 is −0, −0 + +0 is +0.
    return x.length == 0 ? real.of(0.0) : inOrder(x, real.of(-0.0), real::add);
  }

  /** The product; 1 for an empty sequence. */
  long product(long[] x) {
    return inOrder(x, real.of(1), real::multiply);
  }

  /** The arithmetic mean; NaN for an empty sequence. */
  long mean(long[] x) {
    return x.length == 0 ? real.of(Double.NaN) : moments(x).mean();
  }

  /** The sum of squared deviations from the mean, at least +0; +0 for an empty sequence. */
  long squaredDeviations(long[] x) {
    return x.length == 0 ? real.of(0.0) : moments(x).squaredDeviations();
  }

  private long inOrder(long[] x, long identity, LongBinaryOperator combine) {
    if (x.length <= BLOCK) {
      return block(x, identity, combine);
    }
    long[] results = new long[blocks(x)];
    for (int b = 0; b < results.length; b++) {
      results[b] = block(block(x, b), identity, combine);
    }
    return inOrder(results, identity, combine);
  }

  private long block(long[] x, long identity, LongBinaryOperator combine) {
    long[] lane = new long[lanes];
    Arrays.fill(lane, identity);
    for (int i = 0; i < x.length; i++) {
      lane[i % lanes] = combine.applyAsLong(lane[i % lanes], x[i]);
    }
    for (int half = lanes / 2; half >= 1; half /= 2) {
      for (int l = 0; l < half; l++) {
        lane[l] = combine.applyAsLong(lane[l], lane[l + half]);
      }
    }
    return lane[0];
  }

  private record Moments(long mean, long squaredDeviations) {}

  private Moments moments(long[] x) {
    int blocks = blocks(x);
    long[] m = new long[blocks];
    long[] s1 = new long[blocks];
    long[] s2 = new long[blocks];
    for (int b = 0; b < blocks; b++) {
      long[] part = block(x, b);
      long[] squares = new long[part.length];
      m[b] = real.divide(sum(part), real.of(part.length));
      for (int i = 0; i < part.length; i++) {
        part[i] = real.subtract(part[i], m[b]);
        squares[i] = real.multiply(part[i], part[i]);
      }
      s1[b] = sum(part);
      s2[b] = sum(squares);
    }
    long pivot = blocks == 1 ? m[0] : real.divide(sum(m), real.of(blocks));
    long[] first = new long[blocks];
    long[] second = new long[blocks];
    for (int b = 0; b < blocks; b++) {
      long e = real.subtract(m[b], pivot);
      long t = real.multiply(real.of(block(x, b).length), e);
      first[b] = real.add(s1[b], t);
      long crossed = real.multiply(real.multiply(real.of(2), e), s1[b]);
      second[b] = real.add(real.add(s2[b], crossed), real.multiply(t, e));
    }
    long n = real.of(x.length);
    long d = sum(first);
    long q = sum(second);
    long shift = real.divide(d, n);
    // Where deviations overflow or are none, as from an infinite pivot, the pivot is the mean.
    return new Moments(
        real.isFinite(d) ? real.add(pivot, shift) : pivot,
        real.max(real.subtract(q, real.multiply(d, shift)), real.of(0.0)));
  }

  private static int blocks(long[] x) {
    return (x.length + BLOCK - 1) / BLOCK;
  }

  private static long[] block(long[] x, int b) {
    return Arrays.copyOfRange(x, b * BLOCK, Math.min((b + 1) * BLOCK, x.length));
  }
}
