package dev.kiln.cli;

import dev.kiln.DType;
import dev.kiln.Shape;
import dev.kiln.io.ArrayText;

/**
 * Where the smallest and the largest element of an array are, NaN aside, and how many are NaN.
 *
 * @param min the position of the first smallest, -1 where there is no number
 * @param max the position of the first largest, -1 where there is no number
 * @param nans how many elements are NaN
 */
record Range(long min, long max, long nans) {
  static Range of(Elements elements) {
    return elements.dtype().isFloat() ? ofReals(elements) : ofWholes(elements);
  }

  private static Range ofReals(Elements elements) {
    long min = -1;
    long max = -1;
    long nans = 0;
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    long size = elements.shape().size();
    for (long i = 0; i < size; i++) {
      double x = elements.real(i);
      if (x < least || (min < 0 && x == least)) {
        least = x;
        min = i;
      }
      if (x > most || (max < 0 && x == most)) {
        most = x;
        max = i;
      }
      if (Double.isNaN(x)) {
        nans++;
      }
    }
    return new Range(min, max, nans);
  }

  private static Range ofWholes(Elements elements) {
    long size = elements.shape().size();
    if (size == 0) {
      return new Range(-1, -1, 0);
    }
    // uint64 orders like int64 once the highest bit is flipped.
    long flip = elements.dtype() == DType.UINT64 ? Long.MIN_VALUE : 0;
    long min = 0;
    long max = 0;
    long least = elements.whole(0) ^ flip;
    long most = least;
    for (long i = 1; i < size; i++) {
      long x = elements.whole(i) ^ flip;
      if (x < least) {
        least = x;
        min = i;
      }
      if (x > most) {
        most = x;
        max = i;
      }
    }
    return new Range(min, max, 0);
  }

  /** For the summary: {@code ", min 0, max 2.5, 3 NaN"}. */
  String describe(Elements elements) {
    String numbers = min < 0 ? "" : ", min " + text(elements, min) + ", max " + text(elements, max);
    return numbers + (nans == 0 ? "" : ", " + nans + " NaN");
  }

  private static String text(Elements elements, long at) {
    return ArrayText.of(elements.dtype(), Shape.of(), elements.at(at));
  }
}
