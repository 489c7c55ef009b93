package dev.kiln.opencl;

import dev.kiln.DType;
import dev.kiln.KilnException;
import dev.kiln.kernel.ForeignKernel;
import dev.kiln.kernel.Kernel;
import dev.kiln.kernel.Routine;
import dev.kiln.opencl.routine.Plans;
import dev.kiln.opencl.source.Renderer;
import dev.kiln.opencl.source.Source;
import dev.kiln.spi.Backend;
import dev.kiln.spi.DeviceTimes;
import dev.kiln.spi.Executable;
import dev.kiln.spi.Memory;
import dev.kiln.spi.RoutineExecutable;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
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
  private final ConcurrentHashMap<Own, Optional<RoutineProgram>> routines =
      new ConcurrentHashMap<>();

  /** A routine of the backend's own, for inputs of a dtype. */
  private record Own(Routine routine, DType dtype) {}

  /**
   * Where launches go.
   *
   * @param lanes for all that is not timed
   * @param timed for those that are; the same where these have to do
   */
  record Machine(
      ClDevice device, cl_context context, Lanes lanes, Once<Lanes> timed, Residence residence) {
    /**
     * Launches something, once more where memory is short, and publishes what it writes.
     *
     * @return how long it took, where that is wanted
     */
    Optional<DeviceTimes> launch(boolean isTimed, BiConsumer<Visit, Commands> launch) {
      Lanes at = isTimed ? timed.get() : lanes;
      return Shortage.retry(this, () -> run(at, isTimed, launch));
    }

    private Optional<DeviceTimes> run(
        Lanes at, boolean isTimed, BiConsumer<Visit, Commands> launch) {
      try (Commands commands = new Commands(at)) {
        try (Visit visit = new Visit(this, commands)) {
          launch.accept(visit, commands);
          visit.publish();
        }
        if (!isTimed) {
          return Optional.empty();
        }
        commands.await();
        return Optional.of(commands.times());
      }
    }
  }

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
      if (device.sharesMemory() && !settings.copies()) {
        Lanes lanes = Lanes.one(context, device, false);
        boolean inPlace = device.isProcessor() && SharedResidence.worksInPlace(context, lanes);
        Once<Lanes> timed = new Once<>(() -> Lanes.one(context, device, true));
        return new Machine(device, context, lanes, timed, new SharedResidence(context, inPlace));
      }
      // Launches are not waited for, and memory is used again at once: all calls keep to one lane.
      Lanes lanes = Lanes.apart(context, device);
      long limit = Math.min(device.memoryBytes(), settings.memory());
      Residence residence = new CopyingResidence(context, device, lanes, limit);
      return new Machine(device, context, lanes, new Once<>(() -> lanes), residence);
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

  @Override
  public Memory memory(Memory engine) {
    return machine.residence().memory(engine);
  }

  @Override
  public void await() {
    try {
      machine.lanes().finish();
    } catch (CLException e) {
      throw Shortage.failed(machine.device(), e);
    }
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
    checkRuns(source.text());
    return new OpenClExecutable(kernel, source, machine, programs, settings);
  }

  private void checkRuns(String text) {
    if (!runs(text)) {
      throw new KilnException(
          machine.device().name()
              + " has no float64, which this computation needs: either its arrays are float64, or"
              + " one of its functions goes through it; compute with another device (see 'kiln"
              + " devices') or on the cpu backend");
    }
  }

  @Override
  public boolean runs(Kernel kernel) {
    ClDevice device = machine.device();
    return device.float64() || runs(Renderer.render(kernel, device.exactDivision()).text());
  }

  @Override
  public boolean runs(Routine routine, DType dtype) {
    return routine instanceof Routine.Foreign
        || Plans.of(routine, dtype)
            .map(plans -> runs(plans.text(machine.device().isProcessor())))
            .orElse(false);
  }

  private boolean runs(String text) {
    return machine.device().float64() || !text.contains("double");
  }

  @Override
  public Optional<RoutineExecutable> routine(Routine routine, DType dtype) {
    return routine instanceof Routine.Foreign(ForeignKernel kernel, int _)
        ? Optional.of(foreign.of(kernel))
        : routines.computeIfAbsent(new Own(routine, dtype), this::make).map(made -> made);
  }

  private Optional<RoutineProgram> make(Own own) {
    Optional<Plans> plans = Plans.of(own.routine(), own.dtype());
    if (own.routine() instanceof Routine.RealFft && !machine.device().float64()) {
      return Optional.empty(); // Core's way, which explain names, has float64 everywhere.
    }
    plans.ifPresent(found -> checkRuns(found.text(machine.device().isProcessor())));
    return plans.map(found -> new RoutineProgram(found, machine, programs));
  }

  @Override
  public void close() {
    foreign.close();
    executables.values().forEach(OpenClExecutable::close);
    executables.clear();
    routines.values().forEach(made -> made.ifPresent(RoutineProgram::close));
    routines.clear();
    machine.residence().close();
    machine.lanes().close();
    machine.timed().made().filter(timed -> !timed.equals(machine.lanes())).ifPresent(Lanes::close);
    CL.clReleaseContext(machine.context());
  }
}
