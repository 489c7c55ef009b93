package dev.kiln.schedule;

import dev.kiln.graph.Node;
import dev.kiln.spi.Backend;
import dev.kiln.spi.Buffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Runs the steps of a plan on several backends at once, a thread for each: for home, or where that
 * has none, for the first one, it is the calling thread. A thread takes the next step whose inputs
 * are there, first of all one that another backend waits for; where there is none, it waits. Which
 * steps run at the same time changes no bit.
 *
 * <p>The first failure, be it an interrupt of the caller, stops all threads after their current
 * step.
 */
final class SideBySide {
  private final Placement placement;
  private final Needs needs;
  private final Values values;
  private final Launcher launcher;
  private final List<Side> sides = new ArrayList<>();

  /** What is read on another backend than it is computed on. */
  private final Set<Node> handedOver = new HashSet<>();

  // Guarded by this, as are the fields of all sides.
  private final BitSet done = new BitSet();
  private final List<StepTime> times = new ArrayList<>();
  private @Nullable Throwable failure;

  /** A backend's steps that have not begun, and its thread; null for the calling one. */
  private static final class Side {
    private final List<Unit> waiting;
    private @Nullable Thread thread;

    Side(List<Unit> waiting) {
      this.waiting = waiting;
    }
  }

  SideBySide(List<Unit> units, Placement placement, Needs needs, Values values, Launcher launcher) {
    this.placement = placement;
    this.needs = needs;
    this.values = values;
    this.launcher = launcher;
    BitSet awaited = awaited(units);
    Comparator<Unit> awaitedFirst = Comparator.comparing(unit -> !isAny(awaited, unit));
    for (Backend backend : placement.backends()) {
      List<Unit> own =
          new ArrayList<>(units.stream().filter(unit -> unit.backend().equals(backend)).toList());
      own.sort(awaitedFirst);
      if (!own.isEmpty()) {
        sides.add(new Side(own));
      }
    }
    Map<Node, Backend> makers = new HashMap<>();
    for (Unit unit : units) {
      for (Step step : unit.steps()) {
        for (Node read : step.reads()) {
          if (!makers.getOrDefault(read, unit.backend()).equals(unit.backend())) {
            handedOver.add(read);
          }
        }
        step.targets().forEach(target -> makers.put(target, unit.backend()));
      }
    }
  }

  /**
   * The steps that another backend waits for, be it for something that is made of their results.
   */
  private BitSet awaited(List<Unit> units) {
    BitSet awaited = new BitSet();
    for (Unit unit : units.reversed()) {
      boolean passesOn = isAny(awaited, unit);
      for (int step = unit.from(); step < unit.to(); step++) {
        needs.of(step).stream()
            .filter(needed -> passesOn || !placement.backend(needed).equals(unit.backend()))
            .forEach(awaited::set);
      }
    }
    return awaited;
  }

  private static boolean isAny(BitSet steps, Unit unit) {
    int next = steps.nextSetBit(unit.from());
    return next >= 0 && next < unit.to();
  }

  /** Runs them; how long each took, in order. Nothing runs any more when this returns. */
  List<StepTime> run() {
    try {
      start();
      work(sides.getFirst());
    } catch (Throwable e) {
      fail(e); // No more threads.
    }
    awaitEnd();
    return result();
  }

  private synchronized void start() {
    for (Side side : sides.subList(1, sides.size())) {
      String name = "kiln-" + side.waiting.getFirst().backend().name();
      side.thread = Thread.ofPlatform().daemon().name(name).start(() -> work(side));
    }
  }

  private void work(Side side) {
    try {
      for (Unit unit = next(side); unit != null; unit = next(side)) {
        StepTime time = launcher.launch(unit);
        handOver(unit);
        ended(unit, time);
      }
    } catch (Throwable e) {
      fail(e);
    }
  }

  private synchronized @Nullable Unit next(Side side) {
    while (failure == null && !side.waiting.isEmpty()) {
      if (Thread.currentThread().isInterrupted()) {
        fail(Runner.interrupted());
        return null;
      }
      for (Iterator<Unit> units = side.waiting.iterator(); units.hasNext(); ) {
        Unit unit = units.next();
        if (isReady(unit)) {
          units.remove();
          return unit;
        }
      }
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return null;
  }

  private boolean isReady(Unit unit) {
    for (int step = unit.from(); step < unit.to(); step++) {
      BitSet missing = (BitSet) needs.of(step).clone();
      missing.andNot(done);
      missing.clear(unit.from(), unit.to());
      if (!missing.isEmpty()) {
        return false;
      }
    }
    return true;
  }

  /**
   * Brings what others read to where they can: a device that works in order would let them wait for
   * all that it is given from now on.
   */
  private void handOver(Unit unit) {
    for (Step step : unit.steps()) {
      for (Node target : step.targets()) {
        if (handedOver.contains(target)) {
          Buffer buffer = values.of(target);
          buffer.show();
          buffer.unpin();
        }
      }
    }
  }

  private synchronized void ended(Unit unit, StepTime time) {
    done.set(unit.from(), unit.to());
    times.add(time);
    notifyAll();
  }

  private synchronized void fail(Throwable e) {
    if (failure == null) {
      failure = e;
      notifyAll();
      for (Side side : sides) {
        if (side.thread != null && side.thread != Thread.currentThread()) {
          side.thread.interrupt();
        }
      }
    } else if (!failure.equals(e)) {
      failure.addSuppressed(e);
    }
  }

  private void awaitEnd() {
    boolean interrupted = false;
    for (Side side : sides) {
      Thread thread = side.thread;
      while (thread != null && thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
          stop();
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void stop() {
    if (failure == null) {
      fail(Runner.interrupted());
    }
  }

  private synchronized List<StepTime> result() {
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    if (failure instanceof Error e) {
      throw e;
    }
    if (failure != null) {
      throw new AssertionError("steps throw nothing that is checked", failure);
    }
    times.sort(Comparator.comparingInt(StepTime::from));
    return times;
  }
}
