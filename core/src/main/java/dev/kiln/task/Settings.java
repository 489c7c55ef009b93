package dev.kiln.task;

import dev.kiln.Engine;
import dev.kiln.EngineScope;
import dev.kiln.Kiln;
import dev.kiln.KilnException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a {@link Parallel} was told; copied, then changed, before anybody else sees it. */
final class Settings {
  /** Each has a place in the call's arrays; far fewer are of any use. */
  static final int MOST_VIRTUAL = 1 << 20;

  /** Results that wait for a stream's consumer have a place each. */
  static final int MOST_AHEAD = 1 << 24;

  /** Threads as the user counts them: n, or −1 for all and −k for all but k − 1. */
  int workers = -1;

  boolean virtual;
  boolean asCompleted;
  @Nullable Engine engine;
  String name = "parallel";
  Retry retry = Retry.NEVER;

  /** Tasks in a batch, or 0 where they follow the tasks' times. */
  int batch;

  /** The most tasks of a stream between input and consumer, or 0 for twice the workers. */
  int ahead;

  /** The most bytes that values of a delayed graph may take while others begin, or 0 for any. */
  long liveBytes;

  @Nullable Duration taskLimit;
  @Nullable Duration limit;
  @Nullable ProgressListener progress;

  Settings copy() {
    Settings copy = new Settings();
    copy.workers = workers;
    copy.virtual = virtual;
    copy.asCompleted = asCompleted;
    copy.engine = engine;
    copy.name = name;
    copy.retry = retry;
    copy.batch = batch;
    copy.ahead = ahead;
    copy.liveBytes = liveBytes;
    copy.taskLimit = taskLimit;
    copy.limit = limit;
    copy.progress = progress;
    return copy;
  }

  /** Who works: chosen when a call begins, since the engine may be that of a scope. */
  Crew crew() {
    Engine scoped = engine == null ? EngineScope.inUse() : engine;
    if (workers == 1) {
      return new Crew.Alone(scoped);
    }
    if (virtual) {
      return new Crew.Virtual(scoped, workers, name);
    }
    Engine chosen = scoped == null ? Kiln.engine() : scoped;
    int threads = chosen.threads();
    int wanted = workers > 0 ? workers : threads + 1 + workers;
    int size = Math.clamp(wanted, 1, threads);
    return size == 1 ? new Crew.Alone(chosen) : new Crew.OfEngine(chosen, size);
  }

  BatchSize batchSize(Crew crew) {
    if (batch > 0) {
      return BatchSize.of(batch);
    }
    // One alone takes inputs one by one, as a plain loop does; so do threads that wait, not
    // compute.
    return crew instanceof Crew.OfEngine ? BatchSize.adaptive() : BatchSize.of(1);
  }

  int ahead(Crew crew) {
    return ahead > 0 ? ahead : 2 * crew.size();
  }

  static void check(boolean holds, String given, String expected) {
    if (!holds) {
      throw new KilnException(given + "; expected " + expected);
    }
  }
}
