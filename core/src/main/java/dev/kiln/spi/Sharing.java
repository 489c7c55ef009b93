package dev.kiln.spi;

import dev.kiln.kernel.Kernel;

/**
 * The other side of a backend that computes on an engine's threads: kernels that keep to the
 * calling thread, for a caller that shares out the rows of several kernels itself.
 */
public interface Sharing {
  /** The threads to share work out to. */
  Workers workers();

  /** What the arrays of a block of rows may occupy to stay in a worker's cache. */
  long blockBytes();

  /** The points that make a launch of a kernel worth its while. */
  long fewestPoints();

  /** A kernel that runs on the calling thread alone; made once for equal kernels and kept. */
  Executable compile(Kernel kernel);
}
