package dev.kiln.cli;

import java.io.Console;
import java.io.PrintWriter;
import java.util.Optional;

/** Tells on one line of an interactive terminal what long work is at; silent otherwise. */
final class Progress implements AutoCloseable {
  private static final String CLEAR = "\r\u001b[K";

  private final PrintWriter err;
  private final boolean interactive;
  private final Thread thread;
  private volatile String at = "computing";

  private Progress(PrintWriter err) {
    this.err = err;
    this.interactive = Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    this.thread = Thread.ofPlatform().daemon().name("kiln-progress").unstarted(this::count);
    if (interactive) {
      thread.start();
    }
  }

  /** Starts counting seconds; the first word appears after one. */
  static Progress start(PrintWriter err) {
    return new Progress(err);
  }

  /** Says what the work is at from now on. */
  void at(String what) {
    at = what;
  }

  /** Says what the work is at, and how much of it is done. */
  void at(String what, long done, long total) {
    at = what + ", " + (total > 0 ? 100 * done / total : 0) + " %";
  }

  /** Makes room on the line for what is printed next. */
  void clear() {
    if (interactive) {
      err.print(CLEAR);
      err.flush();
    }
  }

  private void count() {
    try {
      for (int seconds = 1; ; seconds++) {
        Thread.sleep(1000);
        err.print(CLEAR + at + ", " + seconds + " s");
        err.flush();
      }
    } catch (InterruptedException e) {
      // Closed: the line makes room for what comes.
      clear();
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
