package dev.kiln.opencl;

import dev.kiln.opencl.routine.Axes;
import dev.kiln.opencl.routine.Slot;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.LongStream;
import org.jocl.cl_mem;

/**
 * What a routine's launches read beside their arrays. It stays on the device, as far as there is
 * room, since the same launch comes again and a copy takes longer than many launches.
 */
final class Tables implements AutoCloseable {
  /** Bytes that are kept at most; what comes later is copied for each launch. */
  private static final long MOST_BYTES = 1 << 26;

  /** Tables that are kept at most. */
  private static final int MOST = 256;

  private final Residence residence;
  private final long mostBytes;
  private final Map<Slot, Residence.View> kept = new HashMap<>();
  private long bytes;

  Tables(Residence residence) {
    this.residence = residence;
    this.mostBytes = Math.min(MOST_BYTES, residence.room() / 16);
  }

  /** The device's memory for a table or numbers, filled. Who brings one first is waited for. */
  synchronized cl_mem of(Slot slot, Visit visit, Commands commands) {
    Residence.View known = kept.get(slot);
    if (known != null) {
      return known.memory();
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment numbers =
          switch (slot) {
            case Slot.Table(Axes axes) -> axes(axes, arena);
            case Slot.Numbers(MemorySegment given) -> given;
            case Slot.Input _, Slot.Output _, Slot.Scratch _, Slot.Scalar _ ->
                throw new AssertionError("no table: " + slot);
          };
      return bring(slot, numbers, visit, commands);
    }
  }

  private cl_mem bring(Slot slot, MemorySegment numbers, Visit visit, Commands commands) {
    long size = numbers.byteSize();
    if (kept.size() == MOST || bytes + size > mostBytes) {
      Residence.View passing = visit.scratch(size);
      commands.write(passing.device(), numbers.address(), size);
      return passing.memory();
    }
    Residence.View view = residence.scratch(size);
    try {
      commands.write(view.device(), numbers.address(), size);
    } catch (Throwable e) {
      residence.leave(commands, view);
      throw e;
    }
    kept.put(slot, view);
    bytes += size;
    return view.memory();
  }

  private static MemorySegment axes(Axes axes, Arena arena) {
    long[] numbers =
        axes.axes().stream()
            .flatMapToLong(axis -> LongStream.of(axis.extent(), axis.stride()))
            .toArray();
    return arena.allocateFrom(ValueLayout.JAVA_LONG, numbers);
  }

  @Override
  public synchronized void close() {
    kept.values().forEach(view -> view.device().release());
    kept.clear();
  }
}
