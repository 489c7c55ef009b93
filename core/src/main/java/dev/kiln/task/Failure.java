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

  /**
   * What arrives at the caller: the cause itself, which has the context with it.
   *
   * @param began when the call did, by {@link System#nanoTime}. A cause that has a context of
   *     before is thrown again and again, as an object that is kept; it would gather contexts, and
   *     inputs with them, without end. Those of calls within this one are made later.
   */
  Throwable arriving(long began) {
    if (context != null && !hasContextOfBefore(began)) {
      cause.addSuppressed(context);
    }
    return cause;
  }

  /** Keeps this, as it would arrive, with the first one of its call. */
  @SuppressWarnings("ReferenceEquality")
  void keepWith(Failure first, long began) {
    // Several tasks may throw the same object, which then has the context of the first.
    if (cause != first.cause) {
      keep(arriving(began), first.cause);
    }
  }

  private boolean hasContextOfBefore(long began) {
    for (Throwable suppressed : cause.getSuppressed()) {
      boolean before =
          switch (suppressed) {
            case TaskContext other -> other.made() - began < 0;
            case DelayedContext other -> other.made() - began < 0;
            default -> false;
          };
      if (before) {
        return true;
      }
    }
    return false;
  }

  /** Keeps another failure with one, unless it is there already; Java refuses the same one. */
  @SuppressWarnings("ReferenceEquality")
  static void keep(Throwable other, Throwable with) {
    boolean there = other == with;
    for (Throwable suppressed : with.getSuppressed()) {
      there |= suppressed == other;
    }
    if (!there) {
      with.addSuppressed(other);
    }
  }
}
