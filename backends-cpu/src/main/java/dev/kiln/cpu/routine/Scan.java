package dev.kiln.cpu.routine;

/** What running sums and products are made of, on dense elements at absolute addresses. */
interface Scan {
  /** Elements of a block. */
  int BLOCK = 4096;

  /** Elements of a chunk. */
  int CHUNK = 16;

  /**
   * Running results within a block, before the block's offset comes in.
   *
   * @param x the elements; may be the same as {@code out}
   * @param n at most {@link #BLOCK}
   * @param carry the last result before these, if they go on within a block; otherwise the identity
   */
  void local(long x, long out, int n, long carry);

  /** Folds an offset into each of some results in place and makes NaNs canonical. */
  void shift(long out, int n, long offset);

  /** {@code out[i] = a[i] op b[i]}; {@code out} may be either of them. */
  void combine(long a, long b, long out, int n);

  /** As {@link #combine}, and makes NaNs canonical. */
  void finish(long a, long b, long out, int n);
}
