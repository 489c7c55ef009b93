package dev.kiln.spi;

/** Where results and temporaries live. */
public interface Memory {
  /**
   * Memory of that many bytes with undefined contents, 64-byte aligned.
   *
   * @throws dev.kiln.KilnException where it would exceed the engine's limit; the message names the
   *     sizes. A {@link MemoryLimitException} where that is because of what is in use
   */
  Buffer allocate(long bytes);
}
