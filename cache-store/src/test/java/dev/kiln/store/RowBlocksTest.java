package dev.kiln.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.Axes;
import dev.kiln.DType;
import dev.kiln.Engine;
import dev.kiln.Kiln;
import dev.kiln.NDArray;
import dev.kiln.Shape;
import dev.kiln.Slice;
import dev.kiln.contract.TestBuffer;
import dev.kiln.spi.Key;
import dev.kiln.spi.ResultStore.Wanted;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Results that are kept by blocks of rows. */
@Timeout(120)
class RowBlocksTest {
  private static final int COLUMNS = 16;
  private static final int ROWS_OF_BLOCK = 8;
  private static final long BLOCK = ROWS_OF_BLOCK * COLUMNS * Double.BYTES;

  @TempDir Path folder;
  private final List<StoreEvent> events = Collections.synchronizedList(new ArrayList<>());

  private Store store() {
    return Store.builder(folder.resolve("store")).blockBytes(BLOCK).listener(events::add).build();
  }

  private static Engine engine(Store store) {
    return Engine.builder().backend("cpu").threads(2).store(store).build();
  }

  private long count(Class<? extends StoreEvent> kind) {
    return events.stream().filter(kind::isInstance).count();
  }

  /** What was computed and kept, and what was found, since the last time. */
  private void expect(long stored, long hits) {
    assertThat(count(StoreEvent.Stored.class)).as("stored").isEqualTo(stored);
    assertThat(count(StoreEvent.Hit.class)).as("hits").isEqualTo(hits);
    events.clear();
  }

  private static double[] numbers(long seed, int rows) {
    return new Random(seed).doubles((long) rows * COLUMNS, -2, 2).toArray();
  }

  private Path file(String name, double[] values) {
    Path file = folder.resolve(name);
    try (Engine plain = Engine.builder().backend("interpreter").build()) {
      plain.save(file, plain.array(values).reshape(-1, COLUMNS));
    }
    return file;
  }

  private static NDArray rows(NDArray x) {
    NDArray sorted = x.exp().sin().sort(1, false);
    return sorted.subtract(sorted.mean(Axes.of(1).keepDims()));
  }

  /** The same without a store. */
  private static double[] plain(Path file, UnaryOperator<NDArray> function) {
    try (Engine engine = Engine.builder().backend("cpu").threads(2).build()) {
      return function.apply(engine.load(file)).toDoubleArray();
    }
  }

  private void check(Engine engine, Path file) {
    assertThat(rows(engine.load(file)).toDoubleArray()).isEqualTo(plain(file, RowBlocksTest::rows));
  }

  @Test
  void oneBlockOfAHundredIsComputedAgain() {
    double[] values = numbers(1, 100 * ROWS_OF_BLOCK);
    Path file = file("x.npy", values);
    try (Engine engine = engine(store())) {
      check(engine, file);
      expect(100, 0);
      check(engine, file);
      expect(0, 100);
      values[(37 * ROWS_OF_BLOCK + 3) * COLUMNS + 5] = 1.25;
      check(engine, file("x.npy", values));
      expect(1, 99);
    }
  }

  @Test
  void rowsAtTheEndLeaveTheOthers() {
    Path file = file("x.npy", numbers(1, 10 * ROWS_OF_BLOCK));
    try (Engine engine = engine(store())) {
      check(engine, file);
      expect(10, 0);
      double[] longer = Arrays.copyOf(numbers(1, 10 * ROWS_OF_BLOCK), 203 * COLUMNS);
      check(engine, file("x.npy", longer));
      // 203 rows are 26 blocks, the last of 3 rows; those of zeros only are alike.
      expect(2, 24);
    }
  }

  @Test
  void whatBlocksShareIsComputedOnceThoughItIsWantedAsAWhole() {
    Path file = file("x.npy", numbers(1, 3 * ROWS_OF_BLOCK));
    NDArray[] alone = product(engine(store()), file);
    assertThat(count(StoreEvent.NotStored.class)).isZero();
    expect(4, 1); // three blocks and what they share, which is found as a whole then
    try (Engine engine = engine(store())) {
      NDArray[] again = product(engine, file);
      expect(0, 4);
      for (int k = 0; k < 2; k++) {
        assertThat(again[k].toDoubleArray()).isEqualTo(alone[k].toDoubleArray());
      }
    }
  }

