package dev.kiln.task;

import java.util.Arrays;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/**
 * One call of {@link Parallel}: inputs, and what is done with each.
 *
 * <p>Every thread that takes part does the same: it claims a batch of inputs, which are pulled
 * under a lock, and runs it; with nothing left to claim it helps with batches of others; with
 * nothing left at all it leaves. The calling thread takes part like the others, so a job never
 * waits for a thread to become free.
 */
final class Job {
  /**
   * A batch begins with room for no more than that: there may be fewer inputs than it could take.
   */
  private static final int FIRST_ROOM = 1024;

  private final Settings settings;
  private final Team team;
  private final Iterator<?> inputs;
  private final Work work;
  private final Consumer<Batch> onClaim;
  private final long bound;
  private final Meter meter;

  /** By seat: how much to claim, and what was claimed last, for others to help with. */
  private final BatchSize[] sizes;

  private final AtomicReferenceArray<@Nullable Batch> batches;

  private final ReentrantLock pulling = new ReentrantLock();
  private final AtomicLong claimed = new AtomicLong();
  private final AtomicLong consumed = new AtomicLong();
  private long pulled;
  private boolean atEnd;
  private volatile boolean exhausted;

  /** What is done with one input. */
  @FunctionalInterface
  interface Work {
    /**
     * Does a task.
     *
     * @param worker the number of a seat, from 0; no two tasks at once have the same
     * @param batch where its input is, and where its result may go
     * @param k its place there
     */
    void run(int worker, Batch batch, int k) throws Exception;
  }

