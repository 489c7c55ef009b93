package dev.kiln.task;

import org.jspecify.annotations.Nullable;

/**
 * Why work ended before its end.
 *
 * @param cause as it was thrown
 * @param context where, or null if it was in no task
 */
record Failure(Throwable cause, @Nullable Exception context) {
  /** What arrives at the caller: the cause itself, which has the context with it. */
  Throwable arriving() {
    if (context != null) {
      cause.addSuppressed(context);
    }
    return cause;
  }

  /** Keeps another failure with one, unless they are the same: Java refuses that. */
  @SuppressWarnings("ReferenceEquality")
  static void keep(Throwable other, Throwable with) {
    if (other != with) {
      with.addSuppressed(other);
    }
  }
}
