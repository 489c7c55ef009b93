package dev.kiln.spi;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * Memory that holds the elements of one dense, row-major array, off-heap and in native byte order.
 *
 * <p>Two buffers are equal only if they are the same object, or the same {@link Part} of one. Who
 * computes with a buffer's address holds a {@linkplain #pin pin} for as long; memory is given back
 * only when nobody does.
 */
public interface Buffer {
  /**
   * The memory, exactly as long as the array. Access through it is checked and safe at any time.
   */
  MemorySegment segment();

  /** {@link #segment()} for those who only read. */
  default MemorySegment contents() {
    return segment().asReadOnly();
  }

  /** The size in bytes. */
  default long byteSize() {
    return segment().byteSize();
  }

  /** The file that the memory shows, if it is a file's. */
  default Optional<Origin> origin() {
    return Optional.empty();
  }

  /**
   * Keeps the memory where it is until {@link #unpin}.
   *
   * @return the address of the first element
   * @throws dev.kiln.KilnException where the memory is gone: released, or its engine closed
   */
  long pin();

  /** {@link #pin()} for those who only read; taken back by {@link #unpin} too. */
  default long show() {
    return pin();
  }

  /**
   * A {@link #pin} without an address, for those who only see to it that the memory stays: of an
   * array that lies on a device, nothing is moved. Taken back by {@link #unpin} too.
   */
  default void hold() {
    pin();
  }

  /** Takes one {@link #pin}, {@link #show} or {@link #hold} back. */
  void unpin();

  /**
   * Gives the memory back as soon as nobody holds a pin; later use is a clear error. Idempotent.
   */
  void release();
}
