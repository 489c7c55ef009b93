package dev.kiln.memo;

import java.io.Serializable;

/**
 * A function of one argument that can be memoised. It is serialisable so that a lambda can be asked
 * which method it stands for and what it has captured; it never is serialised.
 */
@FunctionalInterface
public interface Function1<A, R> extends Serializable {
  /** The result. */
  R apply(A a);
}
