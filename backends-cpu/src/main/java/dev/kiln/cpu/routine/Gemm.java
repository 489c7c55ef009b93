package dev.kiln.cpu.routine;

/**
 * What products of matrices are made of: panels, copied from the inputs so that they are read
 * straight through, and the product of a panel of rows and a panel of columns, a tile.
 *
 * @param <P> the arrays that panels are packed into: on the heap, where loops over them have no
 *     checks
 */
interface Gemm<P> {
  /** The canonical order's block along the inner axis; no panel is longer. */
  int INNER = 384;

  /** Rows of a tile. */
  int rows();

  /** Columns of a tile. */
  int columns();

  /** An array for panels. */
  P panel(int elements);

  /**
   * Copies at most {@link #rows} rows, each to a row of {@link #INNER} elements; zeros for rows
   * that are not there.
   *
   * @param x the first element
   * @param rowStride from row to row, in bytes
   * @param stride along a row, in bytes
   */
  void packRows(long x, long rowStride, long stride, int rows, int inner, P panel, int at);

  /**
   * Copies at most {@link #columns} columns: for each inner index one element of each column, 0 for
   * columns that are not there.
   *
   * @param y the first element
   * @param stride along a column, in bytes
   * @param columnStride from column to column, in bytes
   */
  void packColumns(long y, long stride, long columnStride, int inner, int columns, P panel, int at);

  /**
   * Computes a tile, or at least so many of its rows and columns.
   *
   * @param left rows, from {@code at} on
   * @param right columns, from {@code from} on
   * @param sums the tile, in dense rows of {@link #columns}
   */
  void tile(P left, int at, P right, int from, int inner, int rows, int columns, P sums);

  /**
   * Stores some of a tile; NaNs are canonical.
   *
   * @param out the tile's first element
   * @param pitch from row to row, in bytes
   * @param add whether the tile is added to what is there
   */
  void put(P sums, int rows, int columns, long out, long pitch, boolean add);
}
