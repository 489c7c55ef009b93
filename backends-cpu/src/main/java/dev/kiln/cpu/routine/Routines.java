package dev.kiln.cpu.routine;

import dev.kiln.DType;
import dev.kiln.cpu.heat.Heat;
import dev.kiln.kernel.Routine;
import dev.kiln.kernel.Routine.ArgSort;
import dev.kiln.kernel.Routine.Cumulative;
import dev.kiln.kernel.Routine.Cumulative.Fold;
import dev.kiln.kernel.Routine.Foreign;
import dev.kiln.kernel.Routine.MatMul;
import dev.kiln.kernel.Routine.RealFft;
import dev.kiln.kernel.Routine.Sort;
import dev.kiln.spi.Memory;
import dev.kiln.spi.RoutineExecutable;
import dev.kiln.spi.RoutineLaunch;
import dev.kiln.spi.Workers;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The routines that the CPU backend offers, for one engine. */
public final class Routines {
  private final int vectorBytes;
  private final Heat heat;
  private final Crew crew;
  private final Memory memory;
  private final ConcurrentHashMap<Key, Optional<RoutineExecutable>> made =
      new ConcurrentHashMap<>();
  private final ConcurrentHashMap<ScanKey, Hot<Scan>> scans = new ConcurrentHashMap<>();

  private final ConcurrentHashMap<Integer, Hot<Optional<QuickSort>>> quicks =
      new ConcurrentHashMap<>();

  private record Key(Routine routine, DType dtype) {}

  /** A routine whose launches are known to be running. */
  private record Running(RoutineExecutable way, Heat heat) implements RoutineExecutable {
    @Override
    public void launch(RoutineLaunch launch) {
      heat.begin();
      try {
        way.launch(launch);
      } finally {
        heat.end();
      }
    }

    @Override
    public String describe() {
      return way.describe();
    }
  }

  private record ScanKey(Fold fold, DType dtype) {}

  /**
   * Routines on an engine's threads and memory.
   *
   * @param vectorBytes of the vectors to use; 0 for none
   */
  public Routines(int vectorBytes, Heat heat, Workers workers, Memory memory) {
    this.vectorBytes = vectorBytes;
    this.heat = heat;
    this.crew = new Crew(workers);
    this.memory = memory;
  }

  /** A routine for inputs of a dtype; empty where there is only core's. */
  public Optional<RoutineExecutable> of(Routine routine, DType dtype) {
    return made.computeIfAbsent(new Key(routine, dtype), this::make);
  }

  private Optional<RoutineExecutable> make(Key key) {
    return way(key.routine(), key.dtype()).map(way -> new Running(way, heat));
  }

  private Optional<RoutineExecutable> way(Routine routine, DType dtype) {
    return switch (routine) {
      case Cumulative cumulative ->
          Optional.of(
              new CumulativeRun(cumulative, dtype, scan(cumulative.fold(), dtype), crew, memory));
      case MatMul matMul -> Optional.of(matMul(dtype));
      case RealFft fft ->
          Optional.of(new FourierRun(dtype, Butterflies.of(vectorBytes > 0, heat), crew));
      case Sort(int axis, boolean descending) -> Optional.of(sort(axis, false, dtype, descending));
      case ArgSort(int axis, boolean descending) ->
          Optional.of(sort(axis, true, dtype, descending));
      case Foreign foreign -> Optional.empty();
    };
  }

  private RoutineExecutable matMul(DType dtype) {
    return switch (dtype) {
      case FLOAT32 -> new MatMulRun<>(dtype, Gemms.floats(vectorBytes, heat), crew);
      case FLOAT64 -> new MatMulRun<>(dtype, Gemms.doubles(vectorBytes, heat), crew);
      default -> new MatMulRun<>(dtype, Gemms.integers(dtype, heat), crew);
    };
  }

  private RoutineExecutable sort(int axis, boolean places, DType dtype, boolean descending) {
    Hot<Optional<QuickSort>> quick =
        quicks.computeIfAbsent(
            places || dtype.bytes() == Long.BYTES ? Long.BYTES : Integer.BYTES,
            bytes -> Quicks.of(bytes, vectorBytes > 0, heat));
    return new SortRun(axis, places, new SortOrder(dtype, descending), quick, crew, memory);
  }

  private Hot<Scan> scan(Fold fold, DType dtype) {
    return scans.computeIfAbsent(
        new ScanKey(fold, dtype), key -> Scans.of(fold, dtype, vectorBytes > 0, heat));
  }
}
