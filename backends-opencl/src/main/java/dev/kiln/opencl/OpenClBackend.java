package dev.kiln.opencl;

import dev.kiln.DType;
import dev.kiln.KilnException;
import dev.kiln.kernel.ForeignKernel;
import dev.kiln.kernel.Kernel;
import dev.kiln.kernel.Routine;
import dev.kiln.opencl.source.Renderer;
import dev.kiln.opencl.source.Source;
import dev.kiln.spi.Backend;
import dev.kiln.spi.Executable;
import dev.kiln.spi.RoutineExecutable;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.cl_context;
import org.jocl.cl_context_properties;
import org.jocl.cl_device_id;

/** One device for one engine: a context, a queue, and the programs made for it. */
final class OpenClBackend implements Backend {
  private final Settings settings;
  private final Machine machine;
  private final Programs programs;
  private final ForeignKernels foreign;
  private final ConcurrentHashMap<Kernel, OpenClExecutable> executables = new ConcurrentHashMap<>();

  /**
   * Where launches go.
   *
   * @param lane for all that is not timed
   * @param timed for those that are
   */
  record Machine(
      ClDevice device, cl_context context, Lane lane, Once<Lane> timed, Residence residence) {}

  OpenClBackend(ClDevice device, Settings settings) {
    this.settings = settings;
    this.machine = open(device, settings);
    Optional<BinaryFiles> files = settings.cache().map(BinaryFiles::new);
    files.ifPresent(BinaryFiles::prune);
    this.programs = new Programs(device, machine.context(), files);
    this.foreign = new ForeignKernels(machine, programs);
  }

  private static Machine open(ClDevice device, Settings settings) {
    try {
      cl_device_id[] devices = {device.id()};
      cl_context_properties properties = new cl_context_properties();
      properties.addProperty(CL.CL_CONTEXT_PLATFORM, device.platformId());
      cl_context context = CL.clCreateContext(properties, 1, devices, null, null, null);
      Lane lane = Lane.open(context, device, false);
      Residence residence =
          device.sharesMemory() && !settings.copies()
              ? new SharedResidence(
                  context,
                  device.isProcessor() && SharedResidence.worksInPlace(context, lane.queue()))
              : new CopyingResidence(context, device.memoryBytes() / 2);
      Once<Lane> timed = new Once<>(() -> Lane.open(context, device, true));
      return new Machine(device, context, lane, timed, residence);
    } catch (CLException e) {
      throw new KilnException(
          "the OpenCL device "
              + device.name()
              + " cannot be opened: "
              + e.getMessage()
              + "; choose another with opencl:<number>, see 'kiln devices'",
          e);
    }
  }

  @Override
  public String name() {
    return OpenClProvider.NAME;
  }

  @Override
  public String describe() {
    boolean copies = machine.residence() instanceof CopyingResidence;
    return machine.device().describe() + (copies ? "; arrays are copied" : "; nothing is copied");
  }

  /** Where launches go. */
  Machine machine() {
    return machine;
  }

  /** The programs compiled and read so far. */
  Programs programs() {
    return programs;
  }

  @Override
  public Executable compile(Kernel kernel) {
    return executables.computeIfAbsent(kernel, this::make);
  }

  private OpenClExecutable make(Kernel kernel) {
    ClDevice device = machine.device();
    Source source = Renderer.render(kernel, device.exactDivision());
    if (!runs(source)) {
      throw new KilnException(
          device.name()
              + " has no float64, which this computation needs: either its arrays are float64, or"
              + " one of its functions goes through it; compute with another device (see 'kiln"
              + " devices') or on the cpu backend");
    }
    return new OpenClExecutable(kernel, source, machine, programs, settings);
  }

  @Override
  public boolean runs(Kernel kernel) {
    ClDevice device = machine.device();
    return device.float64() || runs(Renderer.render(kernel, device.exactDivision()));
  }

  private boolean runs(Source source) {
    return machine.device().float64() || !source.text().contains("double");
  }

  @Override
  public Optional<RoutineExecutable> routine(Routine routine, DType dtype) {
    return switch (routine) {
      case Routine.Foreign(ForeignKernel kernel, int result) -> Optional.of(foreign.of(kernel));
      case Routine.Cumulative cumulative -> Optional.empty();
      case Routine.MatMul matMul -> Optional.empty();
      case Routine.Sort sort -> Optional.empty();
      case Routine.ArgSort sort -> Optional.empty();
      case Routine.RealFft fft -> Optional.empty();
    };
  }

  @Override
  public void close() {
    foreign.close();
    executables.values().forEach(OpenClExecutable::close);
    executables.clear();
    machine.residence().close();
    machine.lane().close();
    machine.timed().made().ifPresent(Lane::close);
    CL.clReleaseContext(machine.context());
  }
}