  private static NDArray[] product(Engine engine, Path file) {
    NDArray right = engine.linspace(0, 1, COLUMNS * COLUMNS).reshape(COLUMNS, COLUMNS);
    NDArray shared = right.matmul(right).memoised();
    NDArray result = engine.load(file).matmul(shared);
    return Kiln.computeAll(shared, result).toArray(NDArray[]::new);
  }

  @Test
  void filesOfAConcatenationStandForThemselves() {
    List<Path> files = new ArrayList<>();
    for (int k = 0; k < 5; k++) {
      files.add(file("x" + k + ".npy", numbers(k, 2 * ROWS_OF_BLOCK + 3)));
    }
    try (Engine engine = engine(store())) {
      checkJoined(engine, files);
      expect(15, 0);
      files.set(2, file("y.npy", numbers(7, ROWS_OF_BLOCK + 1)));
      checkJoined(engine, files);
      expect(2, 12);
      files.remove(0);
      checkJoined(engine, files);
      expect(0, 11);
      files.add(1, file("z.npy", numbers(8, 5)));
      checkJoined(engine, files);
      expect(1, 11);
    }
  }

  private static void checkJoined(Engine engine, List<Path> files) {
    double[] kept = rows(joined(engine, files)).toDoubleArray();
    try (Engine plain = Engine.builder().backend("cpu").threads(2).build()) {
      assertThat(kept).isEqualTo(rows(joined(plain, files)).toDoubleArray());
    }
  }

  private static NDArray joined(Engine engine, List<Path> files) {
    return Kiln.concat(0, files.stream().map(engine::load).toArray(NDArray[]::new));
  }

  @Test
  void aBlockIsTheResultOfItsRows() {
    double[] values = numbers(1, 4 * ROWS_OF_BLOCK);
    try (Engine engine = engine(store())) {
      check(engine, file("x.npy", values));
      expect(4, 0);
      int size = ROWS_OF_BLOCK * COLUMNS;
      double[] part = Arrays.copyOfRange(values, 2 * size, 3 * size);
      rows(engine.load(file("part.npy", part))).compute();
      expect(0, 1);
    }
  }

  @Test
  void entriesSayWhichRowsTheyAre() {
    Store store = store();
    try (Engine engine = engine(store)) {
      engine.load(file("x.npy", numbers(1, 20))).exp().compute();
    }
    assertThat(store.entries())
        .extracting(Entry::label)
        .containsExactlyInAnyOrder(
            "exp, rows 0 to 7 of 20", "exp, rows 8 to 15 of 20", "exp, rows 16 to 19 of 20");
  }

  @Test
  void whatMixesRowsIsKeptAsAWhole() {
    Path file = file("x.npy", numbers(1, 10 * ROWS_OF_BLOCK));
    List<UnaryOperator<NDArray>> mixing =
        List.of(
            x -> x.exp().sum(0),
            x -> x.subtract(x.mean(0)),
            x -> x.cumulativeSum(0),
            x -> x.sort(0, false),
            x -> x.T().exp(),
            x -> x.exp().flip(0),
            x -> x.exp().reshape(-1),
            x -> x.matmul(x.T()),
            x -> x.get(Slice.of(1, 20)).exp(),
            x -> Kiln.concat(0, x, x).exp());
    try (Engine engine = engine(store())) {
      for (UnaryOperator<NDArray> function : mixing) {
        assertThat(function.apply(engine.load(file)).toDoubleArray())
            .isEqualTo(plain(file, function));
        expect(1, 0);
      }
    }
  }

