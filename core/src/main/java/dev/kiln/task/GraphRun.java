package dev.kiln.task;

import dev.kiln.NDArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/**
 * One computation of a graph of delayed values. Whoever takes part begins the next task that is
 * ready, and goes on with one that its end made ready; without any it leaves.
 */
final class GraphRun {
  /** A longer chain of causes is a fault, or a cycle. */
  private static final int MOST_CAUSES = 100;

  private final Settings settings;
  private final TaskGraph graph;
  private final Team team;
  private final Meter meter;
  private final ReadyTasks ready;

  /** By task: how many of its inputs are missing, and how many will still read its value. */
  private final AtomicIntegerArray missing;

  private final AtomicIntegerArray readers;
  private final @Nullable Object[] values;
  private final AtomicInteger left;

  /** What a call threw that the interrupt of a waiter cut short; for that thread, in its seat. */
  private @Nullable Throwable cutShort;

  /** Describes a computation by one caller. */
  GraphRun(Settings settings, Crew crew, TaskGraph graph) {
    this(settings, crew, graph, Seat.Sitter.CALLER, () -> {});
  }

  /**
   * Describes it.
   *
   * @param first whose seat is the first
   * @param onRest told when a helper leaves and no other is there
   */
  GraphRun(Settings settings, Crew crew, TaskGraph graph, Seat.Sitter first, Runnable onRest) {
    this.settings = settings;
    this.graph = graph;
    this.team = new Team(settings.name, crew, first, this::takePart, onRest);
    this.meter = new Meter(settings.progress, settings.name, graph.size());
    this.ready = new ReadyTasks(graph.size(), settings.liveBytes);
    this.missing = new AtomicIntegerArray(graph.size());
    this.readers = new AtomicIntegerArray(graph.size());
    this.values = new @Nullable Object[graph.size()];
    this.left = new AtomicInteger(graph.size());
    for (int task = graph.size() - 1; task >= 0; task--) {
      missing.setPlain(task, graph.inputCount(task));
      readers.setPlain(task, graph.userCount(task));
      if (graph.inputCount(task) == 0) {
        ready.push(task);
      }
    }
    for (int root : graph.roots()) {
      readers.incrementAndGet(root);
    }
    meter.claimed(graph.size());
  }

  /** Computes everything; the calling thread takes part. The failure, if there was one. */
  @Nullable Throwable run() {
    try (Watch _ = begin()) {
      team.guard(
          () -> {
            invite();
            while (!isDone() && !team.hasStopped()) {
              team.takePart();
              team.await(() -> isDone() || ready.isStartable());
            }
          });
      team.end();
      return end();
    }
  }

  /** Begins; nobody is at work yet. */
  Watch begin() {
    team.begin();
    return Watch.over(team, settings);
  }

  /** Asks for helpers, if there is anything to begin. */
  void invite() {
    if (ready.isStartable()) {
      team.invite();
    }
  }

  /** After the end: the failure, if there was one. */
  @Nullable Throwable end() {
    team.guard(meter::ended);
    return team.failure();
  }

  Team team() {
    return team;
  }

  boolean isDone() {
    return left.get() == 0;
  }

  /** The values of the roots. */
  List<@Nullable Object> results() {
    List<@Nullable Object> results = new ArrayList<>();
    for (int root : graph.roots()) {
      results.add(values[root]);
    }
    return Collections.unmodifiableList(results);
  }

  /**
   * The calling thread, one of those that wait, does one task, if one may begin.
   *
   * @throws InterruptedException where it is interrupted and that cuts the task short, which is
   *     then ready again, for others
   */
  void takePartOnce() throws InterruptedException {
    team.takePart(
        seat -> {
          int task = ready.begin();
          int next = task < 0 ? -1 : run(seat, task);
          if (next >= 0) {
            ready.giveBack(next);
            invite();
          }
        });
    Throwable thrown = cutShort;
    if (thrown != null) {
      cutShort = null;
      Thread.interrupted(); // it is told by the exception
      InterruptedException interrupt =
          new InterruptedException("while doing a call of a delayed value, which goes on");
      interrupt.initCause(thrown);
      throw interrupt;
    }
  }

  private void takePart(Seat seat) {
    int task = ready.begin();
    while (task >= 0) {
      task = run(seat, task);
    }
  }

