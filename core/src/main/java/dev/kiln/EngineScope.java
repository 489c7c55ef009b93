package dev.kiln;

import org.jspecify.annotations.Nullable;

/** Where an engine is the one in use, from {@link Kiln#using} to {@link #close}, in one thread. */
public final class EngineScope implements AutoCloseable {
  /** The innermost scope of each thread; nothing is seen beyond the thread that opened it. */
  private static final ThreadLocal<@Nullable EngineScope> INNERMOST = new ThreadLocal<>();

  private final Engine engine;
  private final @Nullable EngineScope around;
  private boolean closed;

  private EngineScope(Engine engine, @Nullable EngineScope around) {
    this.engine = engine;
    this.around = around;
  }

  static EngineScope open(Engine engine) {
    EngineScope scope = new EngineScope(engine, INNERMOST.get());
    INNERMOST.set(scope);
    return scope;
  }

  /** The engine in use in this thread, or null for the default one. */
  public static @Nullable Engine inUse() {
    EngineScope innermost = INNERMOST.get();
    return innermost == null ? null : innermost.engine;
  }

  /**
   * Restores the engine that was in use before. The engine itself stays open. Idempotent.
   *
   * @throws KilnException where this is not the innermost scope of the calling thread
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    if (INNERMOST.get() != this) {
      throw new KilnException(
          "a scope of Kiln.using is not the innermost one of this thread; close scopes in the"
              + " thread that opened them, last one first, as try does");
    }
    closed = true;
    if (around == null) {
      INNERMOST.remove();
    } else {
      INNERMOST.set(around);
    }
  }
}