  @Test
  void markedValuesAreKeptByBlocksBelowWhatMixesRows() {
    double[] values = numbers(1, 10 * ROWS_OF_BLOCK);
    Path file = file("x.npy", values);
    UnaryOperator<NDArray> function = x -> x.exp().memoised().sum(0);
    try (Engine engine = engine(store())) {
      assertThat(function.apply(engine.load(file)).toDoubleArray())
          .isEqualTo(plain(file, function));
      expect(11, 0);
      function.apply(engine.load(file)).compute();
      expect(0, 1);
      values[COLUMNS] = 0;
      file = file("x.npy", values);
      assertThat(function.apply(engine.load(file)).toDoubleArray())
          .isEqualTo(plain(file, function));
      expect(2, 9);
    }
  }

  @Test
  void whatAllBlocksShareIsComputedOnce() {
    Path file = file("x.npy", numbers(1, 10 * ROWS_OF_BLOCK));
    UnaryOperator<NDArray> function =
        x -> {
          NDArray w = x.engine().linspace(0, 1, COLUMNS * COLUMNS).reshape(COLUMNS, COLUMNS);
          return x.matmul(w.matmul(w).memoised());
        };
    try (Engine engine = engine(store())) {
      assertThat(function.apply(engine.load(file)).toDoubleArray())
          .isEqualTo(plain(file, function));
      expect(11, 0);
      function.apply(engine.load(file)).compute();
      expect(0, 10);
    }
  }

  @Test
  void aDamagedBlockIsComputedAgain() throws Exception {
    Path file = file("x.npy", numbers(1, 10 * ROWS_OF_BLOCK));
    Store store = store();
    try (Engine engine = engine(store)) {
      check(engine, file);
      events.clear();
      Path data = store.file(store.entries().get(4));
      try (FileChannel channel = FileChannel.open(data, StandardOpenOption.WRITE)) {
        channel.write(ByteBuffer.allocate(8), channel.size() - 8);
      }
    }
    try (Engine engine = engine(store())) {
      check(engine, file);
      assertThat(count(StoreEvent.Quarantined.class)).isEqualTo(1);
      expect(1, 9);
    }
  }

  @Test
  void eachBlockIsComputedByOne() throws Exception {
    Path file = file("x.npy", numbers(1, 50 * ROWS_OF_BLOCK));
    double[] expected = plain(file, RowBlocksTest::rows);
    try (Engine first = engine(store());
        Engine second = engine(store());
        ExecutorService threads = Executors.newFixedThreadPool(6)) {
      List<Callable<double[]>> tasks = new ArrayList<>();
      for (int t = 0; t < 6; t++) {
        Engine engine = t % 2 == 0 ? first : second;
        tasks.add(() -> rows(engine.load(file)).toDoubleArray());
      }
      for (Future<double[]> result : threads.invokeAll(tasks)) {
        assertThat(result.get()).isEqualTo(expected);
      }
    }
    List<Key> stored = new ArrayList<>();
    events.forEach(
        event -> {
          if (event instanceof StoreEvent.Stored s) {
            stored.add(s.key());
          }
        });
    assertThat(stored).hasSize(50).doesNotHaveDuplicates();
  }

  @Test
  void theMemoryLimitHolds() {
    int rows = 1 << 16;
    Path file = file("x.npy", numbers(1, rows));
    Store store = Store.builder(folder.resolve("store")).blockBytes(1 << 20).build();
    try (Engine small =
        Engine.builder().backend("cpu").threads(2).memoryLimit(6 << 20).store(store).build()) {
      NDArray x = small.load(file);
      assertThatThrownBy(() -> x.exp().compute()).hasMessageContaining("memory limit");
      assertThat(x.exp().sum(1).toDoubleArray()).isEqualTo(plain(file, y -> y.exp().sum(1)));
      assertThat(small.mostMemoryInUse()).isLessThanOrEqualTo(6 << 20);
    }
  }

