package dev.kiln;

import dev.kiln.io.NpyFile;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.UnaryOperator;

/**
 * An array as a sequence of blocks of rows, for data that is larger than memory. One block is
 * computed at a time, by all threads, and its memory is given back before the next.
 *
 * {@snippet file="dev/kiln/examples/BlocksTour.java" region="filtered"}
 *
 * <p>What {@link #map} does with each block is whatever arrays can do: element-wise work, a product
 * with a small matrix, a sort of each block. Results over all blocks are combined in the order of
 * the blocks. They do not depend on the number of threads, but sums depend on where the blocks end:
 * their roundings are not those of one sum over the whole array.
 *
 * <p>Some megabytes make a good block: enough that starting on it costs nothing, and few enough
 * that a block which is read several times stays in the cache.
 */
public final class Blocks {
  private final long count;
  private final Maker maker;

  /** Makes the blocks. */
  @FunctionalInterface
  private interface Maker {
    /** A block. What had to be computed for it, and is of no use after it, goes to {@code own}. */
    NDArray make(long number, List<NDArray> own);
  }

  /** A block while something is done with it. */
  private record Open(NDArray array, List<NDArray> own) implements AutoCloseable {
    /** Its elements; an array that was in memory before is somebody else's to give back. */
    NDArray computed() {
      NDArray computed = array.compute();
      if (!array.isRealised()) {
        own.add(computed);
      }
      return computed;
    }

    /** Computes a value that is an array; the block itself is then no longer to give back. */
    @SuppressWarnings("unchecked") // An array for an array.
    <R> R kept(R value) {
      if (!(value instanceof NDArray delayed)) {
        return value;
      }
      NDArray computed = delayed.compute();
      own.removeIf(array -> array == computed);
      return (R) computed;
    }

    @Override
    public void close() {
      own.forEach(NDArray::release);
    }
  }

  private Blocks(long count, Maker maker) {
    this.count = count;
    this.maker = maker;
  }

  static Blocks of(NDArray x, long rows) {
    if (x.shape().rank() == 0 || rows < 1) {
      throw new KilnException(
          "blocks of "
              + rows
              + " rows of an array of shape "
              + x.shape()
              + "; expected at least one row and one axis");
    }
    long all = x.shape().extent(0);
    return new Blocks(
        Math.ceilDiv(all, rows),
        (k, _) -> x.get(Slice.of(k * rows, Math.min(all, (k + 1) * rows))));
  }

  static Blocks of(long count, LongFunction<NDArray> maker) {
    if (count < 0) {
      throw new KilnException(count + " blocks; expected 0 or more");
    }
    return new Blocks(count, (k, _) -> maker.apply(k));
  }

  /** How many blocks there are. */
  public long count() {
    return count;
  }

  /** The block of that number, delayed unless it had to be computed to be told. */
  public NDArray get(long number) {
    if (number < 0 || number >= count) {
      throw new KilnException("block " + number + " of " + count);
    }
    return open(number).array();
  }

  private Open open(long number) {
    List<NDArray> own = new ArrayList<>();
    return new Open(maker.make(number, own), own);
  }

  /** The function's values, block by block; nothing is computed yet. */
  public Blocks map(UnaryOperator<NDArray> function) {
    return new Blocks(count, (k, own) -> function.apply(maker.make(k, own)));
  }

  /**
   * Of each block the rows that are wanted, so that blocks differ in their number of rows.
   *
   * {@snippet file="dev/kiln/examples/BlocksTour.java" region="wanted"}
   *
   * @param wanted makes of a block what is true for the rows to keep: bools, one for each row
   * @throws KilnException when a block is asked for, where that is something else
   */
  public Blocks filter(UnaryOperator<NDArray> wanted) {
    return new Blocks(count, (k, own) -> KeptRows.of(maker.make(k, own), wanted, own));
  }

  /**
   * What a function makes of each block, combined from the first to the last; empty if there is no
   * block. The function is given a delayed array and computes what it wants of it. Values that are
   * arrays are computed, so that no graph grows with the number of blocks. A block may be such a
   * value itself; within another value, keep its {@link NDArray#copy}.
   *
   * {@snippet file="dev/kiln/examples/BlocksTour.java" region="total"}
   */
  public <R> Optional<R> reduce(
      Function<? super NDArray, ? extends R> function, BinaryOperator<R> combine) {
    R all = null;
    for (long k = 0; k < count; k++) {
      try (Open block = open(k)) {
        R one = block.kept(function.apply(block.array()));
        all = all == null ? one : block.kept(combine.apply(all, one));
      }
    }
    return Optional.ofNullable(all);
  }

  /** Gives each block, computed, in order; it is valid until the consumer returns. */
  public void forEach(Consumer<? super NDArray> consumer) {
    for (long k = 0; k < count; k++) {
      try (Open block = open(k)) {
        consumer.accept(block.computed());
      }
    }
  }

