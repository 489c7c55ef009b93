package dev.kiln.task;

/** Tries a task as often as its {@link Retry} says. */
final class Attempts {
  private Attempts() {}

  /** What is tried. */
  @FunctionalInterface
  interface Attempt {
    /** Does it. */
    void run() throws Exception;
  }

  /** Returns when an attempt has worked; throws what the last one did, with those before. */
  static void run(Team team, Seat seat, Retry retry, Attempt attempt) throws Exception {
    Exception before = null;
    for (int tried = 1; ; tried++) {
      try {
        attempt.run();
        return;
      } catch (Exception e) {
        if (before != null) {
          Failure.keep(before, e);
        }
        seat.dropFlag();
        if (isEnding(team) || !retry.again(tried, e)) {
          throw e;
        }
        before = e;
      }
      try {
        Thread.sleep(retry.after(tried));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        seat.dropFlag();
        if (isEnding(team)) {
          team.noteInterrupt(seat);
          throw before;
        }
      }
    }
  }

  private static boolean isEnding(Team team) {
    return team.hasStopped() || Thread.currentThread().isInterrupted();
  }
}
