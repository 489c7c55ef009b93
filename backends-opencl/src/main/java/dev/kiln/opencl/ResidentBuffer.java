package dev.kiln.opencl;

import dev.kiln.spi.Buffer;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

/**
 * An array of the engine that has a copy on a device. What either side writes reaches the other
 * when it is asked for there, and not before.
 */
final class ResidentBuffer implements Buffer {
  private final Buffer host;
  private final Copies copies;
  private final Copies.Copy copy;

  /** Written nowhere yet. */
  ResidentBuffer(Buffer host, Copies copies) {
    this.host = host;
    this.copies = copies;
    this.copy = copies.copyOf(this, host.byteSize());
  }

  /** The memory in the engine, whatever it holds now. */
  Buffer host() {
    return host;
  }

  /** What the device has of it. */
  Copies.Copy copy() {
    return copy;
  }

  /** Whether those copies are where its own is. */
  boolean isAmong(Copies others) {
    return copies == others;
  }

  @Override
  public long byteSize() {
    return host.byteSize();
  }

  @Override
  public MemorySegment segment() {
    copies.handToHost(this);
    return host.segment();
  }

  @Override
  public MemorySegment contents() {
    copies.showToHost(this);
    return host.segment().asReadOnly();
  }

  @Override
  public long show() {
    return pinned(copies::showToHost);
  }

  @Override
  public long pin() {
    return pinned(copies::handToHost);
  }

  private long pinned(Consumer<ResidentBuffer> upToDate) {
    long address = host.pin();
    try {
      upToDate.accept(this);
    } catch (Throwable e) {
      host.unpin();
      throw e;
    }
    return address;
  }

  @Override
  public void hold() {
    host.pin();
  }

  @Override
  public void unpin() {
    host.unpin();
  }

  @Override
  public void release() {
    copies.drop(copy);
    host.release();
  }
}
