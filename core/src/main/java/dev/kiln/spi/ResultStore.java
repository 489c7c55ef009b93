package dev.kiln.spi;

import dev.kiln.DType;
import dev.kiln.Shape;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Where results are kept, so that none is computed twice. An engine asks it before it computes.
 * Safe for many threads and engines at once.
 *
 * <p>A store never fails because of what it keeps: what is damaged is not found, what cannot be
 * written is not kept, and the caller has its value all the same.
 */
public interface ResultStore {
  /**
   * A result: what it is kept under and what it must be.
   *
   * @param key the same for all that mean the same
   * @param dtype of its elements
   * @param shape of the array
   * @param label what makes it, for people
   * @param parts how many results like it make up what was asked for: 1 where this is all of it
   */
  record Wanted(Key key, DType dtype, Shape shape, String label, long parts) {
    /** All of what was asked for. */
    public Wanted(Key key, DType dtype, Shape shape, String label) {
      this(key, dtype, shape, label, 1);
    }
  }

  /**
   * How many bytes of a large file's rows make a block, whose results are kept on their own where
   * they depend on nothing else of it.
   */
  default long blockBytes() {
    return 16 << 20;
  }

  /**
   * What identifies a buffer's contents: the same for equal bytes, in all processes. A buffer is
   * read at most once.
   */
  byte[] contents(Buffer buffer, Workers workers);

  /** The result, read-only, if it is there, whole and of that dtype and shape. */
  Optional<Buffer> find(Wanted wanted, Workers workers);

  /**
   * Waits until nobody else computes any of these results, and keeps others from it. The caller
   * looks for them again, since others may have published them meanwhile; it computes what is still
   * missing, publishes it and closes.
   *
   * @throws dev.kiln.KilnException where the thread is interrupted while it waits
   */
  Flight reserve(List<Key> keys);

  /** The right to compute some results, alone. */
  interface Flight extends AutoCloseable {
    /**
     * Keeps a result. Where that cannot be done the store says so, and nothing else happens.
     *
     * @param value its elements, exactly as many as it has
     * @param took how long it took to compute
     */
    void publish(Wanted wanted, Buffer value, Duration took, Workers workers);

    /** Lets others go on. */
    @Override
    void close();
  }
}
