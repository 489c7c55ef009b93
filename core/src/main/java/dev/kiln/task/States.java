package dev.kiln.task;

import dev.kiln.KilnException;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * What each worker of one call keeps for itself: made when it gets its first task, and closed at
 * the end of the call if it can be.
 */
final class States<S> {
  private final Initialiser<? extends S> initialiser;
  private final AtomicReferenceArray<@Nullable S> states;

  States(Initialiser<? extends S> initialiser, int workers) {
    this.initialiser = initialiser;
    this.states = new AtomicReferenceArray<>(workers);
  }

  /** For a call whose workers keep nothing. */
  static States<Object> none() {
    return new States<>(Object::new, 0);
  }

  /** That of a worker; only one thread at a time has its number. */
  S of(int worker) {
    S state = states.get(worker);
    if (state == null) {
      state = initialiser.make();
      states.set(worker, state);
    }
    return state;
  }

  /**
   * Closes those that are {@link AutoCloseable}; all, even if one of them fails.
   *
   * @param before the failure of the call, which keeps those of closing, or null
   * @throws KilnException where the call has not failed, and closing does
   */
  void close(@Nullable Throwable before) {
    Throwable failed = before;
    for (int worker = 0; worker < states.length(); worker++) {
      if (states.getAndSet(worker, null) instanceof AutoCloseable closeable) {
        try {
          closeable.close();
        } catch (Exception e) {
          if (failed == null) {
            failed = new KilnException("a worker's state could not be closed: " + e, e);
          } else {
            Failure.keep(e, failed);
          }
        }
      }
    }
    if (before == null && failed != null) {
      throw Unchecked.asUnchecked(failed);
    }
  }
}
