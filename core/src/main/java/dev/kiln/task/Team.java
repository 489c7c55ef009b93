package dev.kiln.task;

import dev.kiln.KilnException;
import dev.kiln.schedule.Dispatcher;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Who is at work on one thing: the calling thread, and helpers that come and go.
 *
 * <p>Everybody does the same part, which returns when it finds nothing to do. The first failure
 * stops the team: those at work are interrupted, and {@link #end} returns when the last has left.
 */
final class Team implements Dispatcher.Helping, Dispatcher.Ongoing {
  /** How long a caller stays awake for the end of the last tasks. */
  private static final long SPIN_NANOS = 20_000;

  private final String name;
  private final Crew crew;
  private final Consumer<Seat> part;
  private final Runnable onRest;
  private final Seat[] seats;
  private final ConcurrentLinkedDeque<Seat> free = new ConcurrentLinkedDeque<>();

  /** Invitations that stand, and helpers that came; the caller is not among them. */
  private final AtomicInteger invited = new AtomicInteger();

  private final AtomicInteger active = new AtomicInteger();
  private final AtomicReference<@Nullable Failure> failure = new AtomicReference<>();
  private volatile boolean stopped;
  private volatile long began;
  private volatile @Nullable Thread waiting;

  /** To be restored when the call returns; used by the calling thread alone. */
  private boolean callerInterrupted;

  /**
   * Gathers nobody yet.
   *
   * @param part what each does in its seat, until it finds nothing to do or the team has stopped
   */
  Team(String name, Crew crew, Consumer<Seat> part) {
    this(name, crew, Seat.Sitter.CALLER, part, () -> {});
  }

  /**
   * Gathers nobody yet.
   *
   * @param first whose the first seat is; the others are helpers'
   * @param onRest told when a helper leaves and no other is there
   */
  Team(String name, Crew crew, Seat.Sitter first, Consumer<Seat> part, Runnable onRest) {
    this.onRest = onRest;
    this.name = name;
    this.crew = crew;
    this.part = part;
    this.seats = new Seat[crew.size()];
    for (int i = 0; i < seats.length; i++) {
      seats[i] = new Seat(i, i == 0 ? first : Seat.Sitter.HELPER);
      if (i > 0) {
        free.add(seats[i]);
      }
    }
  }

  String name() {
    return name;
  }

  Seat[] seats() {
    return seats;
  }

  /**
   * Begins; {@link #end} must follow.
   *
   * @throws KilnException where the engine is closed
   */
  void begin() {
    began = System.nanoTime();
    crew.enter(this);
  }

  /** Asks for helpers, up to the size of the crew. */
  void invite() {
    while (!stopped) {
      int now = invited.get();
      if (now >= crew.size() - 1) {
        return;
      }
      if (invited.compareAndSet(now, now + 1)) {
        crew.invite(this);
      }
    }
  }

  @Override
  public void help(int worker) {
    active.incrementAndGet();
    wake(); // a caller that waits for help
    try {
      Seat seat = stopped ? null : free.poll();
      if (seat != null) {
        guard(() -> crew.run(() -> sit(seat, part)));
        free.push(seat);
      }
    } finally {
      invited.decrementAndGet();
      if (active.decrementAndGet() == 0) {
        onRest.run();
      }
      wake();
    }
  }

  /** The calling thread does its part. */
  void takePart() {
    takePart(part);
  }

  /** The calling thread does something in its seat. */
  void takePart(Consumer<Seat> what) {
    guard(() -> crew.run(() -> sit(seats[0], what)));
  }

  /** Does something; whatever it throws stops the team, which is to be ended like any other. */
  void guard(Runnable what) {
    try {
      what.run();
    } catch (Throwable e) {
      fail(new Failure(e, null));
    }
  }

  private static void sit(Seat seat, Consumer<Seat> part) {
    seat.take();
    try {
      part.accept(seat);
    } finally {
      seat.leave();
    }
  }

  /** Waits, once nothing is left to do, until everybody has left. */
  void end() {
    try {
      invited.addAndGet(-crew.withdraw(this));
      long deadline = System.nanoTime() + SPIN_NANOS;
      waiting = Thread.currentThread();
      while (active.get() > 0) {
        if (Thread.interrupted()) {
          callerInterrupted = true;
          fail(interrupted());
        } else if (System.nanoTime() < deadline) {
          Thread.onSpinWait();
        } else {
          LockSupport.park(this);
        }
      }
      waiting = null;
      if (callerInterrupted) {
        Thread.currentThread().interrupt();
      }
    } finally {
      crew.leave(this);
    }
  }

  /** Wants nobody any more; does not wait. */
  void dismiss() {
    invited.addAndGet(-crew.withdraw(this));
    crew.leave(this);
  }

  /** The first failure, as it is to arrive, if there was one; to be asked once, after the end. */
  @Nullable Throwable failure() {
    Failure first = failure.get();
    return first == null ? null : first.arriving(began);
  }

  /** This thread was interrupted: by the team, which has stopped then, or by somebody else. */
  void noteInterrupt(Seat seat) {
    if (!seat.isInterrupted()) {
      switch (seat.sitter()) {
        case CALLER -> {
          callerInterrupted = true;
          fail(interrupted());
        }
        case WAITER -> {
          // It leaves with its interrupt after the task, and others go on.
        }
        case HELPER -> seat.dropFlag();
      }
    }
  }

  private Failure interrupted() {
    return new Failure(
        new KilnException("interrupted: " + name + " was stopped before it was complete"), null);
  }

  /** Stops the team with the failure of a task, or keeps that with the one that did. */
  void fail(Seat seat, Failure next) {
    // What a task throws because it was interrupted by the team says nothing new.
    if (!fail(next) && !seat.isInterrupted()) {
      Failure first = failure.get();
      if (first != null) {
        next.keepWith(first, began);
      }
    }
  }

  /** Stops the team with a failure, unless it has failed already. */
  boolean fail(Failure first) {
    boolean isFirst = failure.compareAndSet(null, first);
    stopped = true;
    if (isFirst) {
      for (Seat seat : seats) {
        seat.interrupt();
      }
      wake();
    }
    return isFirst;
  }

  @Override
  public void stop(KilnException why) {
    fail(new Failure(why, null));
  }

  boolean hasStopped() {
    return stopped;
  }

  /** Whether anybody but the calling thread may ever come. */
  boolean mayHaveHelp() {
    return crew.size() > 1;
  }

  /** Whether helpers are there. */
  boolean hasHelp() {
    return active.get() > 0;
  }

  /** The caller waits until helpers are there, or nobody can come, or that time is over. */
  void awaitHelp(long nanos) {
    waiting = Thread.currentThread();
    long deadline = System.nanoTime() + nanos;
    while (!stopped && active.get() == 0 && invited.get() > 0) {
      long left = deadline - System.nanoTime();
      if (left <= 0 || Thread.currentThread().isInterrupted()) {
        break;
      }
      LockSupport.parkNanos(this, left);
    }
    waiting = null;
  }

  /** The caller waits until that holds, or nobody is at work any more, or the team has stopped. */
  void await(BooleanSupplier enough) {
    waiting = Thread.currentThread();
    long deadline = System.nanoTime() + SPIN_NANOS;
    while (!stopped && active.get() > 0 && !enough.getAsBoolean()) {
      if (Thread.currentThread().isInterrupted()) {
        noteInterrupt(seats[0]);
      } else if (System.nanoTime() < deadline) {
        Thread.onSpinWait();
      } else {
        LockSupport.park(this);
      }
    }
    waiting = null;
  }

  /** Something has changed for a caller that waits. */
  void wake() {
    Thread thread = waiting;
    if (thread != null) {
      LockSupport.unpark(thread);
    }
  }
}
