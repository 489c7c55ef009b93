package dev.kiln.interpret;

import dev.kiln.KilnException;

/** Lets an interrupt end a long evaluation. */
final class Interrupts {
  private Interrupts() {}

  /** Ends the evaluation where the thread has been interrupted; the flag stays set. */
  static void check() {
    if (Thread.currentThread().isInterrupted()) {
      throw new KilnException("interrupted while computing; no result was made");
    }
  }
}
