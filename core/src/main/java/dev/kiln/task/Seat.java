package dev.kiln.task;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A place in a team, for one thread at a time: what it is at, and how to interrupt it. */
final class Seat {
  private final int number;
  private @Nullable Thread thread;
  private boolean interrupted;
  private volatile @Nullable Timed timed;

  /** A task that has a limit of time. */
  record Timed(long started, Supplier<? extends Exception> context) {}

  Seat(int number) {
    this.number = number;
  }

  /** From 0, which is that of the calling thread. */
  int number() {
    return number;
  }

  /** The calling thread takes the seat. */
  synchronized void take() {
    thread = Thread.currentThread();
  }

  /**
   * The calling thread leaves, without the interrupt that was meant for its task. One from
   * elsewhere at the same time cannot be told from it; the call that it was to stop fails anyway.
   */
  synchronized void leave() {
    thread = null;
    if (interrupted) {
      interrupted = false;
      Thread.interrupted();
    }
  }

  /** Interrupts whoever sits here, once. */
  synchronized void interrupt() {
    if (thread != null && !interrupted) {
      interrupted = true;
      thread.interrupt();
    }
  }

  /** Whether the one who sits here was interrupted by the team, not by somebody else. */
  synchronized boolean isInterrupted() {
    return interrupted;
  }

  /** Begins a task that has a limit of time. */
  void begin(Supplier<? extends Exception> context) {
    timed = new Timed(System.nanoTime(), context);
  }

  void end() {
    timed = null;
  }

  /** The task under way, if it has a limit of time. */
  @Nullable Timed timed() {
    return timed;
  }
}
