package dev.kiln.spi;

import dev.kiln.DType;
import dev.kiln.kernel.Kernel;
import dev.kiln.kernel.Routine;
import java.util.Optional;

/** A way of running kernels, opened for one engine. Safe for many threads at once. */
public interface Backend extends AutoCloseable {
  /** The name that users choose it by: {@code cpu}. */
  String name();

  /** What it runs on, for people: {@code "512-bit vectors, 2 threads"}. */
  String describe();

  /** The executable of a kernel; made once for equal kernels and kept. */
  Executable compile(Kernel kernel);

  /** Whether it can run a kernel at all: a device may have no float64. */
  default boolean runs(Kernel kernel) {
    return true;
  }

  /** Whether it has a way of its own of a routine, and can go it. */
  default boolean runs(Routine routine, DType dtype) {
    return routine(routine, dtype).isPresent();
  }

  /**
   * The backend's own way of a routine; empty where it has none, and the plain one of core serves.
   *
   * @param dtype of the routine's inputs
   */
  default Optional<RoutineExecutable> routine(Routine routine, DType dtype) {
    return Optional.empty();
  }

  /**
   * Where results and temporaries live: the engine's memory as it is, or with copies on a device.
   */
  default Memory memory(Memory engine) {
    return engine;
  }

  /** Returns when all that was launched has ended; where launches return sooner. */
  default void await() {
    // Launches return when they have ended.
  }

  /**
   * How to share out the rows of several kernels at once; empty where kernels don't run on the
   * engine's threads. Then they are launched one after another.
   */
  default Optional<Sharing> sharing() {
    return Optional.empty();
  }

  /** Gives back what the backend holds. Nothing runs any more when this is called. */
  @Override
  void close();
}
