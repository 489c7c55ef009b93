package dev.kiln.task;

import org.jspecify.annotations.Nullable;

/**
 * A function of one argument that may fail.
 *
 * @param <A> what it takes
 * @param <R> what it gives
 * @param <X> the checked exception that it throws, {@link RuntimeException} if none; the compiler
 *     finds it
 */
@FunctionalInterface
public interface Fn1<A extends @Nullable Object, R extends @Nullable Object, X extends Exception> {
  /** Its value. */
  R apply(A a) throws X;
}
