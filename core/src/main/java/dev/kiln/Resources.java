package dev.kiln;

import dev.kiln.memory.SlabPool;
import dev.kiln.schedule.Backends;
import dev.kiln.schedule.Copying;
import dev.kiln.schedule.Devices;
import dev.kiln.schedule.Dispatcher;
import dev.kiln.schedule.Placement;
import dev.kiln.schedule.cost.Profiles;
import dev.kiln.spi.Backend;
import dev.kiln.spi.Buffer;
import dev.kiln.spi.Memory;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What an engine holds from opening to closing: threads, memory and backends. They are given back
 * when nothing uses them any more, and never before.
 */
final class Resources implements AutoCloseable {
  /** How long {@link #close()} waits for what runs. */
  private static final Duration CLOSING = Duration.ofSeconds(10);

  private final SlabPool memory;
  private final Memory arrays;
  private final Dispatcher workers;
  private final @Nullable Backend backend;
  private final @Nullable Placement atHome;
  private final @Nullable Devices devices;
  private final ReentrantReadWriteLock running = new ReentrantReadWriteLock();

  /** Opens what was chosen. */
  Resources(Backends.Choice choice, int threads, long memoryLimit) {
    memory = new SlabPool(memoryLimit);
    workers = new Dispatcher(threads);
    backend = choice.provider().map(provider -> provider.open(workers, memory)).orElse(null);
    atHome = backend == null ? null : Placement.at(backend);
    arrays = backend == null ? memory : backend.memory(memory);
    devices =
        backend == null || choice.others().isEmpty()
            ? null
            : new Devices(backend, choice.others(), workers, memory, Profiles.ofUser());
  }

  /** The pool that all memory is from. */
  SlabPool memory() {
    return memory;
  }

  /** The pool for a computation, which gets no more once the engine is to be closed. */
  Memory memoryWhileOpen() {
    return bytes -> {
      checkOpen();
      return memory.allocate(bytes);
    };
  }

  /** Where arrays are made: the pool, or with copies on the backend's device. */
  Memory arrays() {
    return arrays;
  }

  Dispatcher workers() {
    return workers;
  }

  /** What computes; null for the interpreter. */
  @Nullable Backend backend() {
    return backend;
  }

  /** Where all of a plan runs that is not shared out among devices. */
  Placement atHome() {
    return Objects.requireNonNull(atHome, "the interpreter runs no plans");
  }

  /** The name of what computes. */
  String backendName() {
    return backend == null ? Backends.INTERPRETER : backend.name();
  }

  /** What there is beside the backend; null where that was asked for by name. */
  @Nullable Devices devices() {
    return devices;
  }

  /** A copy of some memory, made by all threads. */
  Buffer copy(Buffer source) {
    Buffer copy = arrays.allocate(source.byteSize());
    try {
      Copying.copy(source.contents(), copy.segment(), 0, workers);
      return copy;
    } catch (RuntimeException | Error e) {
      copy.release();
      throw e;
    }
  }

  /**
   * Does some work, during which nothing is given back.
   *
   * @throws KilnException where the engine is closed
   */
  <T> T use(Supplier<T> work) {
    running.readLock().lock();
    try {
      checkOpen();
      return work.get();
    } finally {
      leave();
    }
  }

  private void checkOpen() {
    if (workers.isClosed()) {
      throw new KilnException(
          "the engine is closed; open another with Engine.builder().build() and compute there");
    }
  }

  /** Ends some work; after a close that did not wait for it, gives the memory back. */
  private void leave() {
    running.readLock().unlock();
    if (workers.isClosed() && running.writeLock().tryLock()) {
      free();
    }
  }

  @Override
  public void close() {
    workers.stop();
    long deadline = System.nanoTime() + CLOSING.toNanos();
    boolean idle = awaitIdle(deadline);
    if (idle) {
      free();
    }
    Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
    List<Thread> busy = workers.await(left);
    if (!busy.isEmpty()) {
      throw Dispatcher.stillAtWork(busy, CLOSING);
    }
    if (!idle) {
      throw new KilnException(
          "closed, but a computation has not ended within "
              + CLOSING.toSeconds()
              + " s; its memory is given back when it does");
    }
  }

  /** Takes the write lock, unless computations last beyond the deadline. */
  private boolean awaitIdle(long deadline) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return running.writeLock().tryLock(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Gives the memory back; the write lock is held, and given up. */
  private void free() {
    try {
      if (!memory.isClosed()) {
        if (devices != null) {
          devices.close();
        }
        if (backend != null) {
          backend.close();
        }
        memory.close();
      }
    } finally {
      running.writeLock().unlock();
    }
  }
}
