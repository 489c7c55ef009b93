package dev.kiln.opencl.source;

/** Where the elements of views lie. */
final class PlaceText {
  /**
   * How far the element of that row-major number is. A table has an extent and a stride for each
   * axis, so one text serves any number of them.
   */
  static final String FUNCTION =
      """
      static long kiln_place(long number, global const long *axes, const long rank) {
        long place = 0;
        for (long axis = rank - 1; axis > 0; axis--) {
          const long rest = number / axes[2 * axis];
          place += (number - rest * axes[2 * axis]) * axes[2 * axis + 1];
          number = rest;
        }
        return place + number * axes[1];
      }
      """;

  private PlaceText() {}
}
