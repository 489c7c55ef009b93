package dev.kiln.task;

/**
 * How many inputs a worker claims at once: such that a batch takes about a tenth of a millisecond,
 * long beside a claim and short beside anything that a person notices. One worker's, for one job.
 */
final class BatchSize {
  private static final long TARGET_NANOS = 100_000;
  private static final int MOST = 8192;

  private final boolean fixed;
  private int size;

  private BatchSize(int size, boolean fixed) {
    this.size = size;
    this.fixed = fixed;
  }

  /** Begins with single tasks and follows their times. */
  static BatchSize adaptive() {
    return new BatchSize(1, false);
  }

  static BatchSize of(int size) {
    return new BatchSize(size, true);
  }

  int get() {
    return size;
  }

  /** Whether a batch should be left as small as it is, having taken that long to pull. */
  boolean isLong(long nanos) {
    return !fixed && nanos > TARGET_NANOS;
  }

  /** Learns that a batch took that long; it grows step by step and shrinks at once. */
  void took(int tasks, long nanos) {
    if (!fixed) {
      long fitting = TARGET_NANOS * tasks / Math.max(1, nanos);
      size = (int) Math.clamp(fitting, 1, Math.min(MOST, 2L * size));
    }
  }
}
