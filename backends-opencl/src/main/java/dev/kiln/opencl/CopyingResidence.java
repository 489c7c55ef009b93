package dev.kiln.opencl;

import dev.kiln.spi.Buffer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jocl.CL;
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
  public View enter(Commands commands, Buffer buffer, Use use) {
    long bytes = buffer.byteSize();
    View scratch = scratch(bytes);
    long address = buffer.pin();
    View view = new View(scratch.memory(), bytes, buffer, address);
    if (use != Use.WRITE) {
      try {
        commands.write(view.memory(), address, bytes);
      } catch (Throwable e) {
        leave(view);
        throw e;
      }
    }
    return view;
  }

  @Override
  public void publish(Commands commands, View view) {
    commands.read(view.memory(), view.address(), view.bytes());
  }

  @Override
  public void leave(View view) {
    keep(view.memory(), view.bytes());
    Buffer buffer = view.buffer();
    if (buffer != null) {
      buffer.unpin();
    }
  }

  private synchronized void keep(cl_mem memory, long bytes) {
    if (held + bytes > most) {
      CL.clReleaseMemObject(memory);
      return;
    }
    held += bytes;
    free.computeIfAbsent(bytes, size -> new ArrayDeque<>()).push(memory);
  }

  @Override
  public View scratch(long bytes) {
    cl_mem kept = take(bytes);
    cl_mem memory =
        kept != null ? kept : CL.clCreateBuffer(context, CL.CL_MEM_READ_WRITE, bytes, null, null);
    return new View(memory, bytes, null, 0);
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
