package dev.kiln.spi;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * A part of another buffer's memory, which that buffer goes on owning: releasing a part does
 * nothing. Equal parts of one buffer are equal.
 *
 * @param whole no part itself
 * @param offset of the first byte in it
 * @param byteSize how much of it
 */
public record Part(Buffer whole, long offset, long byteSize) implements Buffer {
  @Override
  public MemorySegment segment() {
    return whole.segment().asSlice(offset, byteSize);
  }

  @Override
  public Optional<Origin> origin() {
    return whole.origin().map(start -> start.at(start.offset() + offset));
  }

  @Override
  public long pin() {
    return whole.pin() + offset;
  }

  @Override
  public MemorySegment contents() {
    return whole.contents().asSlice(offset, byteSize);
  }

  @Override
  public long show() {
    return whole.show() + offset;
  }

  @Override
  public void hold() {
    whole.hold();
  }

  @Override
  public void unpin() {
    whole.unpin();
  }

  @Override
  public void release() {
    // Its owner does.
  }
}