  /** Runs a task; the next one, which begins now, or −1. */
  private int run(Seat seat, int task) {
    if (team.hasStopped()) {
      return -1;
    }
    boolean timed = settings.taskLimit != null;
    if (timed) {
      seat.begin(() -> new DelayedContext(graph.path(task)));
    }
    // The class of an event starts the recorder.
    TaskEvent event = FlightRecorder.isInitialized() ? TaskEvent.begun() : null;
    meter.started();
    boolean done = false;
    boolean again = false;
    try {
      Attempts.run(team, seat, settings.retry, () -> attempt(seat, task));
      done = true;
      meter.finished();
    } catch (Throwable e) {
      again = seat.isWaiterInterrupted();
      if (again) {
        cutShort = e;
        meter.givenBack();
      } else {
        meter.failed();
        team.fail(seat, Failure.of(e, () -> new DelayedContext(graph.path(task))));
      }
    }
    if (event != null) {
      event.tell(graph.name(task), task, seat.number(), done);
    }
    if (timed) {
      seat.end();
    }
    team.guard(meter::batchEnded);
    if (Thread.currentThread().isInterrupted()) {
      team.noteInterrupt(seat);
    }
    if (again) {
      return task;
    }
    return done ? end(task) : -1;
  }

  private void attempt(Seat seat, int task) throws Exception {
    try {
      values[task] = evaluate(task);
    } catch (Exception e) {
      if (seat.sitter() == Seat.Sitter.WAITER && isOfInterrupt(e)) {
        // Many a function wraps the exception and forgets the flag, which tells it from a failure.
        Thread.currentThread().interrupt();
      }
      throw e;
    }
  }

  /** Whether that comes of an interrupt of this thread; another one's is an ExecutionException. */
  private static boolean isOfInterrupt(Throwable thrown) {
    Throwable at = thrown;
    for (int k = 0; k < MOST_CAUSES && at != null && !(at instanceof ExecutionException); k++) {
      if (at instanceof InterruptedException) {
        return true;
      }
      at = at.getCause();
    }
    return false;
  }

  private @Nullable Object evaluate(int task) throws Exception {
    Object node = graph.node(task);
    if (node instanceof NDArray array) {
      return array.compute();
    }
    if (!(node instanceof Delayed<?> delayed)) {
      throw new AssertionError("no task: " + node);
    }
    Iterator<@Nullable Object> inputs = inputs(task);
    @Nullable Object[] given = delayed.arguments();
    @Nullable Object[] arguments = new @Nullable Object[given.length];
    for (int i = 0; i < given.length; i++) {
      arguments[i] = Argument.evaluate(given[i], inputs);
    }
    Object value = delayed.body().call(arguments);
    return value instanceof NDArray array ? array.compute() : value;
  }

  private Iterator<@Nullable Object> inputs(int task) {
    return new Iterator<>() {
      private int next;

      @Override
      public boolean hasNext() {
        return next < graph.inputCount(task);
      }

      @Override
      public @Nullable Object next() {
        return values[graph.input(task, next++)];
      }
    };
  }

  /** Drops what nobody needs any more, and finds what can begin. The next task, or −1. */
  private int end(int task) {
    boolean counted = settings.liveBytes > 0;
    long grown = counted ? Bytes.of(values[task]) : 0;
    long freed = 0;
    for (int k = 0; k < graph.inputCount(task); k++) {
      int input = graph.input(task, k);
      if (readers.decrementAndGet(input) == 0) {
        freed += counted ? Bytes.of(values[input]) : 0;
        values[input] = null;
      }
    }
    int[] begun = new int[1];
    int count = 0;
    for (int k = 0; k < graph.userCount(task); k++) {
      int user = graph.user(task, k);
      if (missing.decrementAndGet(user) == 0) {
        if (count == begun.length) {
          begun = Arrays.copyOf(begun, 4 * count);
        }
        begun[count++] = user;
      }
    }
    boolean last = left.decrementAndGet() == 0;
    if (count == 1 && !counted) {
      // The usual case, a chain: this thread just goes on.
      return begun[0];
    }
    int next = ready.end(grown, freed, begun, count);
    if (last) {
      team.wake();
    } else if (ready.isStartable()) {
      team.invite();
      team.wake();
    }
    return next;
  }
}
