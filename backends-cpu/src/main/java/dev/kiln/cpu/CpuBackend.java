package dev.kiln.cpu;

import dev.kiln.kernel.Kernel;
import dev.kiln.spi.Backend;
import dev.kiln.spi.Executable;
import dev.kiln.spi.Memory;
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
  private final Machine machine;
  private final Machine oneThread;
  private final ConcurrentHashMap<Kernel, CpuExecutable> compiled = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<Kernel, CpuExecutable> shared = new ConcurrentHashMap<>();

  CpuBackend(VectorUnit unit, Settings settings, Workers workers, Memory memory) {
    this.unit = unit;
    this.machine =
        new Machine(
            workers,
            memory,
            new Loops(unit, settings),
            new Pool<>(2 * workers.count() + 8, Scratch::new));
    this.oneThread = machine.onCallingThread();
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
            return shared.computeIfAbsent(kernel, k -> new CpuExecutable(k, oneThread));
          }
        });
  }

  @Override
  public void close() {
    machine.loops().close();
    compiled.clear();
    shared.clear();
  }
}
