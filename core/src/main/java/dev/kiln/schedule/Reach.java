package dev.kiln.schedule;

import dev.kiln.graph.Node;
import dev.kiln.spi.Buffer;
import java.util.List;

/**
 * The elements of a node that an access reaches: the check before bare addresses are used, since
 * backends do not check any more.
 *
 * @param end the number after the last element's
 */
record Reach(Node node, long end) {
  /** Of an affine access. */
  static Reach of(Node node, long offset, List<Long> strides, List<Long> extents) {
    long lowest = offset;
    long highest = offset;
    for (int d = 0; d < strides.size(); d++) {
      long reach = Math.multiplyExact(strides.get(d), extents.get(d) - 1);
      lowest += Math.min(0, reach);
      highest += Math.max(0, reach);
    }
    if (lowest < 0) {
      throw new AssertionError("access to element " + lowest + " of " + node);
    }
    return new Reach(node, highest + 1);
  }

  /** Sees to it that they lie within the buffer of the node's elements. */
  void check(Buffer buffer) {
    if (end > buffer.byteSize() / node.dtype().bytes()) {
      throw new AssertionError(
          "access to elements before " + end + " of " + buffer.byteSize() + " bytes of " + node);
    }
  }
}
