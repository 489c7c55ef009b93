package dev.kiln.memo;

import dev.kiln.task.Fn0;
import java.io.Serializable;

/**
 * A function of no argument that can be memoised. It is serialisable so that a lambda can be asked
 * which method it stands for and what it has captured; it never is serialised.
 */
@FunctionalInterface
public interface Function0<R> extends Fn0<R, RuntimeException>, Serializable {
  /** The result. */
  @Override
  R apply();
}
