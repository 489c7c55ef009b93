package dev.kiln.memory;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A piece of pool memory that somebody uses. It outlives the buffer that wraps it just long enough
 * to be given back, once, by whoever comes first: a release, or the garbage collector.
 */
final class Block implements Runnable {
  private final SlabPool pool;
  private final AtomicBoolean returned = new AtomicBoolean();
  final long address;

  /** The size of the block, at least what was asked for. */
  final long bytes;

  Block(SlabPool pool, long address, long bytes) {
    this.pool = pool;
    this.address = address;
    this.bytes = bytes;
  }

  /** Gives the memory back to the pool; every call but the first does nothing. */
  @Override
  public void run() {
    if (returned.compareAndSet(false, true)) {
      pool.giveBack(this);
    }
  }
}
