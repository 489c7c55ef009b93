package dev.kiln.schedule;

import dev.kiln.graph.Node;
import dev.kiln.spi.Sharing;
import java.util.List;
import java.util.Set;

/**
 * Steps that follow each other and can be run block of rows by block of rows: all steps for some
 * rows, then all for the next ones. What they hand on to each other then stays in the cache instead
 * of going through memory, as the row maxima and the exponentials of a softmax do.
 *
 * @param from the first step's number in its plan
 * @param steps the steps
 * @param rows how many rows the outermost dimension of every kernel has, or a multiple
 * @param inside what is read within the group alone, so that it needs memory for a block of rows
 * @param rowBytes what a row of all arrays together occupies
 * @param rowPoints the points that the largest kernel has in a row
 */
public record RowGroup(
    int from,
    List<Step.Kernels> steps,
    long rows,
    Set<Node> inside,
    long rowBytes,
    long rowPoints) {
  public RowGroup {
    steps = List.copyOf(steps);
    inside = Set.copyOf(inside);
  }

  /** The number after the last step's. */
  public int to() {
    return from + steps.size();
  }

  /** Whether there are rows enough for all workers, or so little to do that one suffices. */
  boolean suits(Sharing sharing) {
    int workers = sharing.workers().count();
    return workers == 1 || rows >= 4L * workers || rows * rowPoints <= sharing.fewestPoints();
  }

  /** The rows of a block. */
  long blockRows(Sharing sharing) {
    long cached = sharing.blockBytes() / rowBytes;
    long shared = rows / (4L * sharing.workers().count());
    long worthwhile = (sharing.fewestPoints() + rowPoints - 1) / rowPoints;
    return Math.min(rows, Math.max(1, Math.max(Math.min(cached, shared), worthwhile)));
  }

  /** The groups of a list of steps, in order. */
  static List<RowGroup> find(List<Step> steps, List<Node> results) {
    return new RowGroups(steps, results).find();
  }
}
