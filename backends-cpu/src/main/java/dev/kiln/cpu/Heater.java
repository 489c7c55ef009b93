package dev.kiln.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Makes vector loops fast before they are used, on a thread of its own: all that are waiting in
 * turns, so that the JIT compiler always has something to do.
 */
final class Heater implements AutoCloseable {
  private final LinkedBlockingQueue<CompiledLoop> queue = new LinkedBlockingQueue<>();
  private volatile boolean closed;
  private @Nullable Thread thread;

  /** Heats a loop soon; the loop has been claimed. */
  synchronized void heat(CompiledLoop loop) {
    if (closed) {
      return;
    }
    queue.add(loop);
    if (thread == null) {
      thread = Thread.ofPlatform().name("kiln-cpu-heater").daemon().start(this::work);
    }
  }

  private void work() {
    List<Heating> active = new ArrayList<>();
    try {
      while (!closed) {
        CompiledLoop next =
            active.isEmpty() ? queue.take() : queue.poll(rest(active), TimeUnit.NANOSECONDS);
        if (next != null) {
          active.add(new Heating(next));
        }
        long now = System.nanoTime();
        active.removeIf(heating -> heating.isDue(now) && heating.round());
      }
    } catch (InterruptedException e) {
      // Closed: the thread ends here, and nobody asks for its interrupt flag.
    } finally {
      active.forEach(Heating::close);
    }
  }

  /** Until the next one is due. */
  private static long rest(List<Heating> active) {
    long now = System.nanoTime();
    return active.stream().mapToLong(heating -> heating.due() - now).min().orElse(0);
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (thread != null) {
      thread.interrupt();
    }
  }
}
