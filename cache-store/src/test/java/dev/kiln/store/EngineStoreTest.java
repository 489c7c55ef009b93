package dev.kiln.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.DType;
import dev.kiln.Engine;
import dev.kiln.Kiln;
import dev.kiln.NDArray;
import dev.kiln.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Engines that keep their results. */
@Timeout(120)
class EngineStoreTest {
  @TempDir Path folder;
  private final List<StoreEvent> events = Collections.synchronizedList(new ArrayList<>());

  private Store store() {
    return Store.builder(folder.resolve("store")).listener(events::add).build();
  }

  private static Engine engine(Store store, String backend) {
    return Engine.builder().backend(backend).threads(2).store(store).build();
  }

  private long count(Class<? extends StoreEvent> kind) {
    return events.stream().filter(kind::isInstance).count();
  }

  private static NDArray example(Engine engine) {
    NDArray x = engine.array(new double[] {1, 2, 3, 4, 5, 6}).reshape(2, 3);
    return x.multiply(x).sum(0);
  }

  @Test
  void theTourDoesWhatItSays() {
    double first = StoreTour.engine(folder.resolve("tour"));
    assertThat(StoreTour.engine(folder.resolve("tour"))).isEqualTo(first).isBetween(0.45, 0.46);
  }

  @Test
  void anEqualExpressionIsAHitInAnotherEngineAndOnAnotherBackend() {
    try (Engine first = engine(store(), "cpu");
        Engine second = engine(store(), "interpreter")) {
      double[] computed = example(first).toDoubleArray();
      assertThat(count(StoreEvent.Stored.class)).isEqualTo(1);
      assertThat(example(second).toDoubleArray()).isEqualTo(computed);
      assertThat(count(StoreEvent.Hit.class)).isEqualTo(1);
      assertThat(count(StoreEvent.Stored.class)).isEqualTo(1);
    }
  }

  @Test
  void aHitIsUsedInKernels() {
    try (Engine engine = engine(store(), "cpu")) {
      example(engine).compute();
      NDArray hit = example(engine).compute();
      assertThat(hit.add(1).toDoubleArray()).containsExactly(18, 30, 46);
      hit.release();
      assertThat(example(engine).toDoubleArray()).containsExactly(17, 29, 45);
    }
  }

  @Test
  void otherContentsAreAnotherResult() {
    try (Engine engine = engine(store(), "cpu")) {
      NDArray x = engine.array(new double[] {1, 2});
      NDArray y = engine.array(new double[] {1, 3});
      assertThat(x.add(1).toDoubleArray()).containsExactly(2, 3);
      assertThat(y.add(1).toDoubleArray()).containsExactly(2, 4);
      assertThat(count(StoreEvent.Hit.class)).isZero();
    }
  }

  @Test
  void relaxedResultsAreKeptApart() {
    Store store = store();
    try (Engine exact = engine(store, "cpu");
        Engine relaxed = Engine.builder().backend("cpu").relaxed().store(store).build()) {
      exact.array(new float[] {0.5f}).atan().compute();
      relaxed.array(new float[] {0.5f}).atan().compute();
      assertThat(count(StoreEvent.Stored.class)).isEqualTo(2);
      relaxed.array(new float[] {0.5f}).atan().memoised().add(1).compute();
      assertThat(count(StoreEvent.Hit.class)).isEqualTo(1);
    }
  }

  @Test
  void fourierTransformsAreKeptForEachBackend() {
    Store store = store();
    try (Engine cpu = engine(store, "cpu");
        Engine interpreter = engine(store, "interpreter")) {
      cpu.arange(0, 8, 1, DType.FLOAT64).rfft().sum(0).compute();
      interpreter.arange(0, 8, 1, DType.FLOAT64).rfft().sum(0).compute();
      assertThat(count(StoreEvent.Stored.class)).isEqualTo(2);
    }
  }

  @Test
  void aMarkedValueIsKeptAndWhatIsAboveItIsSkipped() {
    try (Engine engine = engine(store(), "cpu")) {
      NDArray dear = engine.linspace(0, 1, 1000).sin().cumulativeSum().memoised();
      double first = dear.max().item();
      assertThat(count(StoreEvent.Stored.class)).isEqualTo(2);
      events.clear();
      assertThat(dear.min().item()).isLessThanOrEqualTo(first);
      assertThat(count(StoreEvent.Hit.class)).isEqualTo(1);
      assertThat(count(StoreEvent.Stored.class)).isEqualTo(1);
      events.clear();
      // Below a hit nothing is even looked for.
      assertThat(dear.max().item()).isEqualTo(first);
      assertThat(events).hasSize(1).first().isInstanceOf(StoreEvent.Hit.class);
    }
  }

  @Test
  void aMarkedValueThatIsAResultTooIsComputedOnce() {
    try (Engine engine = engine(store(), "cpu")) {
      NDArray squares = engine.arange(10).multiply(engine.arange(10)).memoised();
      List<NDArray> both = Kiln.computeAll(squares.reshape(2, 5), squares, squares.sum());
      assertThat(both.get(0).toLongArray()).isEqualTo(both.get(1).toLongArray());
      assertThat(both.get(2).itemLong()).isEqualTo(285);
      assertThat(count(StoreEvent.Stored.class)).isEqualTo(3);
    }
  }

