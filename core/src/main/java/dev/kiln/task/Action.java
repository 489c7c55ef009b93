package dev.kiln.task;

import org.jspecify.annotations.Nullable;

/**
 * What is done with each input, for its effect.
 *
 * @param <A> what it takes
 * @param <X> the checked exception that it throws, {@link RuntimeException} if none
 */
@FunctionalInterface
public interface Action<A extends @Nullable Object, X extends Exception> {
  /** Does it. */
  void accept(A a) throws X;
}
