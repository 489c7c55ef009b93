package dev.kiln.store;

import dev.kiln.spi.Buffer;
import dev.kiln.spi.Origin;
import dev.kiln.spi.Part;
import dev.kiln.spi.Workers;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What identifies the contents of buffers, found out once for each as long as it lives. Safe for
 * many threads at once.
 */
final class ContentHashes {
  private final Hashing hashing;
  private final boolean trustsFiles;
  private final Map<Buffer, Slot> slots = new WeakHashMap<>();

  /**
   * Nothing known yet.
   *
   * @param trustsFiles whether a file's path, inode, size and time stand for its contents
   */
  ContentHashes(Hashing hashing, boolean trustsFiles) {
    this.hashing = hashing;
    this.trustsFiles = trustsFiles;
  }

  private static final class Slot {
    byte @Nullable [] hash;
    final Map<Range, Slot> parts = new HashMap<>();
  }

  /** Which bytes of a buffer. */
  private record Range(long offset, long bytes) {}

  /** A part's stands with its whole, which lives longer. */
  private Slot slot(Buffer buffer) {
    synchronized (slots) {
      if (buffer instanceof Part(Buffer whole, long offset, long bytes)) {
        Slot all = slots.computeIfAbsent(whole, key -> new Slot());
        return all.parts.computeIfAbsent(new Range(offset, bytes), key -> new Slot());
      }
      return slots.computeIfAbsent(buffer, key -> new Slot());
    }
  }

  /** What identifies the contents. */
  byte[] of(Buffer buffer, Workers workers) {
    if (trustsFiles && buffer.origin().isPresent()) {
      return trusted(buffer.origin().get(), buffer.byteSize());
    }
    return read(buffer, workers);
  }

  /** The hash of the bytes themselves, whatever else is known. */
  byte[] read(Buffer buffer, Workers workers) {
    Slot slot = slot(buffer);
    synchronized (slot) {
      byte[] hash = slot.hash;
      if (hash == null) {
        buffer.hold();
        try {
          hash = hashing.of(buffer.contents(), workers);
        } finally {
          buffer.unpin();
        }
        slot.hash = hash;
      }
      return hash.clone();
    }
  }

  /** Remembers a hash that is known already, from an entry's checksum. */
  void learn(Buffer buffer, byte[] hash) {
    Slot slot = slot(buffer);
    synchronized (slot) {
      slot.hash = hash.clone();
    }
  }

  /** No hash of contents begins like this, being much shorter. */
  private byte[] trusted(Origin origin, long bytes) {
    String text =
        "kiln file "
            + origin.offset()
            + " "
            + bytes
            + " "
            + origin.size()
            + " "
            + origin.modifiedNanos()
            + " "
            + origin.id()
            + " "
            + origin.file();
    byte[] words = text.getBytes(StandardCharsets.UTF_8);
    return hashing.of(MemorySegment.ofArray(words), Inline.CALLER);
  }
}
