package dev.kiln.cli;

import java.io.Console;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * A progress bar on one line of an interactive terminal, for work that takes longer than a moment;
 * silent otherwise, and gone when the work is over.
 */
final class Progress implements AutoCloseable {
  private static final String CLEAR = "\r\u001b[K";
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final int WIDTH = 78;

  private final PrintWriter err;
  private final boolean interactive;
  private final Duration patience;
  private final CountDownLatch over = new CountDownLatch(1);
  private final Thread thread;
  private boolean isGone;
  private volatile State at = new State("computing", 0, -1);

  /** What the work is at; the total is −1 where nobody knows. */
  private record State(String what, long done, long total) {}

  /**
   * Begins to wait.
   *
   * @param patience how long nothing is shown, and then between two looks
   */
  Progress(PrintWriter err, boolean interactive, Duration patience) {
    this.err = err;
    this.interactive = interactive;
    this.patience = patience;
    this.thread = Thread.ofPlatform().daemon().name("kiln-progress").unstarted(this::show);
    if (interactive) {
      thread.start();
    }
  }

  /** Of work that begins now. */
  static Progress start(PrintWriter err) {
    boolean isTerminal =
        Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    return new Progress(err, isTerminal, PATIENCE);
  }

  /** Says what the work is at from now on. */
  void at(String what) {
    at(what, 0, -1);
  }

  /** Says what the work is at, and how much of it is done. */
  void at(String what, long done, long total) {
    at = new State(what, done, total);
  }

  /** Makes room on the line for what is printed next. */
  void clear() {
    if (interactive) {
      err.print(CLEAR);
      err.flush();
    }
  }

  private void show() {
    if (isOver()) {
      return;
    }
    // Made only now: commands that are quick load nothing of it.
    try (ProgressBar bar =
        ProgressBar.builder()
            .setTaskName("kiln")
            .setInitialMax(at.total)
            .setStyle(ProgressBarStyle.ASCII)
            // Without it only a larger number is drawn, not another word.
            .continuousUpdate()
            .setConsumer(new DelegatingProgressBarConsumer(this::draw, WIDTH))
            .build()) {
      do {
        State now = at;
        bar.maxHint(now.total).stepTo(now.done).setExtraMessage(" " + now.what).refresh();
      } while (!isOver());
    }
    synchronized (this) {
      isGone = true;
      clear();
    }
  }

  /** Called by the library's thread too, which may come late. */
  private synchronized void draw(String line) {
    if (!isGone) {
      err.print(CLEAR + line);
      err.flush();
    }
  }

  /** Whether the work is over, after a while. */
  private boolean isOver() {
    try {
      return over.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError("nobody interrupts this thread", e);
    }
  }

  @Override
  public void close() {
    over.countDown();
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
