package dev.kiln.task;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Why work ended before its end.
 *
 * @param cause as it was thrown
 * @param context where, or null if it was in no task
 */
record Failure(Throwable cause, @Nullable Exception context) {
  /** One whose context is made now; where that fails too, the cause arrives with what it threw. */
  static Failure of(Throwable cause, Supplier<? extends Exception> context) {
    try {
      return new Failure(cause, context.get());
    } catch (Throwable e) {
      keep(e, cause);
      return new Failure(cause, null);
    }
  }

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
