package dev.kiln.lower;

import dev.kiln.graph.Node;
import dev.kiln.kernel.Kernel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A kernel and all that its launch needs but the buffers.
 *
 * @param kernel the structure
 * @param extents of its loop dimensions
 * @param reads one for each operand
 * @param params one for each parameter, in the form of {@link dev.kiln.kernel.Bits}
 * @param writes one for each output
 */
public record Lowered(
    Kernel kernel, List<Long> extents, List<Read> reads, List<Long> params, List<Write> writes) {
  public Lowered {
    extents = List.copyOf(extents);
    reads = List.copyOf(reads);
    params = List.copyOf(params);
    writes = List.copyOf(writes);
  }

  /**
   * An affine access to the dense elements of a node that is computed already.
   *
   * @param node null where the operand is an index and there is nothing to read
   */
  public record Read(@Nullable Node node, long offset, List<Long> strides) {
    public Read {
      strides = List.copyOf(strides);
    }
  }

  /** An affine access to what the kernel writes, by the kept dimensions. */
  public record Write(long offset, List<Long> strides) {
    public Write {
      strides = List.copyOf(strides);
    }
  }

  /** The number of points of the index space. */
  public long points() {
    long points = 1;
    for (long extent : extents) {
      points *= extent;
    }
    return points;
  }
}