  /**
   * Describes a job; nothing is pulled yet.
   *
   * @param onClaim told of each batch, in order, by one thread at a time
   * @param bound the most tasks that are claimed and not {@linkplain #consume consumed}
   * @param total how many inputs there are, or −1 where nobody knows
   */
  Job(
      Settings settings,
      Crew crew,
      Iterator<?> inputs,
      Work work,
      Consumer<Batch> onClaim,
      long bound,
      long total) {
    this.settings = settings;
    this.team = new Team(settings.name, crew, this::takePart);
    this.inputs = inputs;
    this.work = work;
    this.onClaim = onClaim;
    this.bound = bound;
    this.meter = new Meter(settings.progress, settings.name, total);
    this.batches = new AtomicReferenceArray<>(crew.size());
    this.sizes = new BatchSize[crew.size()];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = settings.batchSize(crew);
    }
  }

  /** Runs everything; the calling thread takes part. The failure, if there was one. */
  @Nullable Throwable run() {
    try (Watch _ = begin()) {
      team.guard(
          () -> {
            invite();
            team.takePart();
          });
      return end();
    }
  }

  /** Begins a job whose results are consumed while it goes on; {@link #end} must follow. */
  Watch begin() {
    team.begin();
    return Watch.over(team, settings);
  }

  /** Waits until everybody has left. The failure, if there was one. */
  @Nullable Throwable end() {
    team.end();
    team.guard(meter::ended);
    return team.failure();
  }

  Team team() {
    return team;
  }

  /** Asks for helpers while there is something to claim. */
  void invite() {
    if (!exhausted) {
      team.invite();
    }
  }

  /** The consumer does one batch, or helps with one; false if there is none. */
  boolean takePartOnce() {
    boolean[] found = new boolean[1];
    team.takePart(seat -> found[0] = runNext(seat));
    return found[0];
  }

  private void takePart(Seat seat) {
    boolean found = true;
    while (found && !team.hasStopped()) {
      found = runNext(seat);
    }
  }

  private boolean runNext(Seat seat) {
    Batch batch = claim(seat);
    if (batch == null) {
      return assist(seat);
    }
    long start = System.nanoTime();
    runTasks(seat, batch);
    batches.set(seat.number(), null);
    sizes[seat.number()].took(batch.size(), System.nanoTime() - start);
    team.guard(meter::batchEnded);
    return true;
  }

  /** The next inputs, as many as suit, or null if there are none or the bound is reached. */
  private @Nullable Batch claim(Seat seat) {
    if (exhausted) {
      return null;
    }
    if (!lockToPull(seat)) {
      return null;
    }
    try {
      BatchSize size = sizes[seat.number()];
      long room = Math.min(size.get(), bound - (claimed.get() - consumed.get()));
      if (exhausted || team.hasStopped() || room <= 0) {
        return null;
      }
      Batch batch = pull(size, (int) room);
      claimed.addAndGet(batch.size());
      onClaim.accept(batch);
      meter.claimed(batch.size());
      // Under the lock: whoever finds nothing left to claim finds this batch to help with.
      batches.set(seat.number(), batch);
      if (atEnd) {
        // Only now: it means that all will have been consumed when all that is claimed has been.
        exhausted = true;
        team.wake();
      }
      return batch.size() == 0 ? null : batch;
    } catch (Throwable e) {
      long after = pulled;
      String where = "in the inputs of " + settings.name + ", after " + after;
      team.fail(seat, Failure.of(e, () -> new TaskContext(where, after)));
      return null;
    } finally {
      pulling.unlock();
    }
  }

  /** Takes the lock, unless the team has stopped before this thread's turn came. */
  private boolean lockToPull(Seat seat) {
    while (!team.hasStopped()) {
      try {
        pulling.lockInterruptibly();
        return true;
      } catch (InterruptedException e) {
        team.noteInterrupt(seat);
      }
    }
    return false;
  }

  private Batch pull(BatchSize size, int most) {
    @Nullable Object[] values = new @Nullable Object[Math.min(most, FIRST_ROOM)];
    long start = System.nanoTime();
    int count = 0;
    boolean more = true;
    while (count < most && (more = inputs.hasNext())) {
      if (count == values.length) {
        values = Arrays.copyOf(values, (int) Math.min(most, 2L * count));
      }
      values[count++] = inputs.next();
      pulled++;
      if (count < most && size.isLong(System.nanoTime() - start)) {
        break;
      }
    }
    atEnd = !more;
    return new Batch(claimed.get(), count, values);
  }

  /** Helps with others' batches; false if there was none. */
  private boolean assist(Seat own) {
    boolean found = false;
    for (int i = 0; i < batches.length(); i++) {
      Batch batch = batches.get(i);
      if (batch != null && i != own.number() && !batch.isTaken()) {
        found = true;
        runTasks(own, batch);
      }
    }
    return found;
  }

  private void runTasks(Seat seat, Batch batch) {
    for (int k = batch.take(); k >= 0 && !team.hasStopped(); k = batch.take()) {
      runTask(seat, batch, k);
      if (Thread.currentThread().isInterrupted()) {
        team.noteInterrupt(seat);
      }
    }
  }

  private void runTask(Seat seat, Batch batch, int k) {
    Object input = batch.get(k);
    boolean timed = settings.taskLimit != null;
    if (timed) {
      seat.begin(() -> context(batch, k, input));
    }
    // The class of an event starts the recorder.
    TaskEvent event = FlightRecorder.isInitialized() ? TaskEvent.begun() : null;
    meter.started();
    boolean done = false;
    try {
      Attempts.run(team, seat, settings.retry, () -> work.run(seat.number(), batch, k));
      done = true;
      meter.finished();
    } catch (Throwable e) {
      meter.failed();
      team.fail(seat, Failure.of(e, () -> context(batch, k, input)));
    }
    if (event != null) {
      event.tell(settings.name, batch.index(k), seat.number(), done);
    }
    if (timed) {
      seat.end();
    }
  }

  private TaskContext context(Batch batch, int k, @Nullable Object input) {
    return new TaskContext(settings.name, batch.index(k), input);
  }

  /** The consumer took a result: there is room for one task more. */
  void consume() {
    consumed.incrementAndGet();
    if (claimed.get() - consumed.get() <= bound / 2) {
      invite();
    }
  }

  /** Whether every result has been consumed. */
  boolean isOver() {
    return exhausted && consumed.get() == claimed.get();
  }
}
