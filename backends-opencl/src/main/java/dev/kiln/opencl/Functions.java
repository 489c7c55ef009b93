package dev.kiln.opencl;

import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jocl.CL;
import org.jocl.cl_kernel;
import org.jocl.cl_program;

/**
 * A compiled program's functions. OpenCL keeps a call's arguments in its kernel object, so each
 * thread takes objects of its own, and gives them back for the next.
 */
final class Functions implements AutoCloseable {
  private final List<String> names;
  private final cl_program program;
  private final ConcurrentLinkedQueue<cl_kernel[]> free = new ConcurrentLinkedQueue<>();

  Functions(List<String> names, cl_program program) {
    this.names = List.copyOf(names);
    this.program = program;
  }

  /** An object for each function. */
  cl_kernel[] take() {
    cl_kernel[] kept = free.poll();
    if (kept != null) {
      return kept;
    }
    cl_kernel[] made = new cl_kernel[names.size()];
    for (int f = 0; f < made.length; f++) {
      made[f] = CL.clCreateKernel(program, names.get(f), null);
    }
    return made;
  }

  void give(cl_kernel[] kernels) {
    free.add(kernels);
  }

  @Override
  public void close() {
    for (cl_kernel[] kernels = free.poll(); kernels != null; kernels = free.poll()) {
      for (cl_kernel kernel : kernels) {
        CL.clReleaseKernel(kernel);
      }
    }
    CL.clReleaseProgram(program);
  }
}
