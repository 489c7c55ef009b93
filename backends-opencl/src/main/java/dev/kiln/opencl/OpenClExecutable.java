package dev.kiln.opencl;

import dev.kiln.DType;
import dev.kiln.KilnException;
import dev.kiln.kernel.Bits;
import dev.kiln.kernel.Kernel;
import dev.kiln.kernel.Output;
import dev.kiln.opencl.source.Form;
import dev.kiln.opencl.source.Renderer;
import dev.kiln.opencl.source.Source;
import dev.kiln.spi.Buffer;
import dev.kiln.spi.DeviceTimes;
import dev.kiln.spi.Executable;
import dev.kiln.spi.Launch;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A kernel for one device: its programs, one for each form that launches of it have needed. */
final class OpenClExecutable implements Executable, AutoCloseable {
  /** A block of blocks of blocks: the canonical order is followed three levels deep. */
  private static final long LONGEST = 1L << 36;

  private final Kernel kernel;
  private final Source source;
  private final OpenClBackend.Machine machine;
  private final Programs programs;
  private final Settings settings;
  private final ConcurrentHashMap<Form, Text> texts = new ConcurrentHashMap<>();

  /** A text, and its program with element numbers of 32 and of 64 bits. */
  private record Text(Source source, Once<Functions> narrow, Once<Functions> wide) {}

  OpenClExecutable(
      Kernel kernel,
      Source source,
      OpenClBackend.Machine machine,
      Programs programs,
      Settings settings) {
    this.kernel = kernel;
    this.source = source;
    this.machine = machine;
    this.programs = programs;
    this.settings = settings;
  }

  private Text text(Form form) {
    Source text =
        form instanceof Form.Plain
            ? source
            : Renderer.render(kernel, machine.device().exactDivision(), form);
    return new Text(
        text, new Once<>(() -> functions(text, false)), new Once<>(() -> functions(text, true)));
  }

  private Functions functions(Source text, boolean wideIndex) {
    String options = Programs.options(machine.device(), wideIndex);
    return new Functions(
        text.functions().stream().map(Source.Function::name).toList(),
        programs.build(text.text(), options));
  }

  @Override
  public void launch(Launch launch) {
    launch(launch, false);
  }

  @Override
  public Optional<DeviceTimes> launchTimed(Launch launch) {
    return launch(launch, true);
  }

  /** Times are empty where none are wanted, or nothing had to be done. */
  private Optional<DeviceTimes> launch(Launch launch, boolean timed) {
    boolean processor = machine.device().isProcessor();
    Geometry geometry = Geometry.of(kernel, launch, processor);
    if (geometry.inner() == 0) {
      ofNothing(launch, geometry.rows());
      return Optional.empty();
    }
    if (kernel.reduces() && geometry.inner() > LONGEST) {
      throw new KilnException(
          "a sequence of "
              + geometry.inner()
              + " elements is too long to reduce here, at most "
              + LONGEST
              + "; reduce it in parts");
    }
    Optional<Cut.Pieces> pieces = cut(launch, geometry);
    Form form =
        pieces.isPresent() ? new Form.Plain() : Grain.of(kernel, launch, geometry, processor);
    Text text = texts.computeIfAbsent(form, this::text);
    Functions functions = (geometry.wide() ? text.wide : text.narrow).get();
    return machine.launch(
        timed,
        (visit, commands) -> {
          if (pieces.isPresent()) {
            try (Slices slices = new Slices(kernel, launch, pieces.get(), visit, commands)) {
              new LaunchRun(
                      kernel,
                      form,
                      text.source,
                      machine.device(),
                      slices,
                      commands,
                      launch,
                      geometry)
                  .run(functions, pieces.get().pieces());
            }
          } else {
            Arrays arrays = new WholeArrays(kernel, launch, geometry, visit);
            Geometry shared = Grain.geometry(form, kernel, launch, geometry);
            long units = Grain.units(form, kernel, launch, shared);
            new LaunchRun(
                    kernel, form, text.source, machine.device(), arrays, commands, launch, shared)
                .run(functions, List.of(Cut.Piece.whole(shared, units)));
          }
        });
  }

  /** The pieces of a launch whose arrays the device has no room for; empty for any other. */
  private Optional<Cut.Pieces> cut(Launch launch, Geometry geometry) {
    long room = machine.residence().room();
    if (room == Long.MAX_VALUE) {
      return Optional.empty();
    }
    long scratch = source.parts().stream().mapToLong(part -> geometry.units() * part.bytes()).sum();
    long largest = machine.device().largestBuffer();
    Set<Buffer> buffers =
        Stream.concat(launch.operands().stream(), launch.outputs().stream())
            .map(Launch.Access::buffer)
            .filter(Objects::nonNull)
            .collect(Collectors.toSet());
    long all = buffers.stream().mapToLong(Buffer::byteSize).sum();
    boolean fits =
        all <= room - scratch && buffers.stream().allMatch(buffer -> buffer.byteSize() <= largest);
    return fits ? Optional.empty() : Cut.of(kernel, launch, geometry, room - scratch, largest);
  }

  /** The results of sequences without elements. */
  private void ofNothing(Launch launch, long rows) {
    for (int o = 0; o < kernel.outputs().size(); o++) {
      Output.Reduce reduce = (Output.Reduce) kernel.outputs().get(o);
      Launch.Access access = launch.outputs().get(o);
      long bits = ofNothing(reduce);
      MemorySegment segment = LaunchRun.buffer(access).segment();
      for (long row = 0; row < rows; row++) {
        set(segment, reduce.dtype(), access.offset() + row, bits);
      }
    }
  }

  private static long ofNothing(Output.Reduce reduce) {
    return switch (reduce.op()) {
      case SUM, SQUARED_DEVIATIONS -> 0;
      case PROD -> Bits.ofLong(reduce.dtype(), 1);
      case MEAN -> Bits.canonicalNaN(reduce.dtype());
      case MIN, MAX, ARGMIN, ARGMAX ->
          throw new AssertionError(reduce.op() + " of no elements has no value");
    };
  }

  private static void set(MemorySegment segment, DType dtype, long index, long bits) {
    switch (dtype.bytes()) {
      case 1 -> segment.setAtIndex(ValueLayout.JAVA_BYTE, index, (byte) bits);
      case 2 -> segment.setAtIndex(ValueLayout.JAVA_SHORT, index, (short) bits);
      case 4 -> segment.setAtIndex(ValueLayout.JAVA_INT, index, (int) bits);
      case 8 -> segment.setAtIndex(ValueLayout.JAVA_LONG, index, bits);
      default -> throw new AssertionError("no kernel has " + dtype);
    }
  }

  @Override
  public String describe() {
    long lines = source.text().lines().count();
    String text = "OpenCL C, " + lines + " lines, " + source.functions().size() + " functions";
    return settings.tellsSource() ? text + "\n" + source.text() : text;
  }

  @Override
  public void close() {
    for (Text text : texts.values()) {
      text.narrow.made().ifPresent(Functions::close);
      text.wide.made().ifPresent(Functions::close);
    }
  }
}
