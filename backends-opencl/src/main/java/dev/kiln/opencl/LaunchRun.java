package dev.kiln.opencl;

import dev.kiln.DType;
import dev.kiln.kernel.Kernel;
import dev.kiln.opencl.source.Argument;
import dev.kiln.opencl.source.Form;
import dev.kiln.opencl.source.PointText;
import dev.kiln.opencl.source.Source;
import dev.kiln.opencl.source.TeamText;
import dev.kiln.opencl.source.TileText;
import dev.kiln.opencl.source.Tiled;
import dev.kiln.spi.Buffer;
import dev.kiln.spi.Launch;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jocl.cl_event;
import org.jocl.cl_kernel;
import org.jocl.cl_mem;

/** One launch of a kernel: arrays enter, functions are called, for each piece of it. */
final class LaunchRun {
  /** Work-items of a group that reduce short sequences, each in private memory. */
  private static final int ALONE_GROUP = 64;

  private final Kernel kernel;
  private final Form form;
  private final Source source;
  private final ClDevice device;
  private final Arrays arrays;
  private final Commands commands;
  private final Launch launch;
  private final Geometry geometry;

  LaunchRun(
      Kernel kernel,
      Form form,
      Source source,
      ClDevice device,
      Arrays arrays,
      Commands commands,
      Launch launch,
      Geometry geometry) {
    this.kernel = kernel;
    this.form = form;
    this.source = source;
    this.device = device;
    this.arrays = arrays;
    this.commands = commands;
    this.launch = launch;
    this.geometry = geometry;
  }

  /** Calls the functions, piece by piece. */
  void run(Functions functions, List<Cut.Piece> pieces) {
    arrays.enter(pieces.getFirst());
    boolean lone = geometry.unitsOfRow() == 1 && source.loneBlocksAreDone() && outputsAtStart();
    List<cl_mem> parts = parts(lone);
    Call[] calls = functions.take();
    try {
      for (Cut.Piece piece : pieces) {
        List<cl_event> copies = arrays.enter(piece);
        arrays.called(enqueue(0, calls[0], piece, piece.end(), parts, copies));
      }
      if (calls.length > 1 && !lone) {
        arrays.called(enqueue(1, calls[1], pieces.getLast(), geometry.rows(), parts, List.of()));
      }
      arrays.publish();
    } finally {
      functions.give(calls);
    }
  }

  private boolean outputsAtStart() {
    return launch.outputs().stream().allMatch(access -> access.offset() == 0);
  }

  /** The scratch of reductions: an output itself where a lone block's result is the result. */
  private List<cl_mem> parts(boolean lone) {
    List<cl_mem> parts = new ArrayList<>();
    for (Source.Part part : source.parts()) {
      if (lone && part.output() >= 0) {
        parts.add(memory(launch.outputs().get(part.output())));
      } else {
        parts.add(arrays.scratch(geometry.units() * part.bytes()));
      }
    }
    return parts;
  }

  private cl_event enqueue(
      int function,
      Call call,
      Cut.Piece piece,
      long units,
      List<cl_mem> parts,
      List<cl_event> after) {
    List<Argument> arguments = source.functions().get(function).arguments();
    for (int a = 0; a < arguments.size(); a++) {
      set(call, a, arguments.get(a), piece, units, parts);
    }
    cl_kernel called = call.kernel();
    long items = geometry.workItems(function == 0 ? units - piece.begin() : units);
    return switch (form) {
      case Form.Points _ ->
          commands.call(
              called,
              PointText.workItems(kernel, units, geometry.inner()),
              PointText.group(geometry.inner()),
              after);
      case Form.Alone _ when function == 0 -> commands.call(called, items, ALONE_GROUP, after);
      case Form.Alone _, Form.Teams _ ->
          commands.call(called, TeamText.workItems(kernel, units), TeamText.group(), after);
      case Form.Tiles(List<Tiled> _, boolean processor) when !processor ->
          commands.call(called, items * TileText.GROUP, TileText.GROUP, after);
      case Form.Tiles _, Form.Columns _ -> commands.call(called, items, 1, after);
      case Form.Plain _ -> {
        // Of reductions a work-item has a block in private memory.
        boolean grouped = !device.isProcessor() && !kernel.reduces();
        yield commands.call(called, items, grouped ? TileText.GROUP : 1, after);
      }
    };
  }

  private void set(
      Call call, int at, Argument argument, Cut.Piece piece, long units, List<cl_mem> parts) {
    switch (argument) {
      case Argument.Begin begin -> set(call, at, piece.begin());
      case Argument.FirstBlock first -> set(call, at, piece.firstBlock());
      case Argument.BlocksHere here -> set(call, at, piece.blocks());
      case Argument.Units u -> set(call, at, units);
      case Argument.Chunk chunk -> set(call, at, geometry.chunk());
      case Argument.Strip strip -> set(call, at, geometry.strip());
      case Argument.Blocks blocks -> set(call, at, geometry.unitsOfRow());
      case Argument.Count count -> set(call, at, geometry.inner());
      case Argument.Extent(int dimension) -> set(call, at, launch.extents().get(dimension));
      case Argument.Operand(int operand, DType dtype) ->
          call.memory(at, memory(launch.operands().get(operand)));
      case Argument.OperandOffset(int operand) ->
          set(
              call,
              at,
              offset(launch.operands().get(operand), kernel.operands().get(operand).dtype()));
      case Argument.OperandStride(int operand, int dimension) ->
          set(call, at, launch.operands().get(operand).strides().get(dimension));
      case Argument.Param(int index, DType dtype) ->
          call.number(at, dtype.bytes(), launch.params().get(index));
      case Argument.Output(int output, DType dtype) ->
          call.memory(at, memory(launch.outputs().get(output)));
      case Argument.OutputOffset(int output) ->
          set(call, at, offset(launch.outputs().get(output), kernel.outputs().get(output).dtype()));
      case Argument.OutputStride(int output, int dimension) ->
          set(call, at, launch.outputs().get(output).strides().get(dimension));
      case Argument.Part(int part, DType dtype) -> call.memory(at, parts.get(part));
    }
  }

  private void set(Call call, int at, long number) {
    call.number(at, geometry.wide() ? Long.BYTES : Integer.BYTES, number);
  }

  /** The first point, in elements from where the memory begins. */
  private long offset(Launch.Access access, DType dtype) {
    Buffer buffer = access.buffer();
    if (buffer == null) {
      return access.offset();
    }
    long first = arrays.firstByte(buffer);
    if (first % dtype.bytes() != 0) {
      throw new AssertionError("a slice that begins within an element: byte " + first);
    }
    return access.offset() - first / dtype.bytes();
  }

  private cl_mem memory(Launch.Access access) {
    return arrays.memory(buffer(access));
  }

  static Buffer buffer(Launch.Access access) {
    return Objects.requireNonNull(access.buffer(), "memory without a buffer");
  }
}
