package dev.kiln.opencl;

import org.jocl.CL;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;

/** A queue of commands that a device does one after another. */
final class Lane implements AutoCloseable {
  private final cl_command_queue queue;
  private long calls;

  private Lane(cl_command_queue queue) {
    this.queue = queue;
  }

  /**
   * An empty one.
   *
   * @param timed whether the device notes when each command begins and ends; some take longer then
   */
  @SuppressWarnings("deprecation") // The newer function is missing before OpenCL 2.
  static Lane open(cl_context context, ClDevice device, boolean timed) {
    long properties = timed ? CL.CL_QUEUE_PROFILING_ENABLE : 0;
    return new Lane(CL.clCreateCommandQueue(context, device.id(), properties, null));
  }

  cl_command_queue queue() {
    return queue;
  }

  /**
   * Asks for a call.
   *
   * @return its number in the order of the lane
   */
  synchronized long call(Runnable enqueue) {
    enqueue.run();
    return ++calls;
  }

  /** Sees to it that what was asked for begins, though nobody waits for it here. */
  void flush() {
    CL.clFlush(queue);
  }

  /** Returns when nothing is under way any more, whatever became of it. */
  void finish() {
    CL.clFinish(queue);
  }

  @Override
  public void close() {
    CL.clReleaseCommandQueue(queue);
  }
}