  @Test
  void quickBlocksOfASlowResultAreKept() {
    Store slow =
        Store.builder(folder.resolve("store"))
            .slowerThan(Duration.ofSeconds(1))
            .listener(events::add)
            .build();
    TestBuffer value = TestBuffer.of(DType.INT32, 1, 2);
    for (long parts : new long[] {1, 99, 100}) {
      Key key = new Key("%064x".formatted(parts));
      Wanted wanted = new Wanted(key, DType.INT32, Shape.of(2), "rows", parts);
      try (Store.Reserved flight = slow.reserve(List.of(key))) {
        flight.publish(wanted, value, Duration.ofMillis(10), Inline.CALLER);
      }
    }
    assertThat(count(StoreEvent.NotStored.class)).isEqualTo(2);
    assertThat(count(StoreEvent.Stored.class)).isEqualTo(1);
  }

  @Test
  void explainTellsTheBlocks() {
    Path file = file("x.npy", numbers(1, 20));
    try (Engine engine = engine(store())) {
      assertThat(engine.load(file).exp().explain()).contains("kept in 3 blocks of rows");
      assertThat(engine.load(file).exp().sum(0).explain()).doesNotContain("blocks of rows\n");
    }
  }

  @Test
  void randomGraphsHaveTheBitsThatTheyHaveWithoutAStore() {
    long seed = Long.getLong("kiln.fuzz.seed", System.nanoTime());
    for (int turn = 0; turn < 25; turn++) {
      long one = seed + turn;
      Random random = new Random(one);
      int count = 17 + random.nextInt(60);
      Path file = file("x.npy", numbers(one, count));
      Path other = file("y.npy", numbers(one + 1, count));
      Store store =
          Store.builder(folder.resolve("store" + turn))
              .blockBytes((1 + random.nextInt(7)) * COLUMNS * Double.BYTES)
              .listener(events::add)
              .build();
      try (Engine kept = engine(store);
          Engine plain = Engine.builder().backend("cpu").threads(2).build()) {
        double[] expected = graph(plain, file, other, one).toDoubleArray();
        for (int again = 0; again < 2; again++) {
          assertThat(graph(kept, file, other, one).toDoubleArray())
              .as("-Dkiln.fuzz.seed=%d", one)
              .isEqualTo(expected);
        }
        assertThat(count(StoreEvent.Stored.class)).as("seed %d", one).isGreaterThan(1);
        events.clear();
      }
    }
  }

  /** Work on rows of two files. */
  private static NDArray graph(Engine engine, Path file, Path other, long seed) {
    Random random = new Random(seed);
    NDArray y = engine.load(other);
    NDArray x = engine.load(file).add(random.nextInt(3) + 0.5);
    for (int k = 0; k < 6; k++) {
      x =
          switch (random.nextInt(15)) {
            case 0 -> x.sin();
            case 1 -> x.multiply(y);
            case 2 -> x.sort(1, random.nextBoolean());
            case 3 -> x.cumulativeSum(1);
            case 4 -> x.subtract(x.max(Axes.of(1).keepDims()));
            case 5 -> x.matmul(engine.linspace(-1, 1, COLUMNS * COLUMNS).reshape(COLUMNS, COLUMNS));
            case 6 -> x.get(Slice.all(), Slice.all().by(-1));
            case 7 -> x.reshape(-1, 4, 4).permuteDims(0, 2, 1).reshape(-1, COLUMNS);
            case 8 -> x.add(engine.linspace(0, 1, COLUMNS));
            case 9 -> Kiln.concat(1, x, y).get(Slice.all(), Slice.of(8, 24));
            case 10 ->
                x.reshape(-1, 4, 4)
                    .sum(Axes.of(1).keepDims())
                    .add(x.reshape(-1, 4, 4))
                    .reshape(-1, COLUMNS);
            case 11 -> Kiln.where(x.greater(0), x, y);
            case 12 -> x.astype(DType.FLOAT32).exp().astype(DType.FLOAT64);
            case 13 -> x.divide(x.std(Axes.of(1).keepDims(), 0));
            default -> x.argsort(1, false).astype(DType.FLOAT64).add(y.mean(Axes.of(1).keepDims()));
          };
    }
    return switch (random.nextInt(3)) {
      case 0 -> x;
      case 1 -> x.mean(1);
      default -> x.reshape(-1, 2, 8).sum(Axes.of(1));
    };
  }
}
