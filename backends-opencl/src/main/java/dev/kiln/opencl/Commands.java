package dev.kiln.opencl;

import dev.kiln.spi.DeviceTimes;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jdk.jfr.FlightRecorder;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.cl_command_queue;
import org.jocl.cl_event;
import org.jocl.cl_kernel;
import org.jocl.cl_mem;
import org.jspecify.annotations.Nullable;

/**
 * The commands of one launch. Calls come one after another; copies have lanes of their own, and
 * wait for those calls that they have to do with. Where lanes keep times, {@link #times} has them
 * once all have ended.
 */
final class Commands implements AutoCloseable {
  private final Lanes lanes;
  private final List<Command> commands = new ArrayList<>();
  private final List<Told> told = new ArrayList<>();

  /** Others' commands that were waited for. */
  private final List<cl_event> others = new ArrayList<>();

  private @Nullable Called lastCall;

  sealed interface Command {
    cl_event event();
  }

  /**
   * A call that was asked for.
   *
   * @param number in the order of the lane
   */
  record Called(cl_event event, long number) implements Command {}

  private record Copy(cl_event event, DeviceTimes.Direction direction, long bytes)
      implements Command {}

  /** A copy that is told of when all has ended. */
  private record Told(TransferEvent event, Copy copy) {}

  Commands(Lanes lanes) {
    this.lanes = lanes;
  }

  // Calls

  /** Calls a function; work-items come in groups of so many. Returns at once. */
  void call(cl_kernel kernel, long items, long group) {
    call(kernel, items, group, List.of());
  }

  /** The same, after some copies. */
  cl_event call(cl_kernel kernel, long items, long group, List<cl_event> after) {
    long all = (items + group - 1) / group * group;
    return call(kernel, new long[] {all}, new long[] {group}, after);
  }

  /**
   * Calls a function over one to three dimensions. Returns at once.
   *
   * @param group work-items of a group in each; empty where the driver may choose
   */
  void call(cl_kernel kernel, long[] items, long[] group) {
    call(kernel, items, group, List.of());
  }

  /** The same, after some copies. */
  cl_event call(cl_kernel kernel, long[] items, long[] group, List<cl_event> after) {
    cl_event event = new cl_event();
    long @Nullable [] groups = group.length == 0 ? null : group;
    cl_command_queue queue = lanes.calls().queue();
    int count = after.size();
    return called(
        event,
        () ->
            CL.clEnqueueNDRangeKernel(
                queue, kernel, items.length, null, items, groups, count, array(after), event));
  }

  /** Fills memory with a byte. */
  void fill(cl_mem memory, byte value, long bytes) {
    cl_event event = new cl_event();
    Pointer pattern = Pointer.to(new byte[] {value});
    cl_command_queue queue = lanes.calls().queue();
    called(
        event, () -> CL.clEnqueueFillBuffer(queue, memory, pattern, 1, 0, bytes, 0, null, event));
  }

  /** Copies from one memory of the device to another. */
  void copy(cl_mem from, cl_mem to, long bytes) {
    copy(from, to, bytes, List.of());
  }

  /** The same, after other commands. */
  cl_event copy(cl_mem from, cl_mem to, long bytes, List<cl_event> after) {
    cl_event event = new cl_event();
    cl_command_queue queue = lanes.calls().queue();
    int count = after.size();
    return called(
        event,
        () -> CL.clEnqueueCopyBuffer(queue, from, to, 0, 0, bytes, count, array(after), event));
  }

  private cl_event called(cl_event event, Runnable enqueue) {
    Called called = new Called(event, lanes.calls().call(enqueue));
    commands.add(called);
    lastCall = called;
    return event;
  }

  /** The call after which all others have ended; empty where there was none. */
  Optional<Called> lastCall() {
    return Optional.ofNullable(lastCall);
  }

  /** Sees to it that calls begin that copies wait for. */
  void flush() {
    lanes.calls().flush();
  }

  // Copies

  /** Copies to the device, after the calls that use the memory. */
  void write(DeviceMemory memory, long address, long bytes) {
    Events.await(uses(memory)); // Here, not in the lane, which others' copies go to.
    TransferEvent told = FlightRecorder.isInitialized() ? TransferEvent.begun() : null;
    memory.forgetWrites();
    transfer(memory, address, bytes, DeviceTimes.Direction.TO_DEVICE, true, List.of());
    if (told != null) {
      told.tell(DeviceTimes.Direction.TO_DEVICE, bytes, 0);
    }
  }

  /** Copies to the host, after the call that writes the memory, and those made here. */
  void read(DeviceMemory memory, long address, long bytes) {
    List<cl_event> after = new ArrayList<>();
    memory.lastWrite().ifPresent(after::add);
    others.addAll(after);
    lastCall().map(Called::event).ifPresent(after::add);
    Events.await(after);
    TransferEvent told = FlightRecorder.isInitialized() ? TransferEvent.begun() : null;
    transfer(memory, address, bytes, DeviceTimes.Direction.TO_HOST, true, List.of());
    if (told != null) {
      told.tell(DeviceTimes.Direction.TO_HOST, bytes, 0);
    }
  }

