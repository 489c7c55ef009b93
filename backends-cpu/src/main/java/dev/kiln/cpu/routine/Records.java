package dev.kiln.cpu.routine;

/** What radix sort moves: keys, or keys and where they were; dense, at absolute addresses. */
sealed interface Records permits Keys, WideKeys, Places, WidePlaces {
  /** Values of a digit. */
  int RADIX = 256;

  /** Bytes of a record. */
  int bytes();

  /** Digits of a key, the lowest first. */
  int digits();

  /**
   * Makes the records of some elements.
   *
   * @param x the first of the whole sequence
   * @param first the number of the first of these
   */
  void encode(SortOrder order, long x, long stride, long first, long count, long to);

  /** Counts how often each value of a digit occurs; adds to what is there. */
  void count(long from, long count, int digit, long[] counts);

  /** Moves records to where their digit's value says, which moves on. */
  void scatter(long from, long count, int digit, long[] next);

  /** Stores the elements, or where they were. */
  void decode(SortOrder order, long from, long count, long out, long stride);
}
