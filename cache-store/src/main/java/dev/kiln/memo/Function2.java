package dev.kiln.memo;

import java.io.Serializable;

/**
 * A function of two arguments that can be memoised. It is serialisable so that a lambda can be
 * asked which method it stands for and what it has captured; it never is serialised.
 */
@FunctionalInterface
public interface Function2<A, B, R> extends Serializable {
  /** The result. */
  R apply(A a, B b);
}
