package dev.kiln.cpu;

import dev.kiln.DType;
import dev.kiln.cpu.heat.Heat;
import dev.kiln.cpu.routine.Routines;
import dev.kiln.kernel.Kernel;
import dev.kiln.kernel.Routine;
import dev.kiln.spi.Backend;
import dev.kiln.spi.Executable;
import dev.kiln.spi.Memory;
import dev.kiln.spi.RoutineExecutable;
import dev.kiln.spi.Sharing;
import dev.kiln.spi.Workers;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Runs kernels on the threads of an engine, with vectors where there are any. */
final class CpuBackend implements Backend {
  /** A second-level cache: most of a block is read again soon, but what it writes is not. */
  private static final long BLOCK_BYTES = 512 << 10;

  /** Points that take longer than what a launch costs by itself, some microseconds. */
  private static final long FEWEST_POINTS = 8192;

  private final VectorUnit unit;
  private final Heat heat;
  private final Machine machine;
  private final Machine oneThread;
  private final Routines routines;
  private final ConcurrentHashMap<Kernel, CpuExecutable> compiled = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<Kernel, CpuExecutable> shared = new ConcurrentHashMap<>();
  private final FusedMultiplyAdd fusedMultiplyAdd = new FusedMultiplyAdd();

  CpuBackend(VectorUnit unit, Settings settings, Workers workers, Memory memory) {
    this.unit = unit;
    this.heat = new Heat(settings.when());
    int vectorBytes = settings.vectors() == Settings.Vectors.NEVER ? 0 : unit.bytes();
    this.machine =
        new Machine(
            workers,
            memory,
            new Loops(vectorBytes, heat),
            new Pool<>(2 * workers.count() + 8, Scratch::new));
    this.oneThread = machine.onCallingThread();
    this.routines = new Routines(vectorBytes, heat, workers, memory);
  }

  @Override
  public String name() {
    return CpuProvider.NAME;
  }

  @Override
  public String describe() {
    int threads = machine.workers().count();
    String slow = FusedMultiplyAdd.inHardware() ? "" : "; " + FusedMultiplyAdd.MISSING;
    return unit.describe() + ", " + threads + (threads == 1 ? " thread" : " threads") + slow;
  }

  @Override
  public Executable compile(Kernel kernel) {
    return compiled.computeIfAbsent(kernel, k -> make(k, machine));
  }

  private CpuExecutable make(Kernel kernel, Machine where) {
    fusedMultiplyAdd.check(kernel);
    return new CpuExecutable(kernel, where, heat);
  }

  @Override
  public Optional<RoutineExecutable> routine(Routine routine, DType dtype) {
    return routines.of(routine, dtype);
  }

  @Override
  public Optional<Sharing> sharing() {
    return Optional.of(
        new Sharing() {
          @Override
          public Workers workers() {
            return machine.workers();
          }

          @Override
          public long blockBytes() {
            return BLOCK_BYTES;
          }

          @Override
          public long fewestPoints() {
            return FEWEST_POINTS;
          }

          @Override
          public Executable compile(Kernel kernel) {
            return shared.computeIfAbsent(kernel, k -> make(k, oneThread));
          }
        });
  }

  @Override
  public void close() {
    heat.close();
    compiled.clear();
    shared.clear();
  }
}
