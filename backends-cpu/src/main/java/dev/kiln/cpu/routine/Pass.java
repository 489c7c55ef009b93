package dev.kiln.cpu.routine;

/**
 * A loop over vectors in memory. Quicksort has many, and calls them all through one call of this
 * interface: with so many receivers the JIT compiler leaves each a method of its own. In one
 * another they would pass the size up to which vectors stay in registers.
 */
@FunctionalInterface
interface Pass {
  /**
   * Runs; each pass says what its arguments are.
   *
   * @param from the address of what is read
   * @param n how many keys or rows
   * @param to the address of what is written
   * @param key one more argument
   */
  long run(long from, long n, long to, long key);
}
