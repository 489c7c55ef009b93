package dev.kiln.task;

/**
 * Makes what a worker has for itself.
 *
 * @param <S> what that is
 */
@FunctionalInterface
public interface Initialiser<S> {
  /** A new one. */
  S make();
}
