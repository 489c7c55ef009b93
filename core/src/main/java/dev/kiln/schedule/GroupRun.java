package dev.kiln.schedule;

import dev.kiln.graph.Node;
import dev.kiln.lower.Lowered;
import dev.kiln.spi.Buffer;
import dev.kiln.spi.Executable;
import dev.kiln.spi.Launch;
import dev.kiln.spi.Sharing;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Runs a {@link RowGroup}: each worker takes a block of rows at a time and launches all kernels for
 * it. A kernel computes the same elements in the same order as ever, only fewer at a time.
 */
final class GroupRun {
  private final RowGroup group;
  private final Sharing sharing;
  private final long blockRows;
  private final Function<Node, Buffer> buffers;
  private final GroupScratch scratch;
  private final List<Sliced> kernels = new ArrayList<>();

  /** A kernel and its accesses, to be moved to a block of rows. */
  private record Sliced(
      Executable executable, Lowered piece, List<Part> reads, List<Part> writes) {}

  /**
   * An access.
   *
   * @param buffer null for an index
   * @param rowStep elements from a row to the next
   * @param workerStep elements from a worker's part of the buffer to the next worker's; 0 where the
   *     buffer holds all rows
   */
  private record Part(
      @Nullable Buffer buffer, long offset, List<Long> strides, long rowStep, long workerStep) {
    Launch.Access at(long row, int worker) {
      long moved = workerStep == 0 ? row * rowStep : worker * workerStep;
      return new Launch.Access(buffer, offset + moved, strides);
    }
  }

  /**
   * Prepares a run.
   *
   * @param buffers of all nodes that the group reads or writes but those inside it
   * @param scratch where those inside it live
   */
  GroupRun(RowGroup group, Sharing sharing, Function<Node, Buffer> buffers, GroupScratch scratch) {
    this.group = group;
    this.sharing = sharing;
    this.blockRows = group.blockRows(sharing);
    this.buffers = buffers;
    this.scratch = scratch;
    for (Step.Kernels step : group.steps()) {
      step.pieces().forEach(piece -> kernels.add(sliced(piece, step.targets())));
    }
  }

  void run() {
    long blocks = (group.rows() + blockRows - 1) / blockRows;
    sharing.workers().forEach(blocks, this::block);
  }

  private void block(long block, int worker) {
    long row = block * blockRows;
    long height = Math.min(blockRows, group.rows() - row);
    for (Sliced kernel : kernels) {
      Lowered piece = kernel.piece();
      List<Long> extents = new ArrayList<>(piece.extents());
      extents.set(0, extents.getFirst() / group.rows() * height);
      kernel
          .executable()
          .launch(
              new Launch(
                  extents,
                  at(kernel.reads(), row, worker),
                  piece.params(),
                  at(kernel.writes(), row, worker)));
    }
  }

  private static List<Launch.Access> at(List<Part> parts, long row, int worker) {
    List<Launch.Access> accesses = new ArrayList<>(parts.size());
    for (Part part : parts) {
      accesses.add(part.at(row, worker));
    }
    return accesses;
  }

  private Sliced sliced(Lowered piece, List<Node> targets) {
    List<Part> reads = new ArrayList<>();
    for (Lowered.Read read : piece.reads()) {
      reads.add(part(read.node(), read.offset(), read.strides(), piece));
    }
    List<Part> writes = new ArrayList<>();
    for (int o = 0; o < piece.writes().size(); o++) {
      Lowered.Write write = piece.writes().get(o);
      writes.add(part(targets.get(o), write.offset(), write.strides(), piece));
    }
    return new Sliced(sharing.compile(piece.kernel()), piece, reads, writes);
  }

  private Part part(@Nullable Node node, long offset, List<Long> strides, Lowered piece) {
    long rowStep = strides.getFirst() * (piece.extents().getFirst() / group.rows());
    if (node == null) {
      return new Part(null, offset, strides, rowStep, 0);
    }
    if (group.inside().contains(node)) {
      // A row touches nothing but its own part: RowGroups has checked it.
      return new Part(scratch.buffer(node), offset, strides, rowStep, scratch.workerStep(node));
    }
    Buffer buffer = buffers.apply(node);
    Bounds.check(node, buffer, offset, strides, piece.extents());
    return new Part(buffer, offset, strides, rowStep, 0);
  }
}
