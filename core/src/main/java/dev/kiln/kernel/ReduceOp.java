package dev.kiln.kernel;

/**
 * What a reduction computes from a sequence; the canonical orders are in {@code docs/numerics.md}.
 */
public enum ReduceOp {
  /** Sum; floats in the canonical order S, integers wrapping. */
  SUM,
  /** Product; floats in the canonical order S with identity 1, integers wrapping. */
  PROD,
  /** Smallest, NaN wins; for bool, all. */
  MIN,
  /** Largest, NaN wins; for bool, any. */
  MAX,
  /** Index (int64) of the first NaN, otherwise of the first smallest. */
  ARGMIN,
  /** Index (int64) of the first NaN, otherwise of the first largest. */
  ARGMAX,
  /** Arithmetic mean by the two-level moments; floats only. */
  MEAN,
  /**
   * Sum of squared deviations from the mean by the two-level moments, never negative; floats only.
   */
  SQUARED_DEVIATIONS
}
