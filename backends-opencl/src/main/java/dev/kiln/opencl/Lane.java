package dev.kiln.opencl;

import org.jocl.CL;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;

/**
 * A queue of commands that a device does one after another.
 *
 * @param timed whether the device notes when each begins and ends; some take longer then
 */
record Lane(cl_command_queue queue, boolean timed) implements AutoCloseable {
  @SuppressWarnings("deprecation") // The newer function is missing before OpenCL 2.
  static Lane open(cl_context context, ClDevice device, boolean timed) {
    long properties = timed ? CL.CL_QUEUE_PROFILING_ENABLE : 0;
    return new Lane(CL.clCreateCommandQueue(context, device.id(), properties, null), timed);
  }

  @Override
  public void close() {
    CL.clReleaseCommandQueue(queue);
  }
}
