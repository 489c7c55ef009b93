package dev.kiln.task;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Stops a team whose task, or whose whole work, takes longer than allowed; from a thread of its own
 * where there is a limit. It is no virtual one: tasks on those may compute, and leave it none to
 * run on.
 */
final class Watch implements AutoCloseable {
  /** As good as for ever, and safe to add to a time. */
  private static final long NEVER = Long.MAX_VALUE / 4;

  private final Team team;
  private final Settings settings;
  private final long began = System.nanoTime();
  private final @Nullable Thread thread;
  private volatile boolean closed;

  private Watch(Team team, Settings settings) {
    this.team = team;
    this.settings = settings;
    boolean needed = settings.taskLimit != null || settings.limit != null;
    thread = needed ? Thread.ofPlatform().daemon().name("kiln-watch").start(this::watch) : null;
  }

  static Watch over(Team team, Settings settings) {
    return new Watch(team, settings);
  }

  @Override
  public void close() {
    closed = true;
    if (thread != null) {
      LockSupport.unpark(thread);
    }
  }

  private void watch() {
    while (!closed && !team.hasStopped()) {
      long wait = Math.min(leftOfAll(), leftOfTasks());
      if (wait > 0) {
        LockSupport.parkNanos(this, wait);
      }
    }
  }

  /** Nanoseconds until the work has lasted too long; stops it if it has. */
  private long leftOfAll() {
    Duration limit = settings.limit;
    if (limit == null) {
      return NEVER;
    }
    long left = nanos(limit) - (System.nanoTime() - began);
    if (left <= 0) {
      team.fail(new Failure(late(team.name() + " as a whole", limit), null));
    }
    return left;
  }

  /** Nanoseconds until the next task may have run too long; stops the team if one has. */
  private long leftOfTasks() {
    Duration limit = settings.taskLimit;
    if (limit == null) {
      return NEVER;
    }
    // A task that begins from now on has its whole limit before it.
    long least = nanos(limit);
    for (Seat seat : team.seats()) {
      Seat.Timed timed = seat.timed();
      if (timed != null) {
        long left = nanos(limit) - (System.nanoTime() - timed.started());
        least = Math.min(least, left);
        if (left <= 0) {
          team.fail(Failure.of(late("a task of " + team.name(), limit), timed.context()));
          break;
        }
      }
    }
    return least;
  }

  private static TaskTimeoutException late(String what, Duration limit) {
    return new TaskTimeoutException(
        what + " took longer than its limit of " + text(limit) + "; it was interrupted");
  }

  /** With two digits at least. */
  private static String text(Duration limit) {
    long nanos = nanos(limit);
    if (nanos < 10_000) {
      return nanos + " ns";
    }
    return nanos < 10_000_000 ? nanos / 1000 + " µs" : limit.toMillis() + " ms";
  }

  private static long nanos(Duration limit) {
    return limit.compareTo(Duration.ofNanos(NEVER)) > 0 ? NEVER : limit.toNanos();
  }
}
