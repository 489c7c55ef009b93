package dev.kiln.cpu.routine;

import java.util.Arrays;

/**
 * Groups of neighbouring values of a digit, about as large as each other: however unevenly keys are
 * spread, only a value of its own makes a group that is too large.
 *
 * @param ofDigit the group of each value
 * @param starts the number of the first record of each group, and of all records
 */
@SuppressWarnings("ArrayRecordComponent") // Read in inner loops, never compared.
record Groups(char[] ofDigit, long[] starts) {
  /**
   * Groups of at most so many records where that is possible; none is empty.
   *
   * @param counts how often each value occurs in each part
   */
  static Groups of(int[][] counts, long most) {
    int values = counts[0].length;
    char[] ofDigit = new char[values];
    long[] starts = new long[values + 1];
    int group = 0;
    long total = 0;
    for (int value = 0; value < values; value++) {
      long count = 0;
      for (int[] part : counts) {
        count += part[value];
      }
      long size = total - starts[group];
      if (size > 0 && count > 0 && size + count > most) {
        starts[++group] = total;
      }
      ofDigit[value] = (char) group;
      total += count;
    }
    starts[group + 1] = total;
    return new Groups(ofDigit, Arrays.copyOf(starts, group + 2));
  }

  int count() {
    return starts.length - 1;
  }

  long first(int group) {
    return starts[group];
  }

  long size(int group) {
    return starts[group + 1] - starts[group];
  }

  /** Where each part's records of each group go, so that all stay in their order. */
  long[][] places(int[][] counts, long to, int bytes) {
    long[][] places = new long[counts.length][count()];
    for (int part = 0; part < counts.length; part++) {
      for (int value = 0; value < ofDigit.length; value++) {
        places[part][ofDigit[value]] += counts[part][value];
      }
    }
    for (int group = 0; group < count(); group++) {
      long at = to + first(group) * bytes;
      for (long[] part : places) {
        long count = part[group];
        part[group] = at;
        at += count * bytes;
      }
    }
    return places;
  }
}
