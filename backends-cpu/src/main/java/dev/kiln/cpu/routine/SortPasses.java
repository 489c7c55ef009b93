package dev.kiln.cpu.routine;

import java.util.List;
import java.util.stream.Stream;

/**
 * What quicksort does with vectors, for signed keys of one width at absolute addresses. A row is
 * one vector of keys. Loads may go up to a row beyond the keys on either side, and stores a row
 * beyond their end.
 *
 * @param bytes of a key
 * @param lanes keys of a row
 * @param split moves keys below {@code key} to the front of where they are, the others to {@code
 *     to}, both in any order; the number of those below
 * @param pivot a key near the middle of at least a few rows
 * @param fill stores {@code key} at {@code to}, in whole rows
 * @param load copies keys in whole rows, each of them sorted in its parts; the last row is padded
 *     with the largest key
 * @param rows what is left to do, one after the other, so that each of {@code n} rows is sorted
 * @param crosses one for two, one for four rows and so on: all rows are such groups, whose first
 *     and second halves are sorted; makes rows so that each key is in the right row
 * @param lanewise sorts each row that two sorted rows have been made of
 * @param turn copies keys, each {@code ^ key}, in whole rows; may be in place
 * @param ofReal makes keys of floating-point numbers, each {@code ^ key}, in whole rows
 * @param toReal and back; may be in place
 */
record SortPasses(
    int bytes,
    int lanes,
    Pass split,
    Pass pivot,
    Pass fill,
    Pass load,
    List<Pass> rows,
    List<Pass> crosses,
    Pass lanewise,
    Pass turn,
    Pass ofReal,
    Pass toReal) {
  int rowBytes() {
    return bytes * lanes;
  }

  /** Keys that are sorted without splitting. */
  int most() {
    return lanes << crosses.size();
  }

  long least() {
    return bytes == Integer.BYTES ? Integer.MIN_VALUE : Long.MIN_VALUE;
  }

  long greatest() {
    return bytes == Integer.BYTES ? Integer.MAX_VALUE : Long.MAX_VALUE;
  }

  /** Each of them. */
  List<Pass> all() {
    return Stream.of(
            List.of(split, pivot, fill, load),
            rows,
            crosses,
            List.of(lanewise, turn, ofReal, toReal))
        .flatMap(List::stream)
        .toList();
  }
}
