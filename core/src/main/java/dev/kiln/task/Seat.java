package dev.kiln.task;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A place in a team, for one thread at a time: what it is at, and how to interrupt it. */
final class Seat {
  private final int number;
  private final Sitter sitter;
  private @Nullable Thread thread;
  private boolean interrupted;
  private volatile @Nullable Timed timed;

  /** Whose place it is: that tells what an interrupt means which the team did not send. */
  enum Sitter {
    /** The one that called: it wants the call stopped. */
    CALLER,
    /** One of several that wait for a future: it alone leaves, the others want the value still. */
    WAITER,
    /** A worker: its tasks left the flag set, and others are to come. */
    HELPER
  }

  /** A task that has a limit of time. */
  record Timed(long started, Supplier<? extends Exception> context) {}

  Seat(int number, Sitter sitter) {
    this.number = number;
    this.sitter = sitter;
  }

  /** From 0, which is that of the calling thread. */
  int number() {
    return number;
  }

  Sitter sitter() {
    return sitter;
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

  /**
   * After a task of a helper: takes the flag that the task left, but never the team's interrupt.
   */
  synchronized void dropFlag() {
    if (sitter == Sitter.HELPER && !interrupted) {
      Thread.interrupted();
    }
  }

  /** Whether the thread that sits here waits for a future and was interrupted, not by the team. */
  synchronized boolean isWaiterInterrupted() {
    return sitter == Sitter.WAITER && !interrupted && Thread.currentThread().isInterrupted();
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
