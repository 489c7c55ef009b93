package dev.kiln.opencl;

import dev.kiln.DType;
import dev.kiln.kernel.ForeignKernel;
import dev.kiln.kernel.ForeignKernel.Argument;
import dev.kiln.spi.RoutineExecutable;
import dev.kiln.spi.RoutineLaunch;
import java.util.Iterator;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_kernel;
import org.jocl.cl_mem;
import org.jspecify.annotations.Nullable;

/** Launches a user's own kernel, which was checked. */
record ForeignRun(ForeignKernel kernel, Functions functions, OpenClBackend.Machine machine)
    implements RoutineExecutable {
  @Override
  public void launch(RoutineLaunch launch) {
    Shortage.retry(machine, () -> run(launch));
  }

  private void run(RoutineLaunch launch) {
    cl_kernel[] taken = functions.take();
    try (Visit visit = new Visit(machine)) {
      Iterator<RoutineLaunch.Array> inputs = launch.inputs().iterator();
      Iterator<RoutineLaunch.Array> outputs = launch.outputs().iterator();
      for (int a = 0; a < kernel.arguments().size(); a++) {
        switch (kernel.arguments().get(a)) {
          case Argument.Input _ -> set(taken[0], a, read(visit, inputs.next()));
          case Argument.Result(DType _, var _, boolean isUpdate) -> {
            RoutineLaunch.Array output = outputs.next();
            cl_mem memory = visit.write(output.buffer());
            if (isUpdate) {
              copy(visit.read(inputs.next().buffer()), memory, output.buffer().byteSize());
            }
            set(taken[0], a, memory);
          }
          case Argument.Scalar(DType dtype, long bits) ->
              CL.clSetKernelArg(taken[0], a, dtype.bytes(), Pointer.to(new long[] {bits}));
          case Argument.Local(long bytes) -> CL.clSetKernelArg(taken[0], a, bytes, null);
        }
      }
      long[] items = kernel.items().stream().mapToLong(Long::longValue).toArray();
      long[] group = kernel.group().stream().mapToLong(Long::longValue).toArray();
      CL.clEnqueueNDRangeKernel(
          machine.queue(),
          taken[0],
          items.length,
          null,
          items,
          group.length == 0 ? null : group,
          0,
          null,
          null);
      visit.publish();
    } finally {
      functions.give(taken);
    }
  }

  /** Nothing, where there are no elements: OpenCL has no memory of that size. */
  private static @Nullable cl_mem read(Visit visit, RoutineLaunch.Array array) {
    return array.shape().size() == 0 ? null : visit.read(array.buffer());
  }

  private void copy(cl_mem from, cl_mem to, long bytes) {
    CL.clEnqueueCopyBuffer(machine.queue(), from, to, 0, 0, bytes, 0, null, null);
  }

  private static void set(cl_kernel kernel, int at, @Nullable cl_mem memory) {
    CL.clSetKernelArg(kernel, at, Sizeof.cl_mem, memory == null ? null : Pointer.to(memory));
  }

  @Override
  public String describe() {
    return "a kernel of the user's own, over "
        + kernel.items()
        + (kernel.group().isEmpty() ? "" : " in groups of " + kernel.group());
  }
}
