package dev.kiln.opencl;

import dev.kiln.spi.DeviceTimes;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import jdk.jfr.FlightRecorder;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.cl_command_queue;
import org.jocl.cl_event;
import org.jocl.cl_kernel;
import org.jocl.cl_mem;
import org.jspecify.annotations.Nullable;

/**
 * The commands of one launch, on a queue that does one after another. Where the queue keeps times,
 * {@link #times} has them once all have ended.
 */
final class Commands implements AutoCloseable {
  private final cl_command_queue queue;
  private final List<Command> commands = new ArrayList<>();

  private sealed interface Command {
    cl_event event();
  }

  private record Call(cl_event event) implements Command {}

  private record Copy(cl_event event, DeviceTimes.Direction direction, long bytes)
      implements Command {}

  Commands(cl_command_queue queue) {
    this.queue = queue;
  }

  /** Calls a function; work-items come in groups of so many. Returns at once. */
  void call(cl_kernel kernel, long items, long group) {
    call(kernel, new long[] {(items + group - 1) / group * group}, new long[] {group});
  }

  /**
   * Calls a function over one to three dimensions. Returns at once.
   *
   * @param group work-items of a group in each; empty where the driver may choose
   */
  void call(cl_kernel kernel, long[] items, long[] group) {
    cl_event event = new cl_event();
    long @Nullable [] groups = group.length == 0 ? null : group;
    CL.clEnqueueNDRangeKernel(queue, kernel, items.length, null, items, groups, 0, null, event);
    commands.add(new Call(event));
  }

  /** Copies to the device. */
  void write(cl_mem memory, long address, long bytes) {
    TransferEvent told = FlightRecorder.isInitialized() ? TransferEvent.begun() : null;
    cl_event event = new cl_event();
    CL.clEnqueueWriteBuffer(queue, memory, true, 0, bytes, pointer(address, bytes), 0, null, event);
    commands.add(new Copy(event, DeviceTimes.Direction.TO_DEVICE, bytes));
    if (told != null) {
      told.tell(DeviceTimes.Direction.TO_DEVICE, bytes);
    }
  }

  /** Copies to the host. */
  void read(cl_mem memory, long address, long bytes) {
    TransferEvent told = FlightRecorder.isInitialized() ? TransferEvent.begun() : null;
    if (told != null && told.isEnabled()) {
      await(); // What was computed before is not part of it.
      told.begin();
    }
    cl_event event = new cl_event();
    CL.clEnqueueReadBuffer(queue, memory, true, 0, bytes, pointer(address, bytes), 0, null, event);
    commands.add(new Copy(event, DeviceTimes.Direction.TO_HOST, bytes));
    if (told != null) {
      told.tell(DeviceTimes.Direction.TO_HOST, bytes);
    }
  }

  /** Lets the host see memory that it shares with the device. */
  void show(cl_mem memory, long bytes) {
    ByteBuffer mapped =
        CL.clEnqueueMapBuffer(queue, memory, true, CL.CL_MAP_READ, 0, bytes, 0, null, null, null);
    CL.clEnqueueUnmapMemObject(queue, memory, mapped, 0, null, null);
  }

  /** Fills memory with a byte. */
  void fill(cl_mem memory, byte value, long bytes) {
    cl_event event = new cl_event();
    Pointer pattern = Pointer.to(new byte[] {value});
    CL.clEnqueueFillBuffer(queue, memory, pattern, 1, 0, bytes, 0, null, event);
    commands.add(new Call(event));
  }

  /** Copies from one memory of the device to another. */
  void copy(cl_mem from, cl_mem to, long bytes) {
    cl_event event = new cl_event();
    CL.clEnqueueCopyBuffer(queue, from, to, 0, 0, bytes, 0, null, event);
    commands.add(new Call(event));
  }

  /** Returns when all commands have ended. */
  void await() {
    if (!commands.isEmpty()) {
      CL.clWaitForEvents(1, new cl_event[] {commands.getLast().event()});
    }
  }

  /** Returns when nothing is under way any more, whatever became of it. */
  void finish() {
    CL.clFinish(queue);
  }

  /** How long each command took, when all have ended. */
  DeviceTimes times() {
    long kernels = 0;
    List<DeviceTimes.Transfer> transfers = new ArrayList<>();
    for (Command command : commands) {
      long nanos = nanos(command.event());
      switch (command) {
        case Call call -> kernels += nanos;
        case Copy(cl_event event, var direction, long bytes) ->
            transfers.add(new DeviceTimes.Transfer(direction, bytes, nanos));
      }
    }
    return new DeviceTimes(kernels, transfers);
  }

  private static long nanos(cl_event event) {
    return time(event, CL.CL_PROFILING_COMMAND_END) - time(event, CL.CL_PROFILING_COMMAND_START);
  }

  private static long time(cl_event event, int which) {
    long[] time = new long[1];
    CL.clGetEventProfilingInfo(event, which, Long.BYTES, Pointer.to(time), null);
    return time[0];
  }

  /** A pointer to an address: of its buffer, OpenCL only sees where it starts. */
  static Pointer pointer(long address, long bytes) {
    long seen = Math.min(bytes, Integer.MAX_VALUE);
    return Pointer.to(MemorySegment.ofAddress(address).reinterpret(seen).asByteBuffer());
  }

  @Override
  public void close() {
    commands.forEach(command -> CL.clReleaseEvent(command.event()));
  }
}
