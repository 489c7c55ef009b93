package dev.kiln.cpu.routine;

import java.util.concurrent.atomic.AtomicBoolean;

/** The signs of zeros, which have one key: a sorted sequence gets them back in their old order. */
record Zeros(SortOrder order) {
  /** Elements that one worker looks at. */
  private static final long GROUP = 1 << 14;

  /** Gives a sequence its signs; looks for them on all of a crew. */
  void restore(Sequences sequences, long number, Crew crew) {
    long from = sequences.from(number);
    long to = sequences.to(number);
    if (order.hasZero(to, sequences.outStride(), sequences.n())
        && hasNegative(from, sequences.stride(), sequences.n(), crew)) {
      order.restoreZeros(from, sequences.stride(), sequences.n(), to, sequences.outStride());
    }
  }

  private boolean hasNegative(long from, long stride, long n, Crew crew) {
    AtomicBoolean found = new AtomicBoolean();
    crew.forEach(
        Math.ceilDiv(n, GROUP),
        group -> {
          long first = group * GROUP;
          long count = Math.min(GROUP, n - first);
          if (order.hasNegativeZero(from + first * stride, stride, count)) {
            found.set(true);
          }
        });
    return found.get();
  }
}
