package dev.kiln.opencl;

import dev.kiln.opencl.source.Source;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jocl.CL;
import org.jocl.cl_program;

/**
 * A compiled program's functions. OpenCL keeps a call's arguments in its kernel object, so each
 * thread takes objects of its own, and gives them back for the next.
 */
final class Functions implements AutoCloseable {
  private final Source source;
  private final cl_program program;
  private final ConcurrentLinkedQueue<Call[]> free = new ConcurrentLinkedQueue<>();

  Functions(Source source, cl_program program) {
    this.source = source;
    this.program = program;
  }

  /** An object for each function. */
  Call[] take() {
    Call[] kept = free.poll();
    if (kept != null) {
      return kept;
    }
    Call[] made = new Call[source.functions().size()];
    for (int f = 0; f < made.length; f++) {
      Source.Function function = source.functions().get(f);
      made[f] =
          new Call(CL.clCreateKernel(program, function.name(), null), function.arguments().size());
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
