package dev.kiln.interpret;

import dev.kiln.DType;
import dev.kiln.kernel.Bits;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * What sorting means: equal elements stay in their order. −0 and +0 are equal, and so are all NaNs,
 * which are larger than any number.
 */
final class SortMeaning {
  private final DType dtype;
  private final Comparator<Long> order;

  SortMeaning(DType dtype, boolean descending) {
    this.dtype = dtype;
    Comparator<Long> ascending =
        switch (dtype.kind()) {
          case BOOL, SIGNED -> Long::compare;
          case UNSIGNED -> Long::compareUnsigned;
          // Adding +0 makes −0 +0; Java's order of doubles has NaN last.
          case FLOAT ->
              (a, b) ->
                  Double.compare(Bits.asDouble(dtype, a) + 0.0, Bits.asDouble(dtype, b) + 0.0);
          case COMPLEX -> throw new AssertionError("sort of " + dtype);
        };
    this.order = descending ? ascending.reversed() : ascending;
  }

  /** Where the elements in order are. */
  long[] places(long[] x) {
    Integer[] places = IntStream.range(0, x.length).boxed().toArray(Integer[]::new);
    Arrays.sort(places, (i, j) -> order.compare(x[i], x[j]));
    return Arrays.stream(places).mapToLong(Integer::longValue).toArray();
  }

  /** The elements in order. */
  long[] sorted(long[] x) {
    long[] sorted = places(x);
    for (int i = 0; i < sorted.length; i++) {
      sorted[i] = Bits.canonical(dtype, x[(int) sorted[i]]);
    }
    return sorted;
  }
}
