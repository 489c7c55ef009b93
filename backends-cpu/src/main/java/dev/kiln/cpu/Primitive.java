package dev.kiln.cpu;

/**
 * Emitted code: one operation on panels, which are Java arrays. Of plain loops over arrays the JIT
 * compiler makes vector code by itself, soon, and they are quick before that.
 *
 * <p>A panel's type is that of the {@link Carrier}'s local variables: {@code int[]} for bool and
 * integers of at most 32 bits, in the form of {@link dev.kiln.kernel.Bits}, {@code long[]}, {@code
 * float[]} and {@code double[]}.
 */
interface Primitive {
  /**
   * Applies the operation to some elements.
   *
   * @param a the first argument
   * @param b the second; any where there is none
   * @param c the third; any where there is none
   * @param to receives the results; may be one of the arguments
   * @param from the first index
   * @param end behind the last one
   */
  void run(Object a, Object b, Object c, Object to, int from, int end);
}
