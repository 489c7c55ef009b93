package dev.kiln;

import dev.kiln.io.NpyFile;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

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
 */
public final class Blocks {
  private final long count;
  private final LongFunction<NDArray> maker;

  private Blocks(long count, LongFunction<NDArray> maker) {
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
        Math.ceilDiv(all, rows), k -> x.get(Slice.of(k * rows, Math.min(all, (k + 1) * rows))));
  }

  static Blocks of(long count, LongFunction<NDArray> maker) {
    if (count < 0) {
      throw new KilnException(count + " blocks; expected 0 or more");
    }
    return new Blocks(count, maker);
  }

  /** How many blocks there are. */
  public long count() {
    return count;
  }

  /** The block of that number, delayed. */
  public NDArray get(long number) {
    if (number < 0 || number >= count) {
      throw new KilnException("block " + number + " of " + count);
    }
    return maker.apply(number);
  }

  /** The function's values, block by block; nothing is computed yet. */
  public Blocks map(UnaryOperator<NDArray> function) {
    return new Blocks(count, k -> function.apply(maker.apply(k)));
  }

  /**
   * What a function makes of each block, combined from the first to the last; empty if there is no
   * block. The function is given a delayed array and computes what it wants of it.
   */
  public <R> Optional<R> reduce(
      Function<? super NDArray, ? extends R> function, BinaryOperator<R> combine) {
    R all = null;
    for (long k = 0; k < count; k++) {
      R one = function.apply(maker.apply(k));
      all = all == null ? one : combine.apply(all, one);
    }
    return Optional.ofNullable(all);
  }

  /** Gives each block, computed, in order; it is valid until the consumer returns. */
  public void forEach(Consumer<? super NDArray> consumer) {
    for (long k = 0; k < count; k++) {
      NDArray block = maker.apply(k);
      NDArray computed = block.compute();
      try {
        consumer.accept(computed);
      } finally {
        release(block, computed);
      }
    }
  }

  /**
   * Number, mean, standard deviation, smallest and largest of all elements, in one pass.
   *
   * @throws KilnException where there is no element
   */
  public Statistics statistics() {
    return reduce(Statistics::of, Statistics::with)
        .filter(all -> all.count() > 0)
        .orElseThrow(() -> new KilnException("statistics of no elements; expected at least one"));
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
      NDArray first = pieces.first();
      NpyFile.writeRows(file, first.dtype(), row(first), pieces);
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

  /** Gives back what was computed here; a block that was in memory before is somebody else's. */
  private static void release(NDArray block, NDArray computed) {
    if (!block.isRealised()) {
      computed.release();
    }
  }

  /** The elements of one block after the other; each is given back when the next is asked for. */
  private final class Pieces implements Iterator<MemorySegment>, AutoCloseable {
    private final Path file;
    private final NDArray first = maker.apply(0);
    private long next;
    private @Nullable Runnable release;

    Pieces(Path file) {
      this.file = file;
    }

    NDArray first() {
      return first;
    }

    @Override
    public boolean hasNext() {
      return next < count;
    }

    @Override
    public MemorySegment next() {
      close();
      if (next >= count) {
        throw new NoSuchElementException();
      }
      NDArray block = next == 0 ? first : maker.apply(next);
      if (block.dtype() != first.dtype() || !row(block).equals(row(first))) {
        throw new KilnException(
            "cannot write "
                + file
                + ": block "
                + next
                + " is "
                + block.dtype()
                + block.shape()
                + ", block 0 is "
                + first.dtype()
                + first.shape()
                + "; only the number of rows may differ");
      }
      NDArray computed = block.compute();
      release = () -> release(block, computed);
      next++;
      return computed.data();
    }

    @Override
    public void close() {
      if (release != null) {
        release.run();
        release = null;
      }
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
    /** The standard deviation, of the elements themselves ({@code correction} 0) or of a sample. */
    public double std(double correction) {
      return Math.sqrt(squares / (count - correction));
    }

    private static Statistics of(NDArray block) {
      long size = block.size();
      if (size == 0) {
        return new Statistics(0, 0, 0, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);
      }
      NDArray values = block.astype(DType.FLOAT64);
      List<NDArray> all = Kiln.computeAll(values.mean(), values.var(), block.min(), block.max());
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
      return new Statistics(
          total,
          mean + apart * other.count / total,
          squares + other.squares + apart * apart * ((double) count * other.count / total),
          Math.min(min, other.min),
          Math.max(max, other.max));
    }
  }
}
