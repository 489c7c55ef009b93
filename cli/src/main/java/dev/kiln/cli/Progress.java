package dev.kiln.cli;

import java.io.Console;
import java.io.PrintWriter;
import java.util.Optional;

/** Counts the seconds of long work on one line of an interactive terminal; silent otherwise. */
final class Progress implements AutoCloseable {
  private final PrintWriter err;
  private final Thread thread;

  private Progress(PrintWriter err) {
    this.err = err;
    boolean interactive =
        Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    this.thread = Thread.ofPlatform().daemon().name("kiln-progress").unstarted(this::count);
    if (interactive) {
      thread.start();
    }
  }

  /** Starts counting; the first word appears after a second. */
  static Progress start(PrintWriter err) {
    return new Progress(err);
  }

  private void count() {
    try {
      for (int seconds = 1; ; seconds++) {
        Thread.sleep(1000);
        err.print("\rcomputing, " + seconds + " s");
        err.flush();
      }
    } catch (InterruptedException e) {
      // Closed: the line makes room for what comes.
      err.print("\r\u001b[K");
      err.flush();
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
