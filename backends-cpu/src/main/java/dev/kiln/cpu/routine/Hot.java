package dev.kiln.cpu.routine;

import dev.kiln.cpu.heat.Heat;
import dev.kiln.cpu.heat.Heatable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Vector code, and the scalar code that serves until the JIT compiler has made the vector code
 * fast.
 *
 * @param <T> what both do
 */
final class Hot<T> {
  private static final int CALLS_A_ROUND = 500;

  /** The scalar code has the processor and the JIT compiler to itself for a while. */
  private static final long LATER_NANOS = 150_000_000;

  /** And longer while it is still at the work that has asked. */
  private static final long MORE_AT_WORK_NANOS = 300_000_000;

  /** Calls of cold code take long, and others wait. */
  private static final long LONGEST_PART_NANOS = 2_000_000;

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
    this.state =
        vector == null ? State.NEVER : heat.when() == Heat.When.ALWAYS ? State.HOT : State.COLD;
  }

  /** The way to take now; heats the vector code when first asked. */
  T get() {
    T hot = vector;
    if (state == State.COLD && hot != null && claim()) {
      heat.start(() -> heatable(hot), LATER_NANOS, MORE_AT_WORK_NANOS);
    }
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

  private Heatable heatable(T code) {
    return new Heatable() {
      private int calls;

      @Override
      public boolean exercise() {
        long start = System.nanoTime();
        while (calls < CALLS_A_ROUND) {
          exercise.accept(code);
          calls++;
          if (System.nanoTime() - start > LONGEST_PART_NANOS) {
            return false;
          }
        }
        calls = 0;
        return true;
      }

      @Override
      public long tolerated() {
        return 1024; // far less than an object a call
      }

      @Override
      public void finish() {
        state = State.HOT;
      }

      @Override
      public void close() {}
    };
  }
}
