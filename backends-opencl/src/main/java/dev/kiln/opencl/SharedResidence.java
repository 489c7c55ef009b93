package dev.kiln.opencl;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_mem;

/** For devices that work on the host's memory: nothing is copied. */
final class SharedResidence implements Residence {
  /** What every element is aligned to; who wraps memory may lend some that is not. */
  private static final int ALIGNMENT = 8;

  private final cl_context context;

  SharedResidence(cl_context context) {
    this.context = context;
  }

  @Override
  public cl_mem enter(cl_command_queue queue, long address, long bytes, Use use) {
    boolean aligned = address % ALIGNMENT == 0;
    if (!aligned && use != Use.READ) {
      throw new AssertionError("the engine's own memory is aligned");
    }
    long how = aligned ? CL.CL_MEM_USE_HOST_PTR : CL.CL_MEM_COPY_HOST_PTR;
    return CL.clCreateBuffer(
        context, CL.CL_MEM_READ_WRITE | how, bytes, pointer(address, bytes), null);
  }

  /** A pointer to an address: of its buffer, OpenCL only sees where it starts. */
  static Pointer pointer(long address, long bytes) {
    long seen = Math.min(bytes, Integer.MAX_VALUE);
    return Pointer.to(MemorySegment.ofAddress(address).reinterpret(seen).asByteBuffer());
  }

  @Override
  public void publish(cl_command_queue queue, cl_mem memory, long address, long bytes) {
    ByteBuffer mapped =
        CL.clEnqueueMapBuffer(queue, memory, true, CL.CL_MAP_READ, 0, bytes, 0, null, null, null);
    CL.clEnqueueUnmapMemObject(queue, memory, mapped, 0, null, null);
  }

  @Override
  public void leave(cl_mem memory, long bytes) {
    CL.clReleaseMemObject(memory);
  }

  @Override
  public cl_mem scratch(long bytes) {
    return CL.clCreateBuffer(context, CL.CL_MEM_READ_WRITE, bytes, null, null);
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
