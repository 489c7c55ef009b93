package dev.kiln.store;

import dev.kiln.KilnException;
import dev.kiln.spi.Buffer;
import java.lang.foreign.MemorySegment;

/**
 * A part of an entry's file, mapped read-only. The file may vanish from the folder meanwhile; the
 * memory stays until nobody holds this any more.
 */
final class MappedBuffer implements Buffer {
  private final MemorySegment segment;
  private volatile boolean released;

  MappedBuffer(MemorySegment segment) {
    this.segment = segment;
  }

  private void check() {
    if (released) {
      throw new KilnException(
          "the array was released and has no elements any more; take it from the store again");
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
  public long pin() {
    check();
    return segment.address();
  }

  @Override
  public void unpin() {
    // The mapping lasts as long as this object.
  }

  @Override
  public void release() {
    released = true;
  }
}
