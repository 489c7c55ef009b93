package dev.kiln.task;

import dev.kiln.Engine;
import dev.kiln.EngineScope;
import dev.kiln.Kiln;
import dev.kiln.schedule.Dispatcher.Helping;
import dev.kiln.schedule.Dispatcher.Ongoing;
import org.jspecify.annotations.Nullable;

/** Who works on a job: at most {@link #size} threads, the one that asks included. */
sealed interface Crew {
  int size();

  /** The engine that tasks see as {@link Kiln#engine}, or null for that of their thread. */
  @Nullable Engine engine();

  /** Asks one more thread to help. */
  void invite(Helping work);

  /** Takes invitations back; how many. */
  int withdraw(Helping work);

  /** Notes the job, so that closing the engine stops it. */
  void enter(Ongoing job);

  /** The end of what {@link #enter} noted. */
  void leave(Ongoing job);

  /** Runs work such that it sees the engine. */
  default void run(Runnable work) {
    Engine engine = engine();
    if (engine == null) {
      work.run();
      return;
    }
    try (EngineScope _ = Kiln.using(engine)) {
      work.run();
    }
  }

  /** The calling thread by itself. */
  record Alone(@Nullable Engine engine) implements Crew {
    @Override
    public int size() {
      return 1;
    }

    @Override
    public void invite(Helping work) {
      throw new AssertionError("a crew of one invites nobody");
    }

    @Override
    public int withdraw(Helping work) {
      return 0;
    }

    @Override
    public void enter(Ongoing job) {
      if (engine != null) {
        engine.workers().enter(job);
      }
    }

    @Override
    public void leave(Ongoing job) {
      if (engine != null) {
        engine.workers().leave(job);
      }
    }
  }

  /** The workers of an engine, with the calling thread. */
  record OfEngine(Engine engine, int size) implements Crew {
    @Override
    public void invite(Helping work) {
      engine.workers().invite(1, work);
    }

    @Override
    public int withdraw(Helping work) {
      return engine.workers().withdraw(work);
    }

    @Override
    public void enter(Ongoing job) {
      engine.workers().enter(job);
    }

    @Override
    public void leave(Ongoing job) {
      engine.workers().leave(job);
    }
  }

  /** Virtual threads of their own, with the calling thread: for work that waits. */
  record Virtual(@Nullable Engine engine, int size, String name) implements Crew {
    @Override
    public void invite(Helping work) {
      Thread.ofVirtual().name("kiln-" + name).start(() -> work.help(0));
    }

    @Override
    public int withdraw(Helping work) {
      // Each of them has a thread already, which comes, finds nothing to do and ends.
      return 0;
    }

    @Override
    public void enter(Ongoing job) {
      if (engine != null) {
        engine.workers().enter(job);
      }
    }

    @Override
    public void leave(Ongoing job) {
      if (engine != null) {
        engine.workers().leave(job);
      }
    }
  }
}
