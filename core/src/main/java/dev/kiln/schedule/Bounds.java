package dev.kiln.schedule;

import dev.kiln.graph.Node;
import dev.kiln.spi.Buffer;
import java.util.List;

/** The check before bare addresses are used: backends do not check any more. */
final class Bounds {
  private Bounds() {}

  /** Sees to it that every element of an access lies within the buffer of a node's elements. */
  static void check(Node node, Buffer buffer, long offset, List<Long> strides, List<Long> extents) {
    long lowest = offset;
    long highest = offset;
    for (int d = 0; d < strides.size(); d++) {
      long reach = Math.multiplyExact(strides.get(d), extents.get(d) - 1);
      lowest += Math.min(0, reach);
      highest += Math.max(0, reach);
    }
    if (lowest < 0 || highest >= buffer.byteSize() / node.dtype().bytes()) {
      throw new AssertionError(
          "access to elements "
              + lowest
              + " to "
              + highest
              + " of "
              + buffer.byteSize()
              + " bytes of "
              + node);
    }
  }
}
