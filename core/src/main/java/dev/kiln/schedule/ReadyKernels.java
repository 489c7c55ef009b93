package dev.kiln.schedule;

import dev.kiln.graph.Node;
import dev.kiln.lower.Lowered;
import dev.kiln.spi.Backend;
import dev.kiln.spi.Buffer;
import dev.kiln.spi.DeviceTimes;
import dev.kiln.spi.Executable;
import dev.kiln.spi.Launch;
import dev.kiln.spi.Memory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A step's kernels, compiled. */
final class ReadyKernels implements Ready {
  private final Node target;
  private final List<Piece> pieces = new ArrayList<>();

  private record Piece(
      Executable executable, Lowered lowered, List<Access> reads, List<Access> writes) {}

  /**
   * An access but for its buffer.
   *
   * @param reach null for an index, as is the buffer then
   */
  private record Access(@Nullable Reach reach, int slot, long offset, List<Long> strides) {
    Launch.Access in(Values values) {
      if (reach == null) {
        return new Launch.Access(null, offset, strides);
      }
      Buffer buffer = values.of(slot);
      reach.check(buffer);
      return new Launch.Access(buffer, offset, strides);
    }
  }

  ReadyKernels(Step.Kernels step, Backend backend, Slots slots) {
    this.target = step.target();
    for (Lowered piece : step.pieces()) {
      List<Access> reads = new ArrayList<>();
      for (Lowered.Read read : piece.reads()) {
        reads.add(access(read.node(), read.offset(), read.strides(), piece, slots));
      }
      List<Access> writes = new ArrayList<>();
      for (int o = 0; o < piece.writes().size(); o++) {
        Lowered.Write write = piece.writes().get(o);
        writes.add(access(step.targets().get(o), write.offset(), write.strides(), piece, slots));
      }
      pieces.add(new Piece(backend.compile(piece.kernel()), piece, reads, writes));
    }
  }

  private static Access access(
      @Nullable Node node, long offset, List<Long> strides, Lowered piece, Slots slots) {
    return node == null
        ? new Access(null, 0, offset, strides)
        : new Access(
            Reach.of(node, offset, strides, piece.extents()), slots.of(node), offset, strides);
  }

  @Override
  public Optional<DeviceTimes> launch(Values values, Memory memory, Debug debug, boolean timed) {
    Optional<DeviceTimes> onDevice = Optional.empty();
    for (Piece piece : pieces) {
      Lowered lowered = piece.lowered();
      if (debug.at(5)) {
        debug.print("launch over " + lowered.extents() + " for " + target);
      }
      Launch launch =
          new Launch(
              lowered.extents(),
              in(piece.reads(), values),
              lowered.params(),
              in(piece.writes(), values));
      if (timed) {
        Optional<DeviceTimes> times = piece.executable().launchTimed(launch);
        onDevice = onDevice.map(sum -> times.map(sum::plus).orElse(sum)).or(() -> times);
      } else {
        piece.executable().launch(launch);
      }
    }
    return onDevice;
  }

  private static List<Launch.Access> in(List<Access> accesses, Values values) {
    List<Launch.Access> launched = new ArrayList<>(accesses.size());
    for (Access access : accesses) {
      launched.add(access.in(values));
    }
    return launched;
  }
}
