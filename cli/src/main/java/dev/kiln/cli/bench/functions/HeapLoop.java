package dev.kiln.cli.bench.functions;

/**
 * A function of one or two Java arrays.
 *
 * @param <A> {@code float[]} or {@code double[]}
 */
interface HeapLoop<A> {
  /** Computes the first elements; functions of one argument take no heed of y. */
  void run(A x, A y, A out, int count);
}
