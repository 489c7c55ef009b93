package dev.kiln.opencl;

import dev.kiln.DType;
import dev.kiln.kernel.ForeignKernel;
import dev.kiln.kernel.ForeignKernel.Argument;
import dev.kiln.spi.DeviceTimes;
import dev.kiln.spi.RoutineExecutable;
import dev.kiln.spi.RoutineLaunch;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jocl.cl_mem;

/** Launches a user's own kernel, which was checked. */
record ForeignRun(ForeignKernel kernel, Functions functions, OpenClBackend.Machine machine)
    implements RoutineExecutable {
  @Override
  public void launch(RoutineLaunch launch) {
    launch(launch, false);
  }

  @Override
  public Optional<DeviceTimes> launchTimed(RoutineLaunch launch) {
    return launch(launch, true);
  }

  private Optional<DeviceTimes> launch(RoutineLaunch launch, boolean timed) {
    return machine.launch(
        timed,
        (visit, commands) -> {
          Call[] calls = functions.take();
          try {
            give(calls[0], launch, visit, commands);
            commands.call(calls[0].kernel(), array(kernel.items()), array(kernel.group()));
          } finally {
            functions.give(calls);
          }
        });
  }

  /** Gives the call its arguments. */
  private void give(Call call, RoutineLaunch launch, Visit visit, Commands commands) {
    Iterator<RoutineLaunch.Array> inputs = launch.inputs().iterator();
    Iterator<RoutineLaunch.Array> outputs = launch.outputs().iterator();
    for (int a = 0; a < kernel.arguments().size(); a++) {
      switch (kernel.arguments().get(a)) {
        case Argument.Input _ -> read(call, a, visit, inputs.next());
        case Argument.Result(DType _, var _, boolean isUpdate) -> {
          RoutineLaunch.Array output = outputs.next();
          cl_mem memory = visit.write(output.buffer(), true).memory();
          if (isUpdate) {
            cl_mem from = visit.read(inputs.next().buffer()).memory();
            commands.copy(from, memory, output.buffer().byteSize());
          }
          call.memory(a, memory);
        }
        case Argument.Scalar(DType dtype, long bits) -> call.number(a, dtype.bytes(), bits);
        case Argument.Local(long bytes) -> call.local(a, bytes);
      }
    }
  }

  /** Nothing, where there are no elements: OpenCL has no memory of that size. */
  private static void read(Call call, int at, Visit visit, RoutineLaunch.Array array) {
    if (array.shape().size() == 0) {
      call.nothing(at);
    } else {
      call.memory(at, visit.read(array.buffer()).memory());
    }
  }

  private static long[] array(List<Long> numbers) {
    return numbers.stream().mapToLong(Long::longValue).toArray();
  }

  @Override
  public String describe() {
    return "a kernel of the user's own, over "
        + kernel.items()
        + (kernel.group().isEmpty() ? "" : " in groups of " + kernel.group());
  }
}
