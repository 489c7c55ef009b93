package dev.kiln;

/**
 * A mistake in what was asked for: shapes that don't fit, a dtype an operation does not take, a
 * file that is not what it claims to be, a backend that cannot run. The message says what was
 * given, what was expected and what to do.
 *
 * <p>A fault of Kiln itself is an {@link AssertionError}, never this.
 */
public class KilnException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates the error from its message. */
  public KilnException(String message) {
    super(message);
  }

  /** Creates the error from its message and what caused it. */
  public KilnException(String message, Throwable cause) {
    super(message, cause);
  }
}
