package dev.kiln.cpu.heat;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Heats vector code: not at all, on the calling thread, or on one in the background. What is not
 * hot after its turn goes back to the end of the queue, and has twice the time in its next one;
 * after the last turn it is left as it is.
 */
public final class Heat implements AutoCloseable {
  /** When vector code runs. */
  public enum When {
    /** From the first call on. */
    ALWAYS,
    /** When it is hot; the first call waits for that. */
    AT_ONCE,
    /** When it is hot, in the background. */
    BACKGROUND
  }

  /** With these, code has 31 times its first patience. */
  private static final int TURNS = 5;

  /** Short, since others wait. */
  private static final long FIRST_PATIENCE_NANOS = 1_000_000_000L;

  private final When when;
  private final long firstPatience;
  private final LinkedBlockingQueue<Turn> queue = new LinkedBlockingQueue<>();
  private volatile boolean closed;

  /** Guarded by this. */
  private @Nullable Thread thread;

  private record Turn(Supplier<? extends Heatable> code, int number) {}

  /** Heats as said. */
  public Heat(When when) {
    this(when, FIRST_PATIENCE_NANOS);
  }

  /** Heats with another patience, in nanoseconds. */
  Heat(When when, long firstPatience) {
    this.when = when;
    this.firstPatience = firstPatience;
  }

  /** Whether vector code runs without being heated. */
  public boolean always() {
    return when == When.ALWAYS;
  }

  /**
   * Heats code, now or later as said.
   *
   * @param code makes it, on the thread that heats
   */
  public void start(Supplier<? extends Heatable> code) {
    Turn first = new Turn(code, 0);
    if (when == When.AT_ONCE) {
      atOnce(first);
    } else {
      later(first);
    }
  }

  private void atOnce(Turn first) {
    try {
      Turn turn = first;
      while (turn != null) {
        turn = heat(turn);
      }
    } catch (InterruptedException e) {
      // The caller's interrupt, for the caller to see; the code stays cold.
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void later(Turn first) {
    if (closed) {
      return;
    }
    queue.add(first);
    // Code that throws ends the thread, and is shown by the JVM; the rest goes on with the next.
    if (thread == null || !thread.isAlive()) {
      thread = Thread.ofPlatform().name("kiln-cpu-heat").daemon().start(this::work);
    }
  }

  private void work() {
    try {
      while (!closed) {
        Turn next = heat(queue.take());
        if (next != null) {
          queue.add(next);
        }
      }
    } catch (InterruptedException e) {
      // Closed: the thread ends here, and nobody asks for its interrupt flag.
    }
  }

  /** Heats for one turn; the code's next one, or null where it has none. */
  private @Nullable Turn heat(Turn turn) throws InterruptedException {
    Heatable code = turn.code().get();
    long patience = firstPatience << turn.number();
    boolean hot = new Exercise(() -> closed).heats(code, patience);
    if (closed) {
      return null;
    }
    if (!hot && turn.number() + 1 < TURNS) {
      return new Turn(() -> code, turn.number() + 1);
    }
    code.finish(hot);
    return null;
  }

  /** Heating ends soon. */
  @Override
  public synchronized void close() {
    closed = true;
    if (thread != null) {
      thread.interrupt();
    }
  }
}
