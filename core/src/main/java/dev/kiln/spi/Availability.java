package dev.kiln.spi;

/** Whether something optional can be used here; a value, never an exception. */
public sealed interface Availability {
  /**
   * It can be used.
   *
   * @param detail what was found, for people: {@code "512-bit vectors"}
   */
  record Ready(String detail) implements Availability {}

  /**
   * It cannot be used.
   *
   * @param reason what is missing
   * @param cure what to do about it
   */
  record Missing(String reason, String cure) implements Availability {}
}
