package dev.kiln.spi;

import java.nio.file.Path;

/**
 * The file whose bytes a buffer shows, as it was when it was opened.
 *
 * @param file its real path
 * @param id what the file system knows it by, an inode for example; empty where it has no such
 *     thing
 * @param size in bytes
 * @param modifiedNanos when it was last changed, in nanoseconds since 1970
 * @param offset of the buffer's first byte in the file
 */
public record Origin(Path file, String id, long size, long modifiedNanos, long offset) {
  /** Another place in the same file. */
  public Origin at(long place) {
    return new Origin(file, id, size, modifiedNanos, place);
  }
}
