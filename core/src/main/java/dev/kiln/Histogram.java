package dev.kiln;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;

/**
 * How many elements lie in each of several equal parts of a range. A bin holds its lower bound and
 * not its upper one; the last bin holds both. Integers beyond 2⁵³ are rounded first.
 *
 * @param low where the first bin begins
 * @param high where the last bin ends
 * @param counts of the elements in each bin
 * @param below how many elements are smaller than {@code low}
 * @param above how many are larger than {@code high}
 * @param notNumbers how many are NaN
 */
public record Histogram(
    double low, double high, List<Long> counts, long below, long above, long notNumbers) {
  private static final int MOST_BINS = 1 << 20;

  /** Elements that one thread counts at a time. */
  private static final long SPAN = 1 << 16;

  /** The histogram of no elements. */
  static Histogram empty(int bins, double low, double high) {
    if (bins < 1 || bins > MOST_BINS) {
      throw new KilnException(
          "a histogram of " + bins + " bins; expected at least 1 and at most " + MOST_BINS);
    }
    if (!(low < high) || Double.isInfinite(high - low)) {
      throw new KilnException(
          "a histogram from "
              + low
              + " to "
              + high
              + "; expected two finite numbers, the smaller one first");
    }
    Histogram empty = new Histogram(low, high, Collections.nCopies(bins, 0L), 0, 0, 0);
    for (int bin = 0; bin < bins; bin++) {
      if (!(empty.edge(bin) < empty.edge(bin + 1))) {
        throw new KilnException(
            "a histogram of "
                + bins
                + " bins from "
                + low
                + " to "
                + high
                + ": there are too few numbers between for so many bins; ask for fewer");
      }
    }
    return empty;
  }

  /** The lower bound of a bin, and the upper one of the bin before. */
  public double edge(int bin) {
    return bin == counts.size() ? high : low + bin * width();
  }

  private double width() {
    return (high - low) / counts.size();
  }

  /** How many elements were counted, those outside the range included. */
  public long total() {
    return counts.stream().mapToLong(n -> n).sum() + below + above + notNumbers;
  }

  /** The same bins of an array's elements. */
  Histogram of(NDArray x) {
    NDArray delayed = slots(x);
    NDArray slots = delayed.compute();
    try {
      return of(slots.engine(), slots.data());
    } finally {
      slots.release();
    }
  }

  /** For each element its bin, or what comes after the bins: below, above, NaN. */
  private NDArray slots(NDArray array) {
    int bins = counts.size();
    NDArray x = array.astype(DType.FLOAT64);
    // The quotient may be off by one unit in its last place, so the bounds themselves decide.
    NDArray near = x.subtract(low).divide(width()).floor().clip(0.0, bins - 1.0);
    NDArray lower = Kiln.where(x.less(near.multiply(width()).add(low)), near.subtract(1), near);
    NDArray next = lower.add(1);
    NDArray isHigher =
        x.greaterEqual(next.multiply(width()).add(low)).logicalAnd(next.less((double) bins));
    NDArray slot = Kiln.where(isHigher, next, lower);
    slot = Kiln.where(x.less(low), (double) bins, slot);
    slot = Kiln.where(x.greater(high), bins + 1.0, slot);
    return Kiln.where(x.isNaN(), bins + 2.0, slot).astype(DType.INT32);
  }

  private Histogram of(Engine engine, MemorySegment slots) {
    int size = counts.size() + 3;
    long elements = slots.byteSize() / Integer.BYTES;
    long[][] found = new long[engine.threads()][];
    engine
        .workers()
        .forEach(
            Math.ceilDiv(elements, SPAN),
            (k, worker) -> {
              long[] own = found[worker] == null ? new long[size] : found[worker];
              found[worker] = own;
              count(slots, k * SPAN, Math.min(elements, (k + 1) * SPAN), own);
            });
    long[] sums = new long[size];
    Arrays.stream(found)
        .filter(own -> own != null)
        .forEach(own -> Arrays.setAll(sums, i -> sums[i] + own[i]));
    int bins = counts.size();
    List<Long> inside = LongStream.of(Arrays.copyOf(sums, bins)).boxed().toList();
    return new Histogram(low, high, inside, sums[bins], sums[bins + 1], sums[bins + 2]);
  }

  private static void count(MemorySegment slots, long from, long to, long[] counts) {
    for (long i = from; i < to; i++) {
      counts[slots.getAtIndex(ValueLayout.JAVA_INT, i)]++;
    }
  }

  /** Both together; the bins must be the same. */
  Histogram with(Histogram other) {
    long[] sums = new long[counts.size()];
    Arrays.setAll(sums, bin -> counts.get(bin) + other.counts.get(bin));
    return new Histogram(
        low,
        high,
        LongStream.of(sums).boxed().toList(),
        below + other.below,
        above + other.above,
        notNumbers + other.notNumbers);
  }
}
