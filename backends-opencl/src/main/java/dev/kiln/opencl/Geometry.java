package dev.kiln.opencl;

import dev.kiln.kernel.Kernel;
import dev.kiln.opencl.source.Renderer;
import dev.kiln.spi.Launch;
import java.util.List;
import java.util.stream.Stream;

/**
 * How a launch's work is handed out.
 *
 * @param rows what units are shared out of: rows of stores, sequences of reductions
 * @param inner points of the innermost dimension of stores; elements of a sequence
 * @param strip points of the innermost dimension in a unit
 * @param unitsOfRow units that a row has; of reductions, the blocks of a sequence
 * @param chunk units that a work-item does
 * @param wide whether element numbers need 64 bits
 */
record Geometry(long rows, long inner, long strip, long unitsOfRow, long chunk, boolean wide) {
  /** Sums of two such numbers are still ints. */
  private static final long NARROW = 1L << 30;

  /** Instructions that a processor's work-item should have to do, about 50 µs of work. */
  private static final long WORK = 1 << 18;

  static Geometry of(Kernel kernel, Launch launch, boolean processor) {
    List<Long> extents = launch.extents();
    long instrs = Math.max(8, kernel.body().size());
    int reducedFrom = kernel.reduces() ? kernel.keptRank() : kernel.rank() - 1;
    long rows = product(extents.subList(0, reducedFrom));
    long inner = product(extents.subList(reducedFrom, extents.size()));
    long points = Math.max(1, WORK / instrs);
    long strip = kernel.reduces() ? Renderer.BLOCK : processor ? points : 1;
    strip = Math.min(strip, Math.max(1, inner));
    long unitsOfRow = (inner + strip - 1) / strip;
    long chunk = processor ? Math.max(1, points / strip) : 1;
    return new Geometry(rows, inner, strip, unitsOfRow, chunk, isWide(launch, rows, inner));
  }

  /** All units. */
  long units() {
    return rows * unitsOfRow;
  }

  /** Work-items for so many units. */
  long workItems(long units) {
    return (units + chunk - 1) / chunk;
  }

  private static boolean isWide(Launch launch, long rows, long inner) {
    // Stores have an output for every point; in a reduction offsets of kept dimensions only grow.
    if (rows >= NARROW || inner >= NARROW || Math.multiplyHigh(rows, inner) != 0) {
      return true;
    }
    return rows * inner >= NARROW
        || Stream.concat(launch.operands().stream(), launch.outputs().stream())
            .anyMatch(access -> isFar(access, launch.extents()));
  }

  private static boolean isFar(Launch.Access access, List<Long> extents) {
    long reach = Math.abs(access.offset());
    for (int d = 0; d < access.strides().size(); d++) {
      long steps = extents.get(d) - 1;
      long stride = Math.abs(access.strides().get(d));
      if (stride >= NARROW || steps * stride >= NARROW) {
        return true;
      }
      reach += steps * stride;
    }
    return reach >= NARROW;
  }

  private static long product(List<Long> extents) {
    return extents.stream().reduce(1L, (a, b) -> a * b);
  }
}
