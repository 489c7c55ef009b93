package dev.kiln.cli;

import dev.kiln.KilnException;

/** A word of the command line is wrong, whatever the data and the machine. */
final class UsageException extends KilnException {
  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }

  UsageException(String message, Throwable cause) {
    super(message, cause);
  }
}
