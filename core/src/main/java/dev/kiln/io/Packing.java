package dev.kiln.io;

import dev.kiln.KilnException;
import dev.kiln.spi.Compression;
import dev.kiln.spi.Workers;

/**
 * What arrays are compressed with.
 *
 * @param workers compress blocks
 */
public record Packing(Compression by, Workers workers) {
  /**
   * By the compression that there is.
   *
   * @throws KilnException where there is none
   */
  public static Packing by(Workers workers) {
    return new Packing(Compressions.any(), workers);
  }

  /** Whether an array gains by it: small ones stay as they are, and Java arrays. */
  static boolean isFor(Value.Array array) {
    return !array.isPlain() && array.bytes() >= PackedArray.SMALLEST;
  }
}
