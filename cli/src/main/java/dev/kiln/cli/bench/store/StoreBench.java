package dev.kiln.cli.bench.store;

import dev.kiln.Engine;
import dev.kiln.Kiln;
import dev.kiln.NDArray;
import dev.kiln.Shape;
import dev.kiln.cli.bench.Clock;
import dev.kiln.memo.Function1;
import dev.kiln.memo.Memory;
import dev.kiln.store.Checks;
import dev.kiln.store.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Times the store, memoised functions, dump and load: the figures that {@code joblib} and NumPy
 * have too, by the same names and in the same units.
 *
 * @param folder an empty folder for what is written
 * @param megabytes of the array
 * @param threads of the engine
 * @param told what was measured
 */
public record StoreBench(Path folder, int megabytes, int threads, Consumer<Figure> told) {
  private static final int FEW = 3;
  private static final int MANY = 200;

  /**
   * One line.
   *
   * @param figure what was measured
   * @param peer who did it
   * @param value in its unit
   * @param unit GB/s, s or us
   */
  public record Figure(String figure, String peer, double value, String unit) {}

  /** Measures everything. */
  public void run() {
    try (Engine engine = Engine.builder().threads(threads).build()) {
      Shape shape = Shape.of((long) megabytes << 17);
      NDArray x = engine.linspace(0, 1, shape.size()).compute();
      double gigabytes = x.size() * 8 / 1e9;
      hash(engine, x, gigabytes);
      for (Checks checks : new Checks[] {Checks.FIRST_USE, Checks.NEVER}) {
        memory(engine, x, checks);
      }
      files(engine, x, gigabytes);
    }
  }

  private void tell(String figure, String peer, double value, String unit) {
    told.accept(new Figure(figure, peer, value, unit));
  }

  private static double median(Runnable call, int times) {
    return Clock.median(Clock.times(call, 0, times));
  }

  private void hash(Engine engine, NDArray x, double gigabytes) {
    Store store = Store.at(folder.resolve("hash"));
    Runnable hash = () -> store.contents(x.data(), engine.workers());
    // The JIT compiler's time is not the hash's.
    Clock.times(hash, 0, FEW);
    tell("hash", "kiln", gigabytes / median(hash, FEW), "GB/s");
  }

  private void memory(Engine engine, NDArray x, Checks checks) {
    String peer = checks == Checks.NEVER ? "kiln-unchecked" : "kiln";
    Path place = folder.resolve(peer);
    Memory memory =
        Memory.builder(Store.builder(place).checks(checks).build()).engine(engine).build();
    Function1<NDArray, NDArray> twice = memory.cache((NDArray a) -> a.multiply(2));
    // Once on little, so that classes are there.
    twice.apply(engine.linspace(0, 1, 10));
    tell("memory-miss", peer, Clock.once(() -> twice.apply(x)), "s");
    tell("memory-hit", peer, median(() -> twice.apply(x), MANY), "s");
    // As another process finds it: the argument has to be read, the result to be checked.
    tell("memory-hit-cold", peer, median(() -> another(engine, x, place, checks), FEW), "s");
    long size = x.size();
    Function1<Integer, NDArray> table =
        memory.cache((Integer k) -> engine.full(Shape.of(size), (double) k));
    table.apply(3);
    tell("memory-hit-small-key", peer, median(() -> table.apply(3), MANY), "s");
  }

  private static void another(Engine engine, NDArray x, Path place, Checks checks) {
    Memory memory =
        Memory.builder(Store.builder(place).checks(checks).build()).engine(engine).build();
    memory.cache((NDArray a) -> a.multiply(2)).apply(x);
  }

  private void files(Engine engine, NDArray x, double gigabytes) {
    Path value = folder.resolve("x.kiln");
    Path npy = folder.resolve("x.npy");
    Map<String, NDArray> named = Map.of("x", x);
    tell("dump", "kiln", gigabytes / dumped(named, value), "GB/s");
    tell("dump", "kiln-npy", gigabytes / dumped(x, npy), "GB/s");
    tell("load", "kiln", gigabytes / median(() -> copied(engine.load(npy)), FEW), "GB/s");
    tell("load-mmap", "kiln", median(() -> engine.load(value, Map.class), MANY) * 1e6, "us");
    tell("load-mmap", "kiln-npy", median(() -> engine.load(npy), MANY) * 1e6, "us");
  }

  /** Seconds for a new file; one that is replaced would wait for the disk. */
  private static double dumped(Object object, Path file) {
    double[] seconds = new double[FEW];
    for (int k = 0; k < FEW; k++) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      seconds[k] = Clock.once(() -> Kiln.dump(object, file));
    }
    Arrays.sort(seconds);
    return Clock.median(seconds);
  }

  /** Into memory, as {@code numpy.load} without mapping. */
  private static void copied(NDArray mapped) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment copy = arena.allocate(mapped.size() * mapped.dtype().bytes(), 64);
      mapped.copyTo(copy);
    }
  }
}
