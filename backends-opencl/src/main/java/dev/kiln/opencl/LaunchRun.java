package dev.kiln.opencl;

import dev.kiln.DType;
import dev.kiln.kernel.Kernel;
import dev.kiln.opencl.source.Argument;
import dev.kiln.opencl.source.Source;
import dev.kiln.spi.Buffer;
import dev.kiln.spi.Launch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_kernel;
import org.jocl.cl_mem;

/**
 * One launch: arrays enter the device, functions are called, what they wrote is published. Each
 * array enters once, however many operands read it.
 */
final class LaunchRun implements AutoCloseable {
  private static final long GPU_GROUP = 256;

  private final Kernel kernel;
  private final Source source;
  private final OpenClBackend.Machine machine;
  private final Launch launch;
  private final Geometry geometry;
  private final Map<Buffer, View> views = new HashMap<>();
  private final List<View> scratch = new ArrayList<>();
  private final List<Buffer> pinned = new ArrayList<>();
  private boolean done;

  private record View(cl_mem memory, long address, long bytes) {}

  LaunchRun(
      Kernel kernel,
      Source source,
      OpenClBackend.Machine machine,
      Launch launch,
      Geometry geometry) {
    this.kernel = kernel;
    this.source = source;
    this.machine = machine;
    this.launch = launch;
    this.geometry = geometry;
  }

  /** Runs it and returns when the outputs are written. */
  void run(Functions functions) {
    for (int o = 0; o < launch.outputs().size(); o++) {
      Launch.Access access = launch.outputs().get(o);
      long written = points() * kernel.outputs().get(o).dtype().bytes();
      boolean whole = written == buffer(access).byteSize();
      enter(buffer(access), whole ? Residence.Use.WRITE : Residence.Use.UPDATE);
    }
    for (Launch.Access access : launch.operands()) {
      if (access.buffer() != null) {
        enter(access.buffer(), Residence.Use.READ);
      }
    }
    boolean lone = geometry.unitsOfRow() == 1 && source.loneBlocksAreDone() && outputsAtStart();
    List<cl_mem> parts = parts(lone);
    cl_kernel[] kernels = functions.take();
    try {
      call(0, kernels[0], geometry.units(), parts);
      if (kernels.length > 1 && !lone) {
        call(1, kernels[1], geometry.rows(), parts);
      }
      for (Launch.Access access : launch.outputs()) {
        View view = view(access);
        machine.residence().publish(machine.queue(), view.memory(), view.address(), view.bytes());
      }
      done = true;
    } finally {
      if (!done) {
        CL.clFinish(machine.queue());
      }
      functions.give(kernels);
    }
  }

  private long points() {
    return kernel.reduces() ? geometry.rows() : geometry.rows() * geometry.inner();
  }

  private boolean outputsAtStart() {
    return launch.outputs().stream().allMatch(access -> access.offset() == 0);
  }

  /** The scratch of reductions: an output itself where a lone block's result is the result. */
  private List<cl_mem> parts(boolean lone) {
    List<cl_mem> parts = new ArrayList<>();
    for (Source.Part part : source.parts()) {
      if (lone && part.output() >= 0) {
        parts.add(view(launch.outputs().get(part.output())).memory());
      } else {
        long bytes = geometry.units() * part.bytes();
        machine.device().checkFits(bytes);
        View view = new View(machine.residence().scratch(bytes), 0, bytes);
        scratch.add(view);
        parts.add(view.memory());
      }
    }
    return parts;
  }

  private void enter(Buffer buffer, Residence.Use use) {
    if (views.containsKey(buffer)) {
      return;
    }
    machine.device().checkFits(buffer.byteSize());
    long address = buffer.pin();
    pinned.add(buffer);
    cl_mem memory = machine.residence().enter(machine.queue(), address, buffer.byteSize(), use);
    views.put(buffer, new View(memory, address, buffer.byteSize()));
  }

  private void call(int function, cl_kernel kernel, long units, List<cl_mem> parts) {
    List<Argument> arguments = source.functions().get(function).arguments();
    for (int a = 0; a < arguments.size(); a++) {
      set(kernel, a, arguments.get(a), units, parts);
    }
    long items = geometry.workItems(units);
    boolean grouped = !machine.device().isProcessor() && !this.kernel.reduces();
    long[] group = {grouped ? GPU_GROUP : 1};
    long[] all = {(items + group[0] - 1) / group[0] * group[0]};
    CL.clEnqueueNDRangeKernel(machine.queue(), kernel, 1, null, all, group, 0, null, null);
  }

  private void set(cl_kernel kernel, int at, Argument argument, long units, List<cl_mem> parts) {
    switch (argument) {
      case Argument.Units u -> set(kernel, at, units);
      case Argument.Chunk chunk -> set(kernel, at, geometry.chunk());
      case Argument.Strip strip -> set(kernel, at, geometry.strip());
      case Argument.Blocks blocks -> set(kernel, at, geometry.unitsOfRow());
      case Argument.Count count -> set(kernel, at, geometry.inner());
      case Argument.Extent(int dimension) -> set(kernel, at, launch.extents().get(dimension));
      case Argument.Operand(int operand, DType dtype) ->
          set(kernel, at, view(launch.operands().get(operand)).memory());
      case Argument.OperandOffset(int operand) ->
          set(kernel, at, launch.operands().get(operand).offset());
      case Argument.OperandStride(int operand, int dimension) ->
          set(kernel, at, launch.operands().get(operand).strides().get(dimension));
      case Argument.Param(int index, DType dtype) ->
          scalar(kernel, at, dtype.bytes(), launch.params().get(index));
      case Argument.Output(int output, DType dtype) ->
          set(kernel, at, view(launch.outputs().get(output)).memory());
      case Argument.OutputOffset(int output) ->
          set(kernel, at, launch.outputs().get(output).offset());
      case Argument.OutputStride(int output, int dimension) ->
          set(kernel, at, launch.outputs().get(output).strides().get(dimension));
      case Argument.Part(int part, DType dtype) -> set(kernel, at, parts.get(part));
    }
  }

  private void set(cl_kernel kernel, int at, long number) {
    scalar(kernel, at, geometry.wide() ? Long.BYTES : Integer.BYTES, number);
  }

  private static void set(cl_kernel kernel, int at, cl_mem memory) {
    CL.clSetKernelArg(kernel, at, Sizeof.cl_mem, Pointer.to(memory));
  }

  /** Processors that Java and OpenCL share have the lowest byte first. */
  private static void scalar(cl_kernel kernel, int at, int bytes, long bits) {
    CL.clSetKernelArg(kernel, at, bytes, Pointer.to(new long[] {bits}));
  }

  private View view(Launch.Access access) {
    return Objects.requireNonNull(views.get(buffer(access)), "an array that did not enter");
  }

  static Buffer buffer(Launch.Access access) {
    return Objects.requireNonNull(access.buffer(), "memory without a buffer");
  }

  @Override
  public void close() {
    views.values().forEach(view -> machine.residence().leave(view.memory(), view.bytes()));
    scratch.forEach(view -> machine.residence().leave(view.memory(), view.bytes()));
    pinned.forEach(Buffer::unpin);
  }
}
