package dev.kiln.schedule;

import dev.kiln.graph.Node;
import dev.kiln.lower.Lowered;
import dev.kiln.spi.Buffer;
import dev.kiln.spi.DeviceTimes;
import dev.kiln.spi.Executable;
import dev.kiln.spi.Launch;
import dev.kiln.spi.Memory;
import dev.kiln.spi.Sharing;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A {@link RowGroup} whose kernels are compiled: each worker takes a block of rows at a time and
 * launches all kernels for it. A kernel computes the same elements in the same order as ever, only
 * fewer at a time.
 */
final class ReadyGroup implements Ready {
  private final RowGroup group;
  private final Sharing sharing;
  private final long blockRows;
  private final Slots slots;
  private final GroupScratch scratch;
  private final List<Sliced> kernels = new ArrayList<>();
  private final List<Part> parts = new ArrayList<>();

  /** A kernel and its accesses, to be moved to a block of rows. */
  private record Sliced(
      Executable executable, Lowered piece, List<Part> reads, List<Part> writes) {}

  /**
   * An access but for its buffer.
   *
   * @param number among all, by which a run keeps its buffer
   * @param place among the plan's slots, or among the scratch memory's pieces
   * @param kind whose buffer it is
   * @param rowStep elements from a row to the next
   * @param workerStep elements from a worker's part of the buffer to the next worker's; 0 where the
   *     buffer holds all rows
   */
  private record Part(
      int number,
      Kind kind,
      int place,
      @Nullable Reach reach,
      long offset,
      List<Long> strides,
      long rowStep,
      long workerStep) {
    Launch.Access at(@Nullable Buffer[] buffers, long row, int worker) {
      long moved = workerStep == 0 ? row * rowStep : worker * workerStep;
      return new Launch.Access(buffers[number], offset + moved, strides);
    }
  }

  /** Whose buffer a part has. */
  private enum Kind {
    /** None: an index. */
    INDEX,
    /** A node's outside the group. */
    OUTSIDE,
    /** Scratch memory. */
    INSIDE
  }

  ReadyGroup(RowGroup group, Sharing sharing, Slots slots) {
    this.group = group;
    this.sharing = sharing;
    this.blockRows = group.blockRows(sharing);
    this.slots = slots;
    this.scratch = new GroupScratch(group, sharing);
    for (Step.Kernels step : group.steps()) {
      step.pieces().forEach(piece -> kernels.add(sliced(piece, step.targets())));
    }
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
    int number = parts.size();
    Part part;
    if (node == null) {
      part = new Part(number, Kind.INDEX, 0, null, offset, strides, rowStep, 0);
    } else if (group.inside().contains(node)) {
      // A row touches nothing but its own part: RowGroups has checked it.
      long step = scratch.workerStep(node);
      int place = scratch.piece(node);
      part = new Part(number, Kind.INSIDE, place, null, offset, strides, rowStep, step);
    } else {
      Reach reach = Reach.of(node, offset, strides, piece.extents());
      part = new Part(number, Kind.OUTSIDE, slots.of(node), reach, offset, strides, rowStep, 0);
    }
    parts.add(part);
    return part;
  }

  @Override
  public Optional<DeviceTimes> launch(Values values, Memory memory, Debug debug, boolean timed) {
    if (debug.at(5)) {
      debug.print("launch in blocks of " + blockRows + " of " + group.rows() + " rows");
    }
    List<Buffer> inside = new ArrayList<>();
    try {
      for (long bytes : scratch.workerBytes()) {
        Buffer buffer = memory.allocate(bytes * sharing.workers().count());
        inside.add(buffer);
        buffer.pin();
      }
      @Nullable Buffer[] buffers = buffers(values, inside);
      long blocks = (group.rows() + blockRows - 1) / blockRows;
      sharing.workers().forEach(blocks, (block, worker) -> block(buffers, block, worker));
    } finally {
      for (Buffer buffer : inside) {
        buffer.unpin();
        buffer.release();
      }
    }
    return Optional.empty();
  }

  private @Nullable Buffer[] buffers(Values values, List<Buffer> inside) {
    @Nullable Buffer[] buffers = new Buffer[parts.size()];
    for (Part part : parts) {
      buffers[part.number()] =
          switch (part.kind()) {
            case INDEX -> null;
            case INSIDE -> inside.get(part.place());
            case OUTSIDE -> values.of(part.place());
          };
      if (part.reach() != null) {
        part.reach().check(values.of(part.place()));
      }
    }
    return buffers;
  }

  private void block(@Nullable Buffer[] buffers, long block, int worker) {
    long row = block * blockRows;
    long height = Math.min(blockRows, group.rows() - row);
    for (Sliced kernel : kernels) {
      Lowered piece = kernel.piece();
      List<Long> extents = new ArrayList<>(piece.extents());
      extents.set(0, extents.getFirst() / group.rows() * height);
      List<Launch.Access> reads = at(kernel.reads(), buffers, row, worker);
      List<Launch.Access> writes = at(kernel.writes(), buffers, row, worker);
      kernel.executable().launch(new Launch(extents, reads, piece.params(), writes));
    }
  }

  private static List<Launch.Access> at(
      List<Part> parts, @Nullable Buffer[] buffers, long row, int worker) {
    List<Launch.Access> accesses = new ArrayList<>(parts.size());
    for (Part part : parts) {
      accesses.add(part.at(buffers, row, worker));
    }
    return accesses;
  }
}
