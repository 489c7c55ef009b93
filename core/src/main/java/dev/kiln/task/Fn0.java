package dev.kiln.task;

import org.jspecify.annotations.Nullable;

/**
 * A function without arguments that may fail.
 *
 * @param <R> what it gives
 * @param <X> the checked exception that it throws, {@link RuntimeException} if none; the compiler
 *     finds it
 */
@FunctionalInterface
public interface Fn0<R extends @Nullable Object, X extends Exception> {
  /** Its value. */
  R apply() throws X;
}