  /**
   * Number, mean, standard deviation, smallest and largest of all elements, in one pass, all as
   * float64: bools are 0 and 1, integers beyond 2⁵³ are rounded. Where there is an infinity the
   * mean is what it is of the whole array.
   *
   * @throws KilnException where there is no element
   */
  public Statistics statistics() {
    return reduce(Statistics::of, Statistics::with)
        .filter(all -> all.count() > 0)
        .orElseThrow(() -> new KilnException("statistics of no elements; expected at least one"));
  }

  /**
   * How many elements lie in each of several equal parts of a range, in one pass.
   *
   * @throws KilnException where {@code low} is not below {@code high}, one of them is not finite,
   *     there are fewer than 1 or more than 2²⁰ bins, or so many that their bounds are not distinct
   *     numbers
   */
  public Histogram histogram(int bins, double low, double high) {
    Histogram none = Histogram.empty(bins, low, high);
    return reduce(none::of, Histogram::with).orElse(none);
  }

  /**
   * Writes the blocks one below the other as a {@code .npy} file, which appears whole or not at
   * all. They may differ in their number of rows, which may be 0.
   *
   * @throws KilnException where there is no block, blocks differ in dtype or the rest of the shape,
   *     rows have no elements, or the file cannot be written
   */
  public void save(Path file) {
    if (count == 0) {
      throw new KilnException("cannot write " + file + ": there is no block, so no dtype");
    }
    try (Pieces pieces = new Pieces(file)) {
      NpyFile.writeRows(file, pieces.dtype, pieces.row, pieces);
    }
  }

  private static Shape row(NDArray block) {
    Shape shape = block.shape();
    if (shape.rank() == 0) {
      throw new KilnException("a block of shape () has no rows; expected at least one axis");
    }
    long[] row = new long[shape.rank() - 1];
    for (int axis = 0; axis < row.length; axis++) {
      row[axis] = shape.extent(axis + 1);
    }
    return Shape.of(row);
  }

  /** The elements of one block after the other; each is given back when the next is asked for. */
  private final class Pieces implements Iterator<MemorySegment>, AutoCloseable {
    private final Path file;
    private Open current = open(0);
    private final DType dtype = current.array().dtype();
    private final Shape row = row(current.array());
    private long next;

    Pieces(Path file) {
      this.file = file;
    }

    @Override
    public boolean hasNext() {
      return next < count;
    }

    @Override
    public MemorySegment next() {
      if (next >= count) {
        throw new NoSuchElementException();
      }
      if (next > 0) {
        current.close();
        current = open(next);
      }
      NDArray block = current.array();
      if (block.dtype() != dtype || !row(block).equals(row)) {
        throw new KilnException(
            "cannot write "
                + file
                + ": block "
                + next
                + " is "
                + block.dtype()
                + block.shape()
                + ", block 0 has rows of "
                + dtype
                + row
                + "; only the number of rows may differ");
      }
      next++;
      return current.computed().data();
    }

    @Override
    public void close() {
      current.close();
    }
  }

  /**
   * What {@link #statistics} tells.
   *
   * @param count of elements
   * @param mean of all elements
   * @param squares the sum of the squared deviations from the mean
   * @param min the smallest element
   * @param max the largest element
   */
  public record Statistics(long count, double mean, double squares, double min, double max) {
    /**
     * The standard deviation, of the elements themselves ({@code correction} 0) or of a sample. As
     * an array's, it is infinite or NaN where the correction is as large as the count.
     */
    public double std(double correction) {
      return Math.sqrt(squares / Math.max(count - correction, 0));
    }

    private static Statistics of(NDArray block) {
      long size = block.size();
      if (size == 0) {
        return new Statistics(0, 0, 0, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);
      }
      NDArray values = block.astype(DType.FLOAT64);
      List<NDArray> all = Kiln.computeAll(values.mean(), values.var(), values.min(), values.max());
      Statistics statistics =
          new Statistics(
              size,
              all.get(0).item(),
              all.get(1).item() * size,
              all.get(2).item(),
              all.get(3).item());
      all.forEach(NDArray::release);
      return statistics;
    }

    /** Chan's formula for two parts. */
    private Statistics with(Statistics other) {
      if (count == 0 || other.count == 0) {
        return count == 0 ? other : this;
      }
      long total = count + other.count;
      double apart = other.mean - mean;
      // Between infinities, or numbers that are too far apart for a difference, each by its share.
      double both =
          Double.isFinite(apart)
              ? mean + apart * other.count / total
              : mean * ((double) count / total) + other.mean * ((double) other.count / total);
      return new Statistics(
          total,
          both,
          squares + other.squares + apart * apart * ((double) count * other.count / total),
          Math.min(min, other.min),
          Math.max(max, other.max));
    }
  }
}
