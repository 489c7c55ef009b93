package dev.kiln.opencl;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.cl_context;
import org.jocl.cl_mem;
import org.jspecify.annotations.Nullable;

/** A device's memory, kept for the next use, since drivers take long to allocate. */
final class DevicePool {
  private final cl_context context;
  private final long most;
  private final Map<Long, ArrayDeque<DeviceMemory>> free = new HashMap<>();
  private final long limit;
  private long held;
  private long used;

  /**
   * Nothing is held yet.
   *
   * @param most bytes that are held for later
   * @param limit bytes that are held and in use
   */
  DevicePool(cl_context context, long most, long limit) {
    this.context = context;
    this.limit = limit;
    this.most = most;
  }

  /**
   * Memory with undefined contents.
   *
   * @throws CLException where there is none, as a driver does
   */
  synchronized DeviceMemory allocate(long bytes) {
    DeviceMemory memory = take(bytes);
    if (memory == null) {
      if (used + held + bytes > limit) {
        trim();
      }
      if (used + bytes > limit) {
        throw new CLException(
            bytes + " bytes beside " + used + " in use, of at most " + limit,
            CL.CL_MEM_OBJECT_ALLOCATION_FAILURE);
      }
      cl_mem made = CL.clCreateBuffer(context, CL.CL_MEM_READ_WRITE, bytes, null, null);
      memory = new DeviceMemory(made, bytes);
    }
    used += bytes;
    return memory;
  }

  private @Nullable DeviceMemory take(long bytes) {
    ArrayDeque<DeviceMemory> kept = free.get(bytes);
    DeviceMemory memory = kept == null ? null : kept.poll();
    held -= memory == null ? 0 : bytes;
    return memory;
  }

  /** Takes memory back; calls under way may use it, which whoever copies to it waits for. */
  synchronized void giveBack(DeviceMemory memory) {
    long bytes = memory.bytes();
    used -= bytes;
    memory.forgetWrites();
    if (held + bytes > most) {
      memory.release();
      return;
    }
    held += bytes;
    free.computeIfAbsent(bytes, size -> new ArrayDeque<>()).push(memory);
  }

  /** The bytes that are held for later. */
  synchronized long held() {
    return held;
  }

  /** Gives back what is held. */
  synchronized void trim() {
    free.values().forEach(kept -> kept.forEach(DeviceMemory::release));
    free.clear();
    held = 0;
  }
}
