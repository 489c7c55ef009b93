package dev.kiln.cpu.routine;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Vector code and the scalar code that serves until the JIT compiler has made the vector code fast:
 * before that every vector operation allocates an object and takes a thousand times longer.
 *
 * @param <T> what both do
 */
final class Hot<T> {
  private static final int CALLS_A_ROUND = 100;
  private static final int QUIET_ROUNDS = 3;

  /** Rounds after which the compiler has been asked for all that it will do. */
  private static final int ROUNDS_BEFORE_RESTING = 120;

  /** The rest after a round, which grows: on a busy machine the compiler may take long. */
  private static final long FIRST_REST_MILLIS = 1;

  private static final long LONGEST_REST_MILLIS = 500;

  private final T scalar;
  private final @Nullable T vector;
  private final Consumer<T> exercise;
  private final Heat heat;
  private volatile State state;

  private enum State {
    COLD,
    WARMING,
    HOT,
    NEVER
  }

  /**
   * Both ways.
   *
   * @param vector null where there is none
   * @param exercise calls everything of the vector code on a little scratch data
   */
  Hot(T scalar, @Nullable T vector, Consumer<T> exercise, Heat heat) {
    this.scalar = scalar;
    this.vector = vector;
    this.exercise = exercise;
    this.heat = heat;
    this.state = vector == null ? State.NEVER : heat.always() ? State.HOT : State.COLD;
  }

  /** The way to take now; heats the vector code when first asked. */
  T get() {
    if (state == State.COLD && claim()) {
      heat.start(this::warm);
    }
    T hot = vector;
    return state == State.HOT && hot != null ? hot : scalar;
  }

  /** For people. */
  String describe() {
    return switch (state) {
      case NEVER -> "scalar code";
      case HOT -> "vector code";
      case COLD, WARMING -> "vector code, and scalar code until it is hot";
    };
  }

  private synchronized boolean claim() {
    if (state != State.COLD) {
      return false;
    }
    state = State.WARMING;
    return true;
  }

  private void warm() {
    T hot = vector;
    if (hot != null && becomesQuiet(hot)) {
      state = State.HOT;
    }
  }

  /** Calls it until it is hot; false where nobody waits for that any more. */
  private boolean becomesQuiet(T hot) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long rest = FIRST_REST_MILLIS;
    int quiet = 0;
    for (int round = 0; quiet < QUIET_ROUNDS; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int call = 0; call < CALLS_A_ROUND; call++) {
        exercise.accept(hot);
      }
      long allocated = threads.getCurrentThreadAllocatedBytes() - before;
      quiet = allocated < 8 * CALLS_A_ROUND ? quiet + 1 : 0;
      if (heat.isClosed()) {
        return false;
      }
      if (round > ROUNDS_BEFORE_RESTING && quiet == 0) {
        try {
          Thread.sleep(rest);
          rest = Math.min(LONGEST_REST_MILLIS, rest + 1 + rest / 8);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return false;
        }
      }
    }
    return true;
  }
}
