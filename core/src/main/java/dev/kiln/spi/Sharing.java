package dev.kiln.spi;

import dev.kiln.kernel.Kernel;

/**
 * The other side of a backend that computes on an engine's threads: kernels that keep to the
 * calling thread, for a caller that shares out the rows of several kernels itself.
 */
public interface Sharing {
  /** The threads to share work out to. */
  Workers workers();

  /** A kernel that runs on the calling thread alone; made once for equal kernels and kept. */
  Executable compile(Kernel kernel);
}
