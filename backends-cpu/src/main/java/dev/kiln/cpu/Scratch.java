package dev.kiln.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Memory for one chunk of work at a time, taken from the front and given back all at once; it grows
 * to what was needed most.
 */
final class Scratch {
  private static final long ALIGNMENT = 128;
  private static final long SMALLEST = 1 << 16;

  private MemorySegment segment = MemorySegment.NULL;
  private long used;

  /** Makes room; what was reserved before is gone. */
  void begin(long bytes) {
    used = 0;
    if (segment.byteSize() < bytes) {
      long size = Math.max(SMALLEST, Long.highestOneBit(bytes - 1) << 1);
      segment = Arena.ofAuto().allocate(size, 4096);
    }
  }

  /** The address of that many bytes, 128-byte aligned, with undefined contents. */
  long reserve(long bytes) {
    long at = used;
    used += rounded(bytes);
    if (used > segment.byteSize()) {
      throw new AssertionError(
          "scratch of " + segment.byteSize() + " bytes is too small for " + used);
    }
    return segment.address() + at;
  }

  /** What {@link #reserve} takes for that many bytes. */
  static long rounded(long bytes) {
    return (bytes + ALIGNMENT - 1) & -ALIGNMENT;
  }
}
