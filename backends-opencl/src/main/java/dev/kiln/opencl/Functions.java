package dev.kiln.opencl;

import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jocl.CL;
import org.jocl.cl_program;

/**
 * A compiled program's functions. OpenCL keeps a call's arguments in its kernel object, so each
 * thread takes objects of its own, and gives them back for the next.
 */
final class Functions implements AutoCloseable {
  private final List<String> names;
  private final cl_program program;
  private final ConcurrentLinkedQueue<Call[]> free = new ConcurrentLinkedQueue<>();

  Functions(List<String> names, cl_program program) {
    this.names = List.copyOf(names);
    this.program = program;
  }

  /** An object for each function. */
  Call[] take() {
    Call[] kept = free.poll();
    if (kept != null) {
      return kept;
    }
    Call[] made = new Call[names.size()];
    for (int f = 0; f < made.length; f++) {
      made[f] = new Call(CL.clCreateKernel(program, names.get(f), null));
    }
    return made;
  }

  void give(Call[] calls) {
    free.add(calls);
  }

  @Override
  public void close() {
    for (Call[] calls = free.poll(); calls != null; calls = free.poll()) {
      for (Call call : calls) {
        call.close();
      }
    }
    CL.clReleaseProgram(program);
  }
}
