package dev.kiln.memo;

import dev.kiln.task.Fn1;
import java.io.Serializable;

/**
 * A function of one argument that can be memoised. It is serialisable so that a lambda can be asked
 * which method it stands for and what it has captured; it never is serialised.
 */
@FunctionalInterface
public interface Function1<A, R> extends Fn1<A, R, RuntimeException>, Serializable {
  /** The result. */
  @Override
  R apply(A a);
}
