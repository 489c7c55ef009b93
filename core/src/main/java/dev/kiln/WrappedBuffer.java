package dev.kiln;

import dev.kiln.spi.Buffer;
import dev.kiln.spi.Origin;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** Memory that a user lent. It is never freed here; whoever lent it keeps it alive. */
final class WrappedBuffer implements Buffer {
  private final MemorySegment segment;
  private final Optional<Origin> origin;
  private volatile boolean released;

  private WrappedBuffer(MemorySegment segment, Optional<Origin> origin) {
    this.segment = segment;
    this.origin = origin;
  }

  /**
   * Wraps the first bytes of a segment.
   *
   * @param origin the file that they are, if any
   * @throws KilnException where the segment is on the heap, confined to a thread, closed, or too
   *     short
   */
  static WrappedBuffer of(MemorySegment segment, long bytes, Optional<Origin> origin) {
    if (!segment.isNative()) {
      throw new KilnException(
          "wrap takes native memory, given a segment on the Java heap; copy it with array(…), or"
              + " allocate it from Arena.ofShared() or Arena.ofAuto()");
    }
    if (!segment.isAccessibleBy(Thread.ofVirtual().unstarted(() -> {}))) {
      throw new KilnException(
          "wrap takes memory that every thread may read, given a segment confined to one thread;"
              + " allocate it from Arena.ofShared() or Arena.ofAuto()");
    }
    if (segment.byteSize() < bytes) {
      throw new KilnException(
          "the array needs "
              + bytes
              + " bytes, but the segment has "
              + segment.byteSize()
              + "; give a larger segment or a smaller shape");
    }
    WrappedBuffer buffer = new WrappedBuffer(segment.asSlice(0, bytes), origin);
    buffer.check();
    return buffer;
  }

  private void check() {
    if (released) {
      throw new KilnException("the array was released and has no elements any more; wrap it again");
    }
    if (!segment.scope().isAlive()) {
      throw new KilnException(
          "the wrapped segment's arena is closed; keep it open as long as arrays use the memory");
    }
  }

  @Override
  public MemorySegment segment() {
    check();
    return segment;
  }

  @Override
  public long byteSize() {
    return segment.byteSize();
  }

  @Override
  public Optional<Origin> origin() {
    return origin;
  }

  @Override
  public long pin() {
    check();
    return segment.address();
  }

  @Override
  public void unpin() {
    // The lender keeps the memory alive.
  }

  @Override
  public void release() {
    released = true;
  }
}
