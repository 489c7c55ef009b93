package dev.kiln.kernel;

import java.util.Locale;

/**
 * An operation that is no loop nest, by name and attributes; its inputs and its result are values
 * in memory. {@code docs/numerics.md} says what each computes, bit by bit, {@code
 * interpret.RoutineMeaning} computes it plainly, and backends offer faster ways.
 */
public sealed interface Routine {
  /**
   * Running sums or products along an axis: element i is what elements 0 to i fold to. The dtype
   * stays.
   */
  record Cumulative(Fold fold, int axis) implements Routine {
    /** What each element is folded in by. */
    public enum Fold {
      SUM,
      PROD
    }
  }

  /**
   * Products of matrices, which are the last two axes of both inputs; those before are equal. The
   * inner extent is not 0, and neither of the outer two is 1: a product with a vector is a sum of
   * products.
   */
  record MatMul() implements Routine {}

  /**
   * The elements along an axis in order. Equal ones stay in their order, −0 and +0 being equal; NaN
   * counts as the largest. NaNs are canonical.
   */
  record Sort(int axis, boolean descending) implements Routine {}

  /** Where along an axis the elements are that {@link Sort} puts there, as int64. */
  record ArgSort(int axis, boolean descending) implements Routine {}

  /**
   * The discrete Fourier transform of floats along the last axis: n/2 + 1 results, each a pair of
   * real and imaginary part along a new last axis.
   */
  record RealFft() implements Routine {}

  /** One of the results of a user's own kernel; all of them come from one launch. */
  record Foreign(ForeignKernel kernel, int result) implements Routine {}

  /** The name, as the array API standard has it. */
  default String label() {
    return switch (this) {
      case Cumulative cumulative ->
          "cumulative_" + cumulative.fold().name().toLowerCase(Locale.ROOT);
      case MatMul matMul -> "matmul";
      case Sort sort -> "sort";
      case ArgSort sort -> "argsort";
      case RealFft fft -> "rfft";
      case Foreign foreign -> foreign.kernel().name();
    };
  }

  /**
   * Whether every backend gives the same bits. Where not, what is kept of a result is kept for one
   * backend.
   */
  default boolean isSameEverywhere() {
    return switch (this) {
      case Cumulative cumulative -> true;
      case MatMul matMul -> true;
      case Sort sort -> true;
      case ArgSort sort -> true;
      case RealFft fft -> false;
      case Foreign foreign -> false;
    };
  }

  /** The attributes, for people: {@code axis 0}. Empty where there are none. */
  default String details() {
    return switch (this) {
      case Cumulative cumulative -> "axis " + cumulative.axis();
      case MatMul matMul -> "";
      case RealFft fft -> "";
      case Foreign(ForeignKernel kernel, int result) ->
          kernel.backend() + (kernel.results().size() > 1 ? ", result " + result : "");
      case Sort(int axis, boolean descending) -> order(axis, descending);
      case ArgSort(int axis, boolean descending) -> order(axis, descending);
    };
  }

  private static String order(int axis, boolean descending) {
    return "axis " + axis + (descending ? ", descending" : "");
  }
}
