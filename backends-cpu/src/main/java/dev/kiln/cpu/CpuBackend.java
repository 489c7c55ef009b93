package dev.kiln.cpu;

import dev.kiln.DType;
import dev.kiln.cpu.routine.Heat;
import dev.kiln.cpu.routine.Routines;
import dev.kiln.kernel.Kernel;
import dev.kiln.kernel.Routine;
import dev.kiln.spi.Backend;
import dev.kiln.spi.Executable;
import dev.kiln.spi.Memory;
import dev.kiln.spi.RoutineExecutable;
import dev.kiln.spi.Workers;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Runs kernels on the threads of an engine, with vectors where there are any. */
final class CpuBackend implements Backend {
  private final VectorUnit unit;
  private final Machine machine;
  private final Routines routines;
  private final ConcurrentHashMap<Kernel, CpuExecutable> compiled = new ConcurrentHashMap<>();

  CpuBackend(VectorUnit unit, Settings settings, Workers workers, Memory memory) {
    this.unit = unit;
    this.machine =
        new Machine(
            workers,
            memory,
            new Loops(unit, settings),
            new Pool<>(2 * workers.count() + 8, Scratch::new));
    int vectorBytes = settings.vectors() == Settings.Vectors.NEVER ? 0 : unit.bytes();
    this.routines = new Routines(vectorBytes, new Heat(heating(settings)), workers, memory);
  }

  private static Heat.When heating(Settings settings) {
    if (settings.vectors() == Settings.Vectors.ALWAYS) {
      return Heat.When.ALWAYS;
    }
    return settings.heatAtOnce() ? Heat.When.AT_ONCE : Heat.When.BACKGROUND;
  }

  @Override
  public String name() {
    return CpuProvider.NAME;
  }

  @Override
  public String describe() {
    int threads = machine.workers().count();
    return unit.describe() + ", " + threads + (threads == 1 ? " thread" : " threads");
  }

  @Override
  public Executable compile(Kernel kernel) {
    return compiled.computeIfAbsent(kernel, k -> new CpuExecutable(k, machine));
  }

  @Override
  public Optional<RoutineExecutable> routine(Routine routine, DType dtype) {
    return routines.of(routine, dtype);
  }

  @Override
  public void close() {
    routines.close();
    machine.loops().close();
    compiled.clear();
  }
}
