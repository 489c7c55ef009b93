package dev.kiln.opencl;

import dev.kiln.kernel.Kernel;
import dev.kiln.spi.Buffer;
import dev.kiln.spi.Launch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jocl.cl_event;
import org.jocl.cl_mem;
import org.jspecify.annotations.Nullable;

/**
 * Arrays too large for the device: each has memory for slices there, which are filled from the
 * engine's memory, and written back, as pieces follow one another.
 *
 * <p>Where an array has two slices they serve pieces in turn: the next piece's elements come and
 * the last one's go while one is computed. Nothing is waited for before the end but by commands, so
 * the host is ahead of the device, and events say what may begin when.
 */
final class Slices implements Arrays, AutoCloseable {
  private final Commands commands;
  private final Visit visit;
  private final Map<Buffer, Sliced> arrays = new LinkedHashMap<>();
  private boolean published;

  /** An array, which is held. */
  private static final class Sliced {
    private final Buffer buffer;
    private final List<Slice> slices;
    private final long address;

    /** Of the elements that are written; 0 where none is. */
    private final int writtenBytes;

    /** The number of the slice that the piece at hand has. */
    private int current;

    private Sliced(Buffer buffer, List<DeviceMemory> memory, int writtenBytes) {
      this.buffer = buffer;
      this.slices = memory.stream().map(Slice::new).toList();
      this.writtenBytes = writtenBytes;
      this.address = writtenBytes > 0 ? buffer.pin() : buffer.show();
    }

    private Slice slice() {
      return slices.get(current);
    }
  }

  /** The device's memory for some of an array. */
  private static final class Slice {
    private final DeviceMemory memory;

    /** What it has; nothing at first. */
    private Cut.@Nullable Span span;

    /** After which calls may use it. */
    private Optional<cl_event> filled = Optional.empty();

    /** The last call that uses it; none since it was filled. */
    private Optional<cl_event> called = Optional.empty();

    /** After which its elements are the array's; none of those that only the device has. */
    private Optional<cl_event> emptied = Optional.empty();

    private Slice(DeviceMemory memory) {
      this.memory = memory;
    }
  }

  /** All memory is there before anything is written. */
  Slices(Kernel kernel, Launch launch, Cut.Pieces pieces, Visit visit, Commands commands) {
    this.visit = visit;
    this.commands = commands;
    Map<Buffer, Integer> written = new HashMap<>();
    for (int o = 0; o < kernel.outputs().size(); o++) {
      written.put(
          LaunchRun.buffer(launch.outputs().get(o)), kernel.outputs().get(o).dtype().bytes());
    }
    Map<Buffer, List<DeviceMemory>> memory = new HashMap<>();
    pieces.slices().forEach((buffer, sizes) -> memory.put(buffer, memory(sizes)));
    try {
      memory.forEach(
          (buffer, slices) ->
              arrays.put(buffer, new Sliced(buffer, slices, written.getOrDefault(buffer, 0))));
    } catch (Throwable e) {
      close();
      throw e;
    }
  }

  private List<DeviceMemory> memory(List<Long> sizes) {
    return sizes.stream().map(bytes -> visit.scratch(bytes).device()).toList();
  }

  @Override
  public List<cl_event> enter(Cut.Piece piece) {
    List<cl_event> copies = new ArrayList<>();
    piece
        .spans()
        .forEach(
            (buffer, span) -> {
              Sliced array = array(buffer);
              move(array, piece.points(), span);
              array.slice().filled.ifPresent(copies::add);
            });
    return copies;
  }

  /** Has a slice with that span as the current one. */
  private void move(Sliced array, long points, Cut.Span span) {
    if (span.equals(array.slice().span)) {
      return;
    }
    array.current = (array.current + 1) % array.slices.size();
    Slice slice = array.slice();
    if (span.equals(slice.span)) {
      return;
    }
    writeBack(array, slice);
    // Between the elements that are written others may lie.
    if (points * array.writtenBytes != span.bytes()) {
      List<cl_event> after = new ArrayList<>();
      slice.called.ifPresent(after::add);
      for (Slice one : array.slices) {
        writeBack(array, one); // Slices may overlap: it begins with what others end with.
        one.emptied.ifPresent(after::add);
      }
      // Drivers may read the host's memory before the copy's turn: NVIDIA's seems to.
      Events.await(array.slices.stream().flatMap(one -> one.emptied.stream()).toList());
      long from = array.address + span.first();
      slice.filled = Optional.of(commands.writeLater(slice.memory, from, span.bytes(), after));
    } else {
      slice.filled = slice.emptied;
    }
    slice.span = span;
    slice.called = Optional.empty();
    slice.emptied = Optional.empty();
  }

  private void writeBack(Sliced array, Slice slice) {
    Cut.Span span = slice.span;
    if (array.writtenBytes == 0 || span == null || slice.emptied.isPresent()) {
      return;
    }
    List<cl_event> after = slice.called.stream().toList();
    long to = array.address + span.first();
    slice.emptied = Optional.of(commands.readLater(slice.memory, to, span.bytes(), after));
  }

  @Override
  public void called(cl_event call) {
    for (Sliced array : arrays.values()) {
      array.slice().called = Optional.of(call);
      array.slice().emptied = Optional.empty();
    }
    commands.flush();
  }

  private Sliced array(Buffer buffer) {
    return Objects.requireNonNull(arrays.get(buffer), "no slice");
  }

  @Override
  public cl_mem memory(Buffer buffer) {
    return array(buffer).slice().memory.memory();
  }

  @Override
  public long firstByte(Buffer buffer) {
    return Objects.requireNonNull(array(buffer).slice().span, "no piece").first();
  }

  @Override
  public cl_mem scratch(long bytes) {
    return visit.scratch(bytes).memory();
  }

  @Override
  public void publish() {
    for (Sliced array : arrays.values()) {
      array.slices.forEach(slice -> writeBack(array, slice));
    }
    commands.awaitAll();
    published = true;
  }

  @Override
  public void close() {
    if (!published) {
      commands.finish(); // Something failed; what was begun still uses the arrays.
    }
    arrays.values().forEach(array -> array.buffer.unpin());
  }
}
