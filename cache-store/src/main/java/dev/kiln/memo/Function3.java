package dev.kiln.memo;

import dev.kiln.task.Fn3;
import java.io.Serializable;

/**
 * A function of three arguments that can be memoised. It is serialisable so that a lambda can be
 * asked which method it stands for and what it has captured; it never is serialised.
 */
@FunctionalInterface
public interface Function3<A, B, C, R> extends Fn3<A, B, C, R, RuntimeException>, Serializable {
  /** The result. */
  @Override
  R apply(A a, B b, C c);
}
