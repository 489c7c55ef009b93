package dev.kiln;

import dev.kiln.memory.SlabPool;
import dev.kiln.spi.ResultStore;
import org.jspecify.annotations.Nullable;

/** What can be said of an engine before it is opened. */
abstract sealed class EngineSettings permits Engine.Builder {
  String backend = "auto";
  int threads = Runtime.getRuntime().availableProcessors();
  long memoryLimit = SlabPool.defaultLimit();
  boolean relaxed;
  boolean profiling;
  @Nullable ResultStore store;

  EngineSettings() {}

  private Engine.Builder builder() {
    return (Engine.Builder) this;
  }

  /**
   * The backend: {@code auto} (the default), {@code cpu}, {@code opencl} or one of its devices as
   * {@code opencl:1}, or {@code interpreter}, which is slow and defines every operation.
   *
   * <p>With {@code auto} an engine computes on the cpu, until it has computed for three seconds or
   * is about to. Then it measures the machine's devices, unless it finds their figures in the
   * user's cache folder, and runs each step where it takes least time by its bytes and operations;
   * on another device only where the runs so far would have paid for compiling it there. Steps on
   * different devices that need nothing of each other run at the same time. Results are the same to
   * the last bit. {@link Engine#explain} tells what was chosen, and the estimates.
   */
  public Engine.Builder backend(String name) {
    this.backend = name;
    return builder();
  }

  /**
   * The number of threads that compute, the calling one included; 1 to {@link Engine#MOST_THREADS},
   * one for each core by default.
   */
  public Engine.Builder threads(int count) {
    this.threads = count;
    return builder();
  }

  /**
   * The most bytes of memory for arrays, at least {@link Engine#LEAST_MEMORY}; three quarters of
   * the machine's by default.
   */
  public Engine.Builder memoryLimit(long bytes) {
    this.memoryLimit = bytes;
    return builder();
  }

  /**
   * Allows cheaper forms of some functions ({@code sigmoid}, {@code log2}, {@code log10}, {@code
   * atan}), which may be off by up to four units in the last place instead of one. They are defined
   * once like the others: results still don't depend on backend, vectors or threads, but they are
   * not those of an engine that is not relaxed.
   */
  public Engine.Builder relaxed() {
    this.relaxed = true;
    return builder();
  }

  /**
   * Measures how long each step takes, its kernels and transfers by the device's own clock where it
   * has one. {@link Engine#explain} tells of the last run of the same expression. A device that
   * keeps times takes a little longer.
   *
   * {@snippet :
   * try (Engine engine = Engine.builder().profiling().build()) {
   *   NDArray total = engine.arange(0, 1_000_000, 1, DType.FLOAT32).sqrt().sum();
   *   total.compute();
   *   String text = total.explain(); // "... measured when it ran last: ..."
   * }
   * }
   */
  public Engine.Builder profiling() {
    this.profiling = true;
    return builder();
  }

  /**
   * Keeps results in a store, and takes them from there instead of computing them again: those of
   * {@link Engine#compute} and of all methods that compute, and values that are {@linkplain
   * NDArray#memoised marked}. Several engines may share a store. Without one, nothing is kept.
   *
   * <p>Keys are the graph and the contents of its inputs, so equal expressions on equal data are
   * one result, in all processes, whatever the backend and the number of threads.
   */
  public Engine.Builder store(ResultStore store) {
    this.store = store;
    return builder();
  }
}
