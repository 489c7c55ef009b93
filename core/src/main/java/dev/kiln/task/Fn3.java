package dev.kiln.task;

import org.jspecify.annotations.Nullable;

/**
 * A function of three arguments that may fail.
 *
 * @param <A> what it takes first
 * @param <B> what it takes second
 * @param <C> what it takes third
 * @param <R> what it gives
 * @param <X> the checked exception that it throws, {@link RuntimeException} if none; the compiler
 *     finds it
 */
@FunctionalInterface
public interface Fn3<
    A extends @Nullable Object,
    B extends @Nullable Object,
    C extends @Nullable Object,
    R extends @Nullable Object,
    X extends Exception> {
  /** Its value. */
  R apply(A a, B b, C c) throws X;
}
