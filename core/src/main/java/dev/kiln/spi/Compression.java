package dev.kiln.spi;

import dev.kiln.KilnException;
import java.lang.foreign.MemorySegment;

/**
 * A way to make blocks of bytes smaller; found by {@link java.util.ServiceLoader}. Several threads
 * call it at once.
 */
public interface Compression {
  /** Its name, which files of what it has compressed hold: {@code zstd}. */
  String name();

  /** The most bytes that a block of so many may become. */
  long bound(long bytes);

  /**
   * Compresses a block.
   *
   * @param from the block, off-heap
   * @param to room for {@link #bound} bytes, off-heap
   * @return how many bytes it has become
   */
  long compress(MemorySegment from, MemorySegment to);

  /**
   * Inflates what {@link #compress} gave. It writes nowhere but to its target, whatever the block
   * holds.
   *
   * @param from the whole compressed block, off-heap; it may be anything
   * @param to as many bytes as it was made of, off-heap
   * @throws KilnException where it is damaged, or would become another number of bytes
   */
  void inflate(MemorySegment from, MemorySegment to);
}
