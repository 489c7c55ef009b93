package dev.kiln.opencl;

import dev.kiln.kernel.Kernel;
import dev.kiln.spi.Buffer;
import dev.kiln.spi.Launch;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jocl.cl_mem;
import org.jspecify.annotations.Nullable;

/**
 * Arrays too large for the device: each has memory for a slice there, which is filled from the
 * engine's memory, and written back, as pieces follow one another.
 */
final class Slices implements Arrays, AutoCloseable {
  private final Visit visit;
  private final Commands commands;
  private final Map<Buffer, Slice> slices = new LinkedHashMap<>();

  /** An array's slice; it holds the array. */
  private static final class Slice {
    private final Buffer buffer;
    private final cl_mem memory;
    private final long address;

    /** Of the elements that are written; 0 where none is. */
    private final int writtenBytes;

    private Cut.@Nullable Span span;

    private Slice(Buffer buffer, cl_mem memory, int writtenBytes) {
      this.buffer = buffer;
      this.memory = memory;
      this.writtenBytes = writtenBytes;
      this.address = writtenBytes > 0 ? buffer.pin() : buffer.show();
    }
  }

  /** All memory is there before anything is written. */
  Slices(Kernel kernel, Launch launch, List<Cut.Piece> pieces, Visit visit, Commands commands) {
    this.visit = visit;
    this.commands = commands;
    Map<Buffer, Integer> written = new HashMap<>();
    for (int o = 0; o < kernel.outputs().size(); o++) {
      written.put(
          LaunchRun.buffer(launch.outputs().get(o)), kernel.outputs().get(o).dtype().bytes());
    }
    Map<Buffer, cl_mem> memory = new HashMap<>();
    Cut.sizes(pieces).forEach((buffer, bytes) -> memory.put(buffer, scratch(bytes)));
    try {
      memory.forEach(
          (buffer, mem) ->
              slices.put(buffer, new Slice(buffer, mem, written.getOrDefault(buffer, 0))));
    } catch (Throwable e) {
      close();
      throw e;
    }
  }

  @Override
  public void enter(Cut.Piece piece) {
    piece.spans().forEach((buffer, span) -> move(slice(buffer), piece.points(), span));
  }

  private void move(Slice slice, long points, Cut.Span span) {
    if (span.equals(slice.span)) {
      return;
    }
    writeBack(slice);
    // Between the elements that are written others may lie.
    if (points * slice.writtenBytes != span.bytes()) {
      commands.write(slice.memory, slice.address + span.first(), span.bytes());
    }
    slice.span = span;
  }

  private void writeBack(Slice slice) {
    Cut.Span span = slice.span;
    if (slice.writtenBytes > 0 && span != null) {
      commands.read(slice.memory, slice.address + span.first(), span.bytes());
    }
  }

  private Slice slice(Buffer buffer) {
    return Objects.requireNonNull(slices.get(buffer), "no slice");
  }

  @Override
  public cl_mem memory(Buffer buffer) {
    return slice(buffer).memory;
  }

  @Override
  public long firstByte(Buffer buffer) {
    return Objects.requireNonNull(slice(buffer).span, "no piece").first();
  }

  @Override
  public cl_mem scratch(long bytes) {
    return visit.scratch(bytes).memory();
  }

  @Override
  public void publish() {
    slices.values().forEach(this::writeBack);
  }

  @Override
  public void close() {
    slices.values().forEach(slice -> slice.buffer.unpin());
  }
}
