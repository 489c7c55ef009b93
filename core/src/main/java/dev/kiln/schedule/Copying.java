package dev.kiln.schedule;

import dev.kiln.spi.Workers;
import java.lang.foreign.MemorySegment;

/** Copies of memory by all threads. */
public final class Copying {
  /** What a thread copies at once. */
  private static final long SPAN = 1 << 20;

  private Copying() {}

  /** Copies all of some memory to a place in another. */
  public static void copy(MemorySegment from, MemorySegment to, long at, Workers workers) {
    workers.forEach(
        Math.ceilDiv(from.byteSize(), SPAN),
        (chunk, worker) -> {
          long start = chunk * SPAN;
          long bytes = Math.min(SPAN, from.byteSize() - start);
          MemorySegment.copy(from, start, to, at + start, bytes);
        });
  }
}
