package dev.kiln.opencl.routine;

/** Wholes in parts of one size, the last of which may be smaller. */
final class Parts {
  private Parts() {}

  /** How many parts a whole has. */
  static long of(long whole, long part) {
    return (whole + part - 1) / part;
  }
}
