package dev.kiln.memo;

import dev.kiln.task.Fn2;
import java.io.Serializable;

/**
 * A function of two arguments that can be memoised. It is serialisable so that a lambda can be
 * asked which method it stands for and what it has captured; it never is serialised.
 */
@FunctionalInterface
public interface Function2<A, B, R> extends Fn2<A, B, R, RuntimeException>, Serializable {
  /** The result. */
  @Override
  R apply(A a, B b);
}
