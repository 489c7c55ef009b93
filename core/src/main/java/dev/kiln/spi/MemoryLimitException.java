package dev.kiln.spi;

import dev.kiln.KilnException;

/**
 * Memory that an engine would have room for, were less of it in use. Whoever runs several things at
 * once may try again with fewer.
 */
public final class MemoryLimitException extends KilnException {
  private static final long serialVersionUID = 1L;

  /** Creates the error from its message. */
  public MemoryLimitException(String message) {
    super(message);
  }
}
