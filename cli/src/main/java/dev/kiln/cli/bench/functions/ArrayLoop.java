package dev.kiln.cli.bench.functions;

/** A function of one or two arrays in off-heap memory. */
interface ArrayLoop {
  /**
   * Computes as many elements.
   *
   * @param x the address of the first argument
   * @param y the address of the second, which functions of one do not read
   * @param out the address of the result
   * @param count a multiple of the lanes of a vector
   */
  void run(long x, long y, long out, int count);
}
