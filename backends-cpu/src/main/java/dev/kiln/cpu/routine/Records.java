package dev.kiln.cpu.routine;

/**
 * What radix sort moves: keys, or keys and where they were; dense, at absolute addresses. A key is
 * an unsigned number.
 */
sealed interface Records permits Keys, Longs, WidePlaces {
  /** The most records that are put in order by inserting one after the other. */
  int SHORT_RUN = 24;

  /** Bytes of a record. */
  int bytes();

  /** The key of a record; what is below the lowest bit of the order is of no meaning. */
  long key(long address);

  /**
   * Makes the records of some elements.
   *
   * @param x the first of the whole sequence
   * @param first the number of the first of these
   */
  void encode(SortOrder order, long x, long stride, long first, long count, long to);

  /** The bits in which keys differ from one. */
  long differing(long from, long count, long key);

  /**
   * Counts how often each value of a digit occurs; adds to what is there.
   *
   * @param shift the digit's lowest bit
   * @param counts as many as the digit has values, a power of two
   */
  void count(long from, long count, int shift, int[] counts);

  /**
   * Moves records to where their digit's value says, which moves on.
   *
   * @param next as many as the digit has values, a power of two
   */
  void scatter(long from, long count, int shift, long[] next);

  /**
   * Moves records to where the group of their digit's value says, which moves on.
   *
   * @param groups as many as the digit has values, a power of two
   */
  void deal(long from, long count, int shift, char[] groups, long[] next);

  /**
   * Puts records in order that are so by the bits from one on, run by run of those that agree in
   * them; up to the first run that is too long for that.
   *
   * @param shift the lowest bit by which they are in order
   * @return the number of the first record of the long run; the count where there is none
   */
  long settle(long from, long first, long count, int shift);

  /** How many records from one on agree with it in the bits from the shift on. */
  long run(long from, long first, long count, int shift);

  /** Stores the elements, or where they were. */
  void decode(SortOrder order, long from, long count, long out, long stride);
}
