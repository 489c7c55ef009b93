package dev.kiln.opencl;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jocl.CL;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_mem;
import org.jspecify.annotations.Nullable;

/**
 * For devices with memory of their own: arrays are copied there before a launch and back after it.
 * Their memory is kept for the next launch, since drivers take long to allocate.
 */
final class CopyingResidence implements Residence {
  private final cl_context context;
  private final long most;
  private final Map<Long, ArrayDeque<cl_mem>> free = new HashMap<>();
  private long held;

  /**
   * Nothing is held yet.
   *
   * @param most bytes that are held for later
   */
  CopyingResidence(cl_context context, long most) {
    this.context = context;
    this.most = most;
  }

  @Override
  public cl_mem enter(cl_command_queue queue, long address, long bytes, Use use) {
    cl_mem memory = scratch(bytes);
    if (use != Use.WRITE) {
      CL.clEnqueueWriteBuffer(
          queue, memory, true, 0, bytes, SharedResidence.pointer(address, bytes), 0, null, null);
    }
    return memory;
  }

  @Override
  public void publish(cl_command_queue queue, cl_mem memory, long address, long bytes) {
    CL.clEnqueueReadBuffer(
        queue, memory, true, 0, bytes, SharedResidence.pointer(address, bytes), 0, null, null);
  }

  @Override
  public synchronized void leave(cl_mem memory, long bytes) {
    if (held + bytes > most) {
      CL.clReleaseMemObject(memory);
      return;
    }
    held += bytes;
    free.computeIfAbsent(bytes, size -> new ArrayDeque<>()).push(memory);
  }

  @Override
  public cl_mem scratch(long bytes) {
    cl_mem kept = take(bytes);
    return kept != null
        ? kept
        : CL.clCreateBuffer(context, CL.CL_MEM_READ_WRITE, bytes, null, null);
  }

  private synchronized @Nullable cl_mem take(long bytes) {
    ArrayDeque<cl_mem> kept = free.get(bytes);
    cl_mem memory = kept == null ? null : kept.poll();
    held -= memory == null ? 0 : bytes;
    return memory;
  }

  /** The bytes that are held for later. */
  synchronized long held() {
    return held;
  }

  @Override
  public synchronized void trim() {
    free.values().forEach(kept -> kept.forEach(CL::clReleaseMemObject));
    free.clear();
    held = 0;
  }

  @Override
  public void close() {
    trim();
  }
}
