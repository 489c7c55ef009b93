package dev.kiln.cli.bench.blocks;

import java.util.Locale;

/** What is done with the file, block by block. */
public enum Work {
  /** Mean, standard deviation, smallest and largest, in one pass. */
  STATISTICS,
  /** A histogram of 100 bins. */
  HISTOGRAM,
  /** A copy of the rows whose first element is below one half. */
  FILTER,
  /** A product with a matrix of 16 columns, summed. */
  MATMUL,
  /** A sort of each row, of which the smallest elements are summed. */
  SORT;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
