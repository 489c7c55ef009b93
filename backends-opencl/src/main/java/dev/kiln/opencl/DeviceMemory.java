package dev.kiln.opencl;

import java.util.Optional;
import org.jocl.CL;
import org.jocl.cl_event;
import org.jocl.cl_mem;
import org.jspecify.annotations.Nullable;

/**
 * Memory of a device, and the calls that copies must wait for: calls are not waited for, and copies
 * have lanes of their own.
 */
final class DeviceMemory {
  private final cl_mem memory;
  private final long bytes;
  private Commands.@Nullable Called lastUse;
  private Commands.@Nullable Called lastWrite;

  DeviceMemory(cl_mem memory, long bytes) {
    this.memory = memory;
    this.bytes = bytes;
  }

  cl_mem memory() {
    return memory;
  }

  long bytes() {
    return bytes;
  }

  /** A call reads or writes it. */
  synchronized void usedBy(Commands.Called call) {
    lastUse = later(lastUse, call);
  }

  /** A call writes it. */
  synchronized void writtenBy(Commands.Called call) {
    lastWrite = later(lastWrite, call);
  }

  /** Who launches first need not be first to say so. */
  private static Commands.Called later(Commands.@Nullable Called known, Commands.Called call) {
    if (known != null && known.number() > call.number()) {
      return known;
    }
    CL.clRetainEvent(call.event());
    release(known);
    return call;
  }

  /**
   * The call after which it may be written; empty where that has ended, well or not. Who asks
   * releases the event.
   */
  synchronized Optional<cl_event> lastUse() {
    return Optional.ofNullable(lastUse)
        .map(Commands.Called::event)
        .filter(event -> !Events.isComplete(event) && !Events.hasFailed(event))
        .map(DeviceMemory::retained);
  }

  /** The call after which it may be read, also if it has failed. Who asks releases the event. */
  synchronized Optional<cl_event> lastWrite() {
    return Optional.ofNullable(lastWrite).map(Commands.Called::event).map(DeviceMemory::retained);
  }

  private static cl_event retained(cl_event event) {
    CL.clRetainEvent(event);
    return event;
  }

  private static void release(Commands.@Nullable Called call) {
    if (call != null) {
      CL.clReleaseEvent(call.event());
    }
  }

  /** It gets contents that no call has written, or none. */
  synchronized void forgetWrites() {
    release(lastWrite);
    lastWrite = null;
  }

  /** Gives it back to the driver. */
  synchronized void release() {
    CL.clReleaseMemObject(memory);
    release(lastUse);
    release(lastWrite);
    lastUse = null;
    lastWrite = null;
  }
}