  @Test
  void whatIsNoWorkIsNotKept() {
    try (Engine engine = engine(store(), "cpu")) {
      NDArray x = engine.array(new int[] {1, 2, 3, 4});
      assertThat(x.flip().compute().toIntArray()).containsExactly(4, 3, 2, 1);
      assertThat(engine.zeros(Shape.of(3)).toDoubleArray()).containsOnly(0);
      assertThat(engine.scalar(7).itemLong()).isEqualTo(7);
      assertThat(x.memoised().toIntArray()).hasSize(4);
      assertThat(events).isEmpty();
    }
  }

  @Test
  void whatIsQuickIsNotKeptIfSoAsked() {
    Store store =
        Store.builder(folder.resolve("store"))
            .slowerThan(java.time.Duration.ofHours(1))
            .listener(events::add)
            .build();
    try (Engine engine = engine(store, "cpu")) {
      assertThat(example(engine).toDoubleArray()).containsExactly(17, 29, 45);
      assertThat(count(StoreEvent.NotStored.class)).isEqualTo(1);
      assertThat(store.entries()).isEmpty();
    }
  }

  @Test
  void oneOfManyEnginesComputes() throws Exception {
    List<Engine> engines = new ArrayList<>();
    for (int k = 0; k < 3; k++) {
      engines.add(engine(store(), "cpu"));
    }
    List<Callable<Double>> tasks = new ArrayList<>();
    for (int t = 0; t < 9; t++) {
      Engine engine = engines.get(t % 3);
      tasks.add(() -> engine.linspace(0, 1, 100_000).exp().cumulativeSum().sum().item());
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(9)) {
      List<Double> values = new ArrayList<>();
      for (Future<Double> value : threads.invokeAll(tasks)) {
        values.add(value.get());
      }
      assertThat(values).containsOnly(values.getFirst());
    }
    assertThat(count(StoreEvent.Stored.class)).isEqualTo(1);
    engines.forEach(Engine::close);
  }

  @Test
  void aFailureIsNotKeptAndBlocksNobody() {
    Store store = store();
    try (Engine small = Engine.builder().backend("cpu").memoryLimit(4 << 20).store(store).build()) {
      NDArray large = small.linspace(0, 1, 10_000_000).sin();
      for (int turn = 0; turn < 2; turn++) {
        org.assertj.core.api.Assertions.assertThatThrownBy(large::compute)
            .hasMessageContaining("memory limit");
      }
      assertThat(store.entries()).isEmpty();
    }
  }

  @Test
  void filesAreTrustedIfSoAsked() throws Exception {
    Path file = folder.resolve("x.npy");
    Kiln.save(file, Kiln.array(new double[] {1, 2, 3}));
    Store store = Store.builder(folder.resolve("store")).trustFiles().listener(events::add).build();
    try (Engine engine = engine(store, "cpu")) {
      assertThat(engine.load(file).add(1).toDoubleArray()).containsExactly(2, 3, 4);
      assertThat(engine.load(file).add(1).toDoubleArray()).containsExactly(2, 3, 4);
      assertThat(count(StoreEvent.Hit.class)).isEqualTo(1);
      // A file that was touched is another one.
      Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(5)));
      engine.load(file).add(1).compute();
      assertThat(count(StoreEvent.Stored.class)).isEqualTo(2);
      // And an equal one elsewhere too.
      Path copy = Files.copy(file, folder.resolve("y.npy"));
      engine.load(copy).add(1).compute();
      assertThat(count(StoreEvent.Stored.class)).isEqualTo(3);
    }
  }

  @Test
  void filesAreReadIfNotTrusted() throws Exception {
    Path file = folder.resolve("x.npy");
    Kiln.save(file, Kiln.array(new double[] {1, 2, 3}));
    Path copy = Files.copy(file, folder.resolve("y.npy"));
    try (Engine engine = engine(store(), "cpu")) {
      engine.load(file).add(1).compute();
      engine.load(copy).add(1).compute();
      assertThat(count(StoreEvent.Hit.class)).isEqualTo(1);
    }
  }

  @Test
  void memoryLayoutAndNamesDontCount() {
    try (Engine engine = engine(store(), "cpu");
        Arena arena = Arena.ofShared()) {
      MemorySegment odd = arena.allocate(33).asSlice(1, 32);
      for (int k = 0; k < 4; k++) {
        odd.setAtIndex(ValueLayout.JAVA_DOUBLE_UNALIGNED, k, k + 0.5);
      }
      NDArray wrapped = engine.wrap(odd, DType.FLOAT64, Shape.of(4));
      NDArray copied = engine.array(new double[] {0.5, 1.5, 2.5, 3.5});
      assertThat(wrapped.exp().compute().toDoubleArray())
          .isEqualTo(copied.exp().compute().toDoubleArray());
      assertThat(count(StoreEvent.Hit.class)).isEqualTo(1);
    }
  }
}
