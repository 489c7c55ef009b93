package dev.kiln;

import dev.kiln.spi.Buffer;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.function.UnaryOperator;

/** The rows of a block that somebody wants, copied together by all threads. */
final class KeptRows {
  /** What one thread looks through at a time. */
  private static final long SPAN_BYTES = 1 << 20;

  private final MemorySegment rows;
  private final MemorySegment mask;
  private final long count;
  private final long rowBytes;

  /** Rows in a span. */
  private final long span;

  private KeptRows(MemorySegment rows, MemorySegment mask) {
    this.rows = rows;
    this.mask = mask;
    this.count = mask.byteSize();
    this.rowBytes = count == 0 ? 0 : rows.byteSize() / count;
    this.span = Math.max(1, SPAN_BYTES / (rowBytes + 1));
  }

  /**
   * The rows wanted of a block.
   *
   * @param own is given what was computed for that
   */
  static NDArray of(NDArray block, UnaryOperator<NDArray> wanted, List<NDArray> own) {
    NDArray mask = wanted.apply(block);
    Shape shape = block.shape();
    if (shape.rank() == 0
        || mask.dtype() != DType.BOOL
        || !mask.shape().equals(Shape.of(shape.extent(0)))) {
      throw new KilnException(
          "a filter gave "
              + mask.dtype()
              + mask.shape()
              + " for a block of shape "
              + shape
              + "; expected bools, one for each row, such as block.get(Slice.all(),"
              + " Slice.at(0)).less(0)");
    }
    List<NDArray> both = Kiln.computeAll(block, mask);
    NDArray computed = both.get(0);
    if (!block.isRealised()) {
      own.add(computed);
    }
    if (!mask.isRealised()) {
      own.add(both.get(1));
    }
    return new KeptRows(computed.data(), both.get(1).data()).copied(computed, own);
  }

  private NDArray copied(NDArray from, List<NDArray> own) {
    Engine engine = from.engine();
    int spans = Math.toIntExact(Math.ceilDiv(count, span));
    long[] starts = new long[spans + 1];
    engine.workers().forEach(spans, (k, worker) -> starts[(int) k + 1] = kept(k));
    for (int k = 0; k < spans; k++) {
      starts[k + 1] += starts[k];
    }
    long kept = starts[spans];
    if (kept == count) {
      return from;
    }
    Buffer buffer = engine.allocate(kept * rowBytes);
    MemorySegment to = buffer.segment();
    engine.workers().forEach(spans, (k, worker) -> copy(k, to.asSlice(starts[(int) k] * rowBytes)));
    NDArray result = NDArray.realised(engine, buffer, from.dtype(), shape(from.shape(), kept));
    own.add(result);
    return result;
  }

  private static Shape shape(Shape all, long kept) {
    long[] extents = new long[all.rank()];
    extents[0] = kept;
    for (int axis = 1; axis < extents.length; axis++) {
      extents[axis] = all.extent(axis);
    }
    return Shape.of(extents);
  }

  private boolean isKept(long row) {
    return mask.get(ValueLayout.JAVA_BYTE, row) != 0;
  }

  private long kept(long number) {
    long end = Math.min(count, (number + 1) * span);
    long kept = 0;
    for (long row = number * span; row < end; row++) {
      kept += mask.get(ValueLayout.JAVA_BYTE, row);
    }
    return kept;
  }

  /** Copies the rows of a span, those that follow each other together. */
  private void copy(long number, MemorySegment to) {
    long end = Math.min(count, (number + 1) * span);
    long at = 0;
    long row = number * span;
    while (row < end) {
      if (!isKept(row)) {
        row++;
        continue;
      }
      long first = row;
      while (row < end && isKept(row)) {
        row++;
      }
      long bytes = (row - first) * rowBytes;
      MemorySegment.copy(rows, first * rowBytes, to, at, bytes);
      at += bytes;
    }
  }
}