  /** Copies to the device, after other commands. Returns at once: {@link #awaitAll} waits. */
  cl_event writeLater(DeviceMemory memory, long address, long bytes, List<cl_event> after) {
    List<cl_event> all = uses(memory);
    all.addAll(after);
    return later(memory, address, bytes, DeviceTimes.Direction.TO_DEVICE, all);
  }

  /** Copies to the host, after other commands. Returns at once: {@link #awaitAll} waits. */
  cl_event readLater(DeviceMemory memory, long address, long bytes, List<cl_event> after) {
    return later(memory, address, bytes, DeviceTimes.Direction.TO_HOST, after);
  }

  private cl_event later(
      DeviceMemory memory,
      long address,
      long bytes,
      DeviceTimes.Direction direction,
      List<cl_event> after) {
    TransferEvent begun = FlightRecorder.isInitialized() ? TransferEvent.begun() : null;
    Copy copy = transfer(memory, address, bytes, direction, false, after);
    lane(direction).flush();
    if (begun != null) {
      told.add(new Told(begun, copy));
    }
    return copy.event();
  }

  /** Others' calls that use memory, so far. */
  private List<cl_event> uses(DeviceMemory memory) {
    List<cl_event> uses = new ArrayList<>();
    memory.lastUse().ifPresent(uses::add);
    others.addAll(uses);
    return uses;
  }

  private Copy transfer(
      DeviceMemory memory,
      long address,
      long bytes,
      DeviceTimes.Direction direction,
      boolean blocking,
      List<cl_event> after) {
    cl_event event = new cl_event();
    cl_command_queue queue = lane(direction).queue();
    Pointer host = pointer(address, bytes);
    int count = after.size();
    cl_event @Nullable [] events = array(after);
    cl_mem mem = memory.memory();
    if (count > 0) {
      lanes.calls().flush();
    }
    switch (direction) {
      case TO_DEVICE ->
          CL.clEnqueueWriteBuffer(queue, mem, blocking, 0, bytes, host, count, events, event);
      case TO_HOST ->
          CL.clEnqueueReadBuffer(queue, mem, blocking, 0, bytes, host, count, events, event);
    }
    Copy copy = new Copy(event, direction, bytes);
    commands.add(copy);
    return copy;
  }

  private Lane lane(DeviceTimes.Direction direction) {
    return switch (direction) {
      case TO_DEVICE -> lanes.up();
      case TO_HOST -> lanes.down();
    };
  }

  /** Lets the host see memory that it shares with the device. */
  void show(cl_mem memory, long bytes) {
    cl_command_queue queue = lanes.calls().queue();
    ByteBuffer mapped =
        CL.clEnqueueMapBuffer(queue, memory, true, CL.CL_MAP_READ, 0, bytes, 0, null, null, null);
    CL.clEnqueueUnmapMemObject(queue, memory, mapped, 0, null, null);
  }

  private static cl_event @Nullable [] array(List<cl_event> events) {
    return events.isEmpty() ? null : events.toArray(cl_event[]::new);
  }

  // The end

  /** Returns when all calls have ended. */
  void await() {
    lastCall().ifPresent(last -> Events.await(List.of(last.event())));
  }

  /** Returns when all commands have ended, each of them well. */
  void awaitAll() {
    Events.await(commands.stream().map(Command::event).toList());
    for (Told one : told) {
      Copy copy = one.copy();
      one.event().tell(copy.direction(), copy.bytes(), Events.nanos(copy.event()));
    }
    told.clear();
  }

  /** Returns when nothing is under way any more, whatever became of it. */
  void finish() {
    lanes.finish();
  }

  /** How long each command took, when all have ended. */
  DeviceTimes times() {
    long kernels = 0;
    List<DeviceTimes.Transfer> transfers = new ArrayList<>();
    for (Command command : commands) {
      long nanos = Events.nanos(command.event());
      switch (command) {
        case Called called -> kernels += nanos;
        case Copy(cl_event event, var direction, long bytes) ->
            transfers.add(new DeviceTimes.Transfer(direction, bytes, nanos));
      }
    }
    return new DeviceTimes(kernels, transfers);
  }

  /** A pointer to an address: of its buffer, OpenCL only sees where it starts. */
  static Pointer pointer(long address, long bytes) {
    long seen = Math.min(bytes, Integer.MAX_VALUE);
    return Pointer.to(MemorySegment.ofAddress(address).reinterpret(seen).asByteBuffer());
  }

  @Override
  public void close() {
    commands.forEach(command -> CL.clReleaseEvent(command.event()));
    others.forEach(CL::clReleaseEvent);
  }
}
