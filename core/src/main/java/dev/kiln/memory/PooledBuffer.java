package dev.kiln.memory;

import dev.kiln.KilnException;
import dev.kiln.spi.Buffer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** An array's memory in an engine's pool. */
final class PooledBuffer implements Buffer {
  private final SlabPool pool;
  private final Block block;
  private final long bytes;
  private int pins;
  private boolean released;
  // Made for those who ask for a segment; kernels never do. Closing a shared arena is slow, so
  // there is none without need.
  private @Nullable Arena arena;
  private @Nullable MemorySegment segment;

  PooledBuffer(SlabPool pool, Block block, long bytes) {
    this.pool = pool;
    this.block = block;
    this.bytes = bytes;
  }

  @Override
  public long byteSize() {
    return bytes;
  }

  @Override
  // It is closed when the buffer is released, not here.
  @SuppressWarnings("MustBeClosedChecker")
  public synchronized MemorySegment segment() {
    checkUsable();
    MemorySegment made = segment;
    if (made == null) {
      Arena opened = Arena.ofShared();
      // The segment reaches this buffer through its arena, so the memory is not recycled while
      // anyone holds the segment.
      made = MemorySegment.ofAddress(block.address).reinterpret(bytes, opened, this::stayReachable);
      arena = opened;
      segment = made;
    }
    return made;
  }

  @Override
  public synchronized long pin() {
    checkUsable();
    if (pins == 0) {
      pool.pinned(this);
    }
    pins++;
    return block.address;
  }

  @Override
  public synchronized void unpin() {
    if (pins == 0) {
      throw new AssertionError("unpin without pin");
    }
    pins--;
    if (pins == 0) {
      pool.unpinned(this);
      if (released) {
        giveBack();
      }
    }
  }

  @Override
  public synchronized void release() {
    if (!released) {
      released = true;
      if (pins == 0) {
        giveBack();
      }
    }
  }

  /** Makes every use an error from now on; the pool that closes takes the memory itself. */
  synchronized void close() {
    released = true;
    closeArena();
  }

  private void giveBack() {
    closeArena();
    block.run();
  }

  private void closeArena() {
    if (arena != null) {
      arena.close();
      arena = null;
      segment = null;
    }
  }

  private void checkUsable() {
    if (released) {
      throw new KilnException(
          pool.isClosed()
              ? "the array's engine is closed; read results before closing the engine that computed"
                  + " them"
              : "the array was released; compute it again, or call release() only when it is no"
                  + " longer needed");
    }
  }

  private void stayReachable(MemorySegment ignored) {
    // Nothing to clean up: the method reference is what keeps this buffer reachable.
  }
}
