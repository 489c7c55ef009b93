package dev.kiln.opencl;

import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_kernel;
import org.jocl.cl_mem;

/**
 * A function of a program and the arguments that it was given. One that has not changed since the
 * last call is not given again: each costs a microsecond.
 */
final class Call implements AutoCloseable {
  private final cl_kernel kernel;
  private final long[] numbers;
  private final boolean[] given;

  Call(cl_kernel kernel, int arguments) {
    this.kernel = kernel;
    this.numbers = new long[arguments];
    this.given = new boolean[arguments];
  }

  cl_kernel kernel() {
    return kernel;
  }

  /** Processors that Java and OpenCL share have the lowest byte first. */
  void number(int at, int bytes, long bits) {
    if (given[at] && numbers[at] == bits) {
      return;
    }
    CL.clSetKernelArg(kernel, at, bytes, Pointer.to(new long[] {bits}));
    numbers[at] = bits;
    given[at] = true;
  }

  /** Memory is made anew for each launch, at places that may have been others'. */
  void memory(int at, cl_mem memory) {
    CL.clSetKernelArg(kernel, at, Sizeof.cl_mem, Pointer.to(memory));
  }

  @Override
  public void close() {
    CL.clReleaseKernel(kernel);
  }
}
