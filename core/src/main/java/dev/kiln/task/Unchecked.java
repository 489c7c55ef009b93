package dev.kiln.task;

import dev.kiln.KilnException;

/** Lets a failure arrive with its own type. */
final class Unchecked {
  private Unchecked() {}

  /**
   * Throws it.
   *
   * @param <X> the checked exceptions that the failure can be, as the caller declares them
   */
  @SuppressWarnings("unchecked")
  static <X extends Exception> RuntimeException raise(Throwable failure) throws X {
    if (failure instanceof Error error) {
      throw error;
    }
    // The cast checks nothing but that it is an Exception: whatever a task declares goes through.
    throw (X) failure;
  }

  /** What to throw where nothing can be declared: the failure, or a checked one as the cause. */
  static RuntimeException asUnchecked(Throwable failure) {
    if (failure instanceof RuntimeException || failure instanceof Error) {
      throw Unchecked.<RuntimeException>raise(failure);
    }
    return new KilnException("a task failed: " + failure, failure);
  }
}
