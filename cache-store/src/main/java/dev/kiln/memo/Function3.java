package dev.kiln.memo;

import java.io.Serializable;

/**
 * A function of three arguments that can be memoised. It is serialisable so that a lambda can be
 * asked which method it stands for and what it has captured; it never is serialised.
 */
@FunctionalInterface
public interface Function3<A, B, C, R> extends Serializable {
  /** The result. */
  R apply(A a, B b, C c);
}
