package dev.kiln.memory;

import dev.kiln.KilnException;
import dev.kiln.spi.Buffer;
import dev.kiln.spi.Memory;
import dev.kiln.spi.MemoryLimitException;
import java.lang.ref.Cleaner;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.WeakHashMap;

/**
 * The memory of one engine: blocks that are recycled instead of given back to the operating system,
 * because touching fresh pages costs more than most kernels that fill them.
 *
 * <p>Small blocks are cut from {@link Slabs}. Large ones are mapped one by one, in sizes of eight
 * to each power of two, and are unmapped again only when the limit presses. The last block given
 * back is the next one handed out: it is the likeliest to be in the cache.
 *
 * <p>A block returns when its buffer is released or unreachable. The garbage collector sees none of
 * this memory, so it is asked to run when memory in use has grown well beyond what the last run
 * left, and before an allocation fails.
 */
public final class SlabPool implements Memory, AutoCloseable {
  private static final Cleaner CLEANER = Cleaner.create();
  private static final long FIRST_COLLECTION = 1L << 30;
  private static final long SHORT_WAIT_NANOS = 50_000_000L;
  private static final long LONG_WAIT_NANOS = 2_000_000_000L;

  /** Within which blocks that are coming back follow each other. */
  private static final long PAUSE_MILLIS = 2;

  /** The least limit, in bytes. */
  public static final long LEAST = Pages.PAGE;

  private final Pages pages = new Pages();
  private final long limit;
  private final Slabs slabs = new Slabs();

  /** Large blocks that are free, by their size. */
  private final TreeMap<Long, ArrayDeque<Long>> free = new TreeMap<>();

  /** Everything that is mapped: address and size. */
  private final Map<Long, Long> mappings = new HashMap<>();

  private final Map<PooledBuffer, Boolean> buffers = new WeakHashMap<>();
  private final Set<PooledBuffer> pinned = Collections.newSetFromMap(new IdentityHashMap<>());
  private long mapped;
  private long inUse;
  private long mostInUse;

  /** Since the last collection. */
  private long leastInUse;

  private volatile boolean closed;

  /**
   * A pool that maps at most that many bytes.
   *
   * @param limit in bytes, at least 2 MiB
   */
  public SlabPool(long limit) {
    if (limit < LEAST) {
      throw new KilnException(
          "memory limit of " + limit + " bytes; expected at least " + LEAST + " (2 MiB)");
    }
    this.limit = limit;
  }

  /** The limit of engines that name none: three quarters of the machine's memory, in bytes. */
  public static long defaultLimit() {
    return Pages.physicalBytes() / 4 * 3;
  }

  @Override
  public Buffer allocate(long bytes) {
    if (bytes < 0 || bytes > limit) {
      throw new KilnException(
          "an array of "
              + bytes
              + " bytes does not fit the engine's memory limit of "
              + limit
              + " bytes; raise it with Engine.builder().memoryLimit(bytes), or compute in parts");
    }
    long size = blockBytes(bytes);
    if (wantsCollection(size)) {
      collect(SHORT_WAIT_NANOS);
    }
    long address = take(size);
    if (address == 0) {
      collect(LONG_WAIT_NANOS);
      address = take(size);
    }
    if (address == 0) {
      throw outOfMemory(bytes);
    }
    Block block = new Block(this, address, size);
    PooledBuffer buffer = new PooledBuffer(this, block, bytes);
    CLEANER.register(buffer, block);
    synchronized (this) {
      checkOpen();
      buffers.put(buffer, Boolean.TRUE);
    }
    return buffer;
  }

  /** The bytes of blocks that are handed out. */
  public synchronized long bytesInUse() {
    return inUse;
  }

  /** The most bytes that were handed out at once. */
  public synchronized long mostBytesInUse() {
    return mostInUse;
  }

  /** The bytes held from the operating system. */
  public synchronized long bytesMapped() {
    return mapped;
  }

  /** The most bytes that may be mapped. */
  public long limit() {
    return limit;
  }

  /** Whether {@link #close} was called. */
  public boolean isClosed() {
    return closed;
  }

