package dev.kiln.cpu;

import dev.kiln.kernel.Operand;
import dev.kiln.spi.Launch;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Strides over an index space that suit an access, and the elements they span. */
record Strides(List<Long> strides, long offset, int size) {
  /**
   * Random strides.
   *
   * @param mayRepeat whether different points may be the same element, as of a broadcast operand
   */
  static Strides random(
      List<Long> extents, Operand.Access access, Random random, boolean mayRepeat) {
    int rank = extents.size();
    long[] strides = new long[rank];
    long span = 1;
    long offset = 0;
    for (int d = rank - 1; d >= 0; d--) {
      boolean inner = d == rank - 1;
      boolean zero =
          inner ? access == Operand.Access.BROADCAST : mayRepeat && random.nextInt(4) == 0;
      if (zero) {
        continue;
      }
      long step = span;
      if (inner ? access == Operand.Access.STRIDED : random.nextInt(2) == 0) {
        step = span * (1 + random.nextInt(3));
      }
      boolean backwards = random.nextInt(4) == 0 && !(inner && access != Operand.Access.STRIDED);
      strides[d] = backwards ? -step : step;
      if (backwards) {
        offset += step * (extents.get(d) - 1);
      }
      span = step * (extents.get(d) - 1) + span;
    }
    return new Strides(Arrays.stream(strides).boxed().toList(), offset + 2, (int) span + 2);
  }

  /** The element number at a point, given by its row-major number. */
  static long at(Launch.Access access, List<Long> extents, long point) {
    long at = access.offset();
    long rest = point;
    for (int d = extents.size() - 1; d >= 0; d--) {
      at += rest % extents.get(d) * (d < access.strides().size() ? access.strides().get(d) : 0);
      rest /= extents.get(d);
    }
    return at;
  }
}
