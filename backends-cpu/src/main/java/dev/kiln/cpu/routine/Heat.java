package dev.kiln.cpu.routine;

/** Where vector code of routines is heated: nowhere, at once, or in the background. */
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

  private final When when;
  private volatile boolean closed;

  /** Heats as said. */
  public Heat(When when) {
    this.when = when;
  }

  boolean always() {
    return when == When.ALWAYS;
  }

  boolean isClosed() {
    return closed;
  }

  void start(Runnable work) {
    if (when == When.AT_ONCE) {
      work.run();
    } else if (!closed) {
      Thread.ofPlatform().name("kiln-cpu-routine-heater").daemon().start(work);
    }
  }

  /** Heating ends soon. */
  @Override
  public void close() {
    closed = true;
  }
}