  /**
   * Waits until no buffer is pinned, then gives all memory back. Buffers that are still held become
   * unusable: using one is an error, never a crash.
   */
  @Override
  public void close() {
    List<PooledBuffer> held;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      awaitUnpinned();
      held = new ArrayList<>(buffers.keySet());
    }
    for (PooledBuffer buffer : held) {
      buffer.close();
    }
    synchronized (this) {
      mappings.forEach(pages::unmap);
      mappings.clear();
      free.clear();
      mapped = 0;
      inUse = 0;
    }
  }

  private synchronized void awaitUnpinned() {
    boolean interrupted = false;
    while (!pinned.isEmpty()) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  synchronized void pinned(PooledBuffer buffer) {
    checkOpen();
    pinned.add(buffer);
  }

  synchronized void unpinned(PooledBuffer buffer) {
    pinned.remove(buffer);
    notifyAll();
  }

  synchronized void giveBack(Block block) {
    if (closed) {
      return;
    }
    inUse -= block.bytes;
    leastInUse = Math.min(leastInUse, inUse);
    if (isLarge(block.bytes)) {
      free.computeIfAbsent(block.bytes, k -> new ArrayDeque<>()).push(block.address);
    } else {
      slabs.giveBack(block.address, block.bytes);
    }
    notifyAll();
  }

  private synchronized MemoryLimitException outOfMemory(long bytes) {
    return new MemoryLimitException(
        "out of memory: "
            + bytes
            + " more bytes beside "
            + inUse
            + " bytes in use would exceed the engine's limit of "
            + limit
            + " bytes; release arrays that are no longer needed, raise"
            + " Engine.builder().memoryLimit(bytes), or compute in parts");
  }

  private synchronized boolean wantsCollection(long size) {
    return inUse + size > Math.max(FIRST_COLLECTION, 2 * leastInUse);
  }

  /**
   * Has unreachable buffers found, and waits for their blocks: at most so long for the first, and
   * from then on until no more come for a moment. Who went on with the first would map more memory
   * while the others are on their way.
   */
  private void collect(long nanos) {
    System.gc();
    long deadline = System.nanoTime() + nanos;
    synchronized (this) {
      long start = inUse;
      long last = start;
      while (System.nanoTime() < deadline) {
        try {
          wait(inUse < start ? PAUSE_MILLIS : Math.max(1, nanos / 1_000_000));
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          break;
        }
        if (inUse < start && inUse == last) {
          break;
        }
        last = inUse;
      }
      leastInUse = inUse;
    }
  }

  /** The address of a block, or 0 where the limit forbids it. */
  private synchronized long take(long size) {
    checkOpen();
    long address = takeFree(size);
    if (address == 0 && map(isLarge(size) ? size : Pages.PAGE)) {
      address = takeFree(size);
    }
    inUse += address == 0 ? 0 : size;
    mostInUse = Math.max(mostInUse, inUse);
    return address;
  }

  private long takeFree(long size) {
    if (!isLarge(size)) {
      return slabs.take(size);
    }
    ArrayDeque<Long> blocks = free.get(size);
    return blocks == null || blocks.isEmpty() ? 0 : blocks.pop();
  }

  /** Maps more memory and puts it where it is free; false where the limit forbids it. */
  private boolean map(long bytes) {
    if (mapped + bytes > limit) {
      trim(mapped + bytes - limit);
    }
    if (mapped + bytes > limit) {
      return false;
    }
    long start = pages.map(bytes);
    mapped += bytes;
    mappings.put(start, bytes);
    if (isLarge(bytes)) {
      free.computeIfAbsent(bytes, k -> new ArrayDeque<>()).push(start);
    } else {
      slabs.add(start);
    }
    return true;
  }

  /** Unmaps what is free, the largest first, until that many bytes are gone or nothing is left. */
  private void trim(long bytes) {
    long target = mapped - bytes;
    for (ArrayDeque<Long> blocks : free.descendingMap().values()) {
      while (mapped > target && !blocks.isEmpty()) {
        unmap(blocks.removeLast());
      }
    }
    for (long slab = slabs.takeWhole(); slab != 0; slab = slabs.takeWhole()) {
      unmap(slab);
    }
  }

  private void unmap(long address) {
    Long bytes = mappings.remove(address);
    if (bytes == null) {
      throw new AssertionError("not mapped here");
    }
    pages.unmap(address, bytes);
    mapped -= bytes;
  }

  private void checkOpen() {
    if (closed) {
      throw new KilnException("the engine is closed; open another with Engine.builder().build()");
    }
  }

  /**
   * The size of the block for so many bytes: the next in eighths of a power of two, in whole pages
   * if large.
   */
  private static long blockBytes(long bytes) {
    if (bytes <= Slabs.LARGEST) {
      return Slabs.blockBytes(bytes);
    }
    long eighth = Math.max(Pages.PAGE, Long.highestOneBit(bytes) / 8);
    return (bytes + eighth - 1) / eighth * eighth;
  }

  /** Whether a block, or a mapping, is more than what slabs are for. */
  private static boolean isLarge(long size) {
    return size > Slabs.LARGEST;
  }
}
