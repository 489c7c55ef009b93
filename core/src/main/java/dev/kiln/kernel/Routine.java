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

  /** The name, as the array API standard has it. */
  default String label() {
    return switch (this) {
      case Cumulative cumulative ->
          "cumulative_" + cumulative.fold().name().toLowerCase(Locale.ROOT);
    };
  }

  /** The attributes, for people: {@code axis 0}. Empty where there are none. */
  default String details() {
    return switch (this) {
      case Cumulative cumulative -> "axis " + cumulative.axis();
    };
  }
}
