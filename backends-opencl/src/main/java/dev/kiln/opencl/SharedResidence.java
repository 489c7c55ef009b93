package dev.kiln.opencl;

import dev.kiln.spi.Buffer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jocl.CL;
import org.jocl.cl_context;
import org.jocl.cl_mem;

/** For devices that work on the host's memory: nothing is copied. */
final class SharedResidence implements Residence {
  /** What every element is aligned to; who wraps memory may lend some that is not. */
  private static final int ALIGNMENT = 8;

  private static final long PROBE = 4096;

  private final cl_context context;
  private final boolean inPlace;

  /**
   * On a device of that context.
   *
   * @param inPlace whether what a command has written is in the host's memory as soon as it has
   *     ended; otherwise the device is asked for it, which takes longer than a small launch
   */
  SharedResidence(cl_context context, boolean inPlace) {
    this.context = context;
    this.inPlace = inPlace;
  }

  /**
   * Whether a processor's driver works on memory where it lies. OpenCL allows a driver to keep a
   * copy, so it is tried.
   */
  static boolean worksInPlace(cl_context context, Lanes lanes) {
    try (Arena arena = Arena.ofConfined();
        Commands commands = new Commands(lanes)) {
      MemorySegment memory = arena.allocate(PROBE, PROBE);
      cl_mem buffer = over(context, memory.address(), PROBE, CL.CL_MEM_USE_HOST_PTR);
      try {
        commands.fill(buffer, (byte) 42, PROBE);
        commands.await();
        return memory.get(ValueLayout.JAVA_BYTE, 0) == 42
            && memory.get(ValueLayout.JAVA_BYTE, PROBE - 1) == 42;
      } finally {
        CL.clReleaseMemObject(buffer);
      }
    }
  }

  private static cl_mem over(cl_context context, long address, long bytes, long how) {
    long flags = CL.CL_MEM_READ_WRITE | how;
    return CL.clCreateBuffer(context, flags, bytes, Commands.pointer(address, bytes), null);
  }

  @Override
  public View enter(Commands commands, Buffer buffer, Use use) {
    long address = use == Use.READ ? buffer.show() : buffer.pin();
    try {
      boolean aligned = address % ALIGNMENT == 0;
      if (!aligned && use != Use.READ) {
        throw new AssertionError("the engine's own memory is aligned");
      }
      long how = aligned ? CL.CL_MEM_USE_HOST_PTR : CL.CL_MEM_COPY_HOST_PTR;
      long bytes = buffer.byteSize();
      cl_mem memory = over(context, address, bytes, how);
      return new View(new DeviceMemory(memory, bytes), buffer, address);
    } catch (Throwable e) {
      buffer.unpin();
      throw e;
    }
  }

  @Override
  public void publish(Commands commands, View view) {
    if (inPlace) {
      commands.await();
    } else {
      commands.show(view.memory(), view.bytes());
    }
  }

  @Override
  public void leave(Commands commands, View view) {
    view.device().release();
    Buffer buffer = view.buffer();
    if (buffer != null) {
      buffer.unpin();
    }
  }

  @Override
  public View scratch(long bytes) {
    cl_mem memory = CL.clCreateBuffer(context, CL.CL_MEM_READ_WRITE, bytes, null, null);
    return new View(new DeviceMemory(memory, bytes), null, 0);
  }

  @Override
  public void trim() {
    // Nothing is held.
  }

  @Override
  public void close() {
    // Nothing is held.
  }
}
