package dev.kiln.spi;

import dev.kiln.kernel.Kernel;

/** A way of running kernels, opened for one engine. Safe for many threads at once. */
public interface Backend extends AutoCloseable {
  /** The name that users choose it by: {@code cpu}. */
  String name();

  /** What it runs on, for people: {@code "512-bit vectors, 2 threads"}. */
  String describe();

  /** The executable of a kernel; made once for equal kernels and kept. */
  Executable compile(Kernel kernel);

  /** Gives back what the backend holds. Nothing runs any more when this is called. */
  @Override
  void close();
}
