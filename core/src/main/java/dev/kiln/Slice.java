package dev.kiln;

import org.jspecify.annotations.Nullable;

/**
 * One piece of an index: {@code x.get(Slice.of(1, -1), Slice.ellipsis(), Slice.at(0))} is Python's
 * {@code x[1:-1, ..., 0]}.
 *
 * <p>Each {@link Range} and {@link At} stands for one axis, an {@link Ellipsis} for as many as are
 * left over, and a {@link NewAxis} for none. Ranges follow Python: negative places count from the
 * end and places beyond the ends are clamped.
 *
 * {@snippet :
 * x.get(Slice.from(2));             // x[2:]
 * x.get(Slice.to(-1));              // x[:-1]
 * x.get(Slice.all().by(-1));        // x[::-1]
 * x.get(Slice.all(), Slice.at(0));  // x[:, 0]
 * }
 */
public sealed interface Slice {
  /**
   * The places from start until before stop, in steps.
   *
   * @param start the first place; null for the first in the direction of the step
   * @param stop the place before which to end; null for beyond the last in the direction of the
   *     step
   * @param step negative to go backwards; not 0
   */
  record Range(@Nullable Long start, @Nullable Long stop, long step) implements Slice {
    /** Checks the step. */
    public Range {
      if (step == 0) {
        throw new KilnException("the step of a slice is 0; it must be positive or negative");
      }
    }

    /**
     * The same places in these steps: {@code Slice.all().by(-1)} goes backwards.
     *
     * @throws KilnException for step 0
     */
    public Range by(long step) {
      return new Range(start, stop, step);
    }

    /** The first place in an axis of that extent, 0 where there is none. */
    long first(long extent) {
      if (count(extent) == 0) {
        return 0;
      }
      return start == null ? (step > 0 ? 0 : extent - 1) : clamped(start, extent);
    }

    /** The number of places in an axis of that extent. */
    long count(long extent) {
      long from = start == null ? (step > 0 ? 0 : extent - 1) : clamped(start, extent);
      long until = stop == null ? (step > 0 ? extent : -1) : clamped(stop, extent);
      if (step > 0) {
        return from < until ? (until - from - 1) / step + 1 : 0;
      }
      // -Long.MIN_VALUE is no long; a step one shorter is as much too long.
      long back = -Math.max(step, -Long.MAX_VALUE);
      return until < from ? (from - until - 1) / back + 1 : 0;
    }

    private long clamped(long place, long extent) {
      long fromStart = place < 0 ? place + extent : place;
      return step > 0 ? Math.clamp(fromStart, 0, extent) : Math.clamp(fromStart, -1, extent - 1);
    }
  }

  /**
   * One place, whose axis is dropped.
   *
   * @param index the place; negative from the end
   */
  record At(long index) implements Slice {}

  /** All places of as many axes as the other pieces leave over; at most once in an index. */
  record Ellipsis() implements Slice {}

  /** A new axis of extent 1. */
  record NewAxis() implements Slice {}

  /** Python's {@code start:stop}. */
  static Range of(long start, long stop) {
    return new Range(start, stop, 1);
  }

  /**
   * Python's {@code start:stop:step}.
   *
   * @throws KilnException for step 0
   */
  static Range of(long start, long stop, long step) {
    return new Range(start, stop, step);
  }

  /** Python's {@code start:}. */
  static Range from(long start) {
    return new Range(start, null, 1);
  }

  /** Python's {@code :stop}. */
  static Range to(long stop) {
    return new Range(null, stop, 1);
  }

  /** Python's {@code :}, all of an axis. */
  static Range all() {
    return new Range(null, null, 1);
  }

  /** One place of an axis, which is dropped; negative from the end, and an error out of range. */
  static At at(long index) {
    return new At(index);
  }

  /** Python's {@code ...}. */
  static Ellipsis ellipsis() {
    return new Ellipsis();
  }

  /** Python's {@code None}: a new axis of extent 1. */
  static NewAxis newAxis() {
    return new NewAxis();
  }
}
