package dev.kiln.opencl;

import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_kernel;
import org.jocl.cl_mem;

/**
 * A function of a program and the arguments that it was given. A number that has not changed since
 * the last call is not given again: each costs a microsecond.
 */
final class Call implements AutoCloseable {
  private final cl_kernel kernel;
  private final long[] numbers;

  /** The bytes of each number; 0 where none was given last. */
  private final int[] sizes;

  Call(cl_kernel kernel) {
    this.kernel = kernel;
    int arguments = (int) Query.of(kernel).number(CL.CL_KERNEL_NUM_ARGS);
    this.numbers = new long[arguments];
    this.sizes = new int[arguments];
  }

  cl_kernel kernel() {
    return kernel;
  }

  /** Processors that Java and OpenCL share have the lowest byte first. */
  void number(int at, int bytes, long bits) {
    if (sizes[at] == bytes && numbers[at] == bits) {
      return;
    }
    CL.clSetKernelArg(kernel, at, bytes, Pointer.to(new long[] {bits}));
    numbers[at] = bits;
    sizes[at] = bytes;
  }

  /** Memory is made anew for each launch, at places that may have been others'. */
  void memory(int at, cl_mem memory) {
    sizes[at] = 0;
    CL.clSetKernelArg(kernel, at, Sizeof.cl_mem, Pointer.to(memory));
  }

  /** A pointer to nothing. */
  void nothing(int at) {
    sizes[at] = 0;
    CL.clSetKernelArg(kernel, at, Sizeof.cl_mem, null);
  }

  /** Memory that the work-items of a group share. */
  void local(int at, long bytes) {
    sizes[at] = 0;
    CL.clSetKernelArg(kernel, at, bytes, null);
  }

  @Override
  public void close() {
    CL.clReleaseKernel(kernel);
  }
}
