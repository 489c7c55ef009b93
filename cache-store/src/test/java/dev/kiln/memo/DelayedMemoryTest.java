package dev.kiln.memo;

import static dev.kiln.task.Delayed.delayed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.kiln.DType;
import dev.kiln.Engine;
import dev.kiln.Kiln;
import dev.kiln.NDArray;
import dev.kiln.store.Store;
import dev.kiln.task.Delayed;
import dev.kiln.task.DelayedContext;
import dev.kiln.task.Parallel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Memoised functions as calls of delayed graphs. */
@Timeout(120)
class DelayedMemoryTest {
  private static final AtomicInteger CALLS = new AtomicInteger();
  private static volatile CountDownLatch open = new CountDownLatch(0);

  @TempDir Path folder;

  @BeforeEach
  void noCalls() {
    CALLS.set(0);
    open = new CountDownLatch(0);
  }

  private Memory memory() {
    return Memory.builder(Store.at(folder.resolve("store"))).build();
  }

  private static Engine engine() {
    return Engine.builder().backend("interpreter").threads(2).build();
  }

  static NDArray square(NDArray x) {
    CALLS.incrementAndGet();
    await();
    return x.multiply(x);
  }

  static int third(int x) {
    CALLS.incrementAndGet();
    if (x % 3 == 2) {
      throw new IllegalStateException("not a third: " + x);
    }
    return x / 3;
  }

  static int sum(int a, int b) {
    CALLS.incrementAndGet();
    return a + b;
  }

  static String joined(String a, String b, String c) {
    CALLS.incrementAndGet();
    return a + b + c;
  }

  private static void await() {
    try {
      assertThat(open.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static double[] squares(Memory memory, Engine engine) {
    Delayed<NDArray> squares =
        delayed(memory.cache(DelayedMemoryTest::square), engine.arange(4).add(1));
    Delayed<NDArray> more = squares.then((NDArray x) -> x.multiply(10));
    return Parallel.all().on(engine).compute(more).astype(DType.FLOAT64).toDoubleArray();
  }

  @Test
  void theTourDoesWhatItSays() {
    double first = MemoryTour.delayedSquares(folder.resolve("tour"));
    assertThat(first).isBetween(0.27, 0.28);
    assertThat(MemoryTour.delayedSquares(folder.resolve("tour"))).isEqualTo(first);
  }

  @Test
  void anyNumberOfArgumentsFitsWithoutACast() {
    Memory memory = memory();
    Delayed<Integer> five = delayed(memory.cache(() -> CALLS.incrementAndGet() + 4));
    Delayed<Integer> sum = delayed(memory.cache(DelayedMemoryTest::sum), five, 3);
    Delayed<String> text = sum.then(String::valueOf);
    Delayed<String> all = delayed(memory.cache(DelayedMemoryTest::joined), "<", text, ">");
    assertThat(all.compute()).isEqualTo("<8>");
    assertThat(all.compute()).isEqualTo("<8>");
    assertThat(CALLS).hasValue(3);
    Function1<Integer, Integer> third = memory.cache(DelayedMemoryTest::third);
    assertThat(Parallel.with(2).map(List.of(3, 6, 3, 6, 3), third)).containsExactly(1, 2, 1, 2, 1);
    assertThat(CALLS).hasValue(5);
  }

  @Test
  void computedOnceInTwoGraphsAndInTwoEngines() {
    try (Engine first = engine();
        Engine second = engine()) {
      assertThat(squares(memory(), first)).containsExactly(10, 40, 90, 160);
      assertThat(squares(memory(), first)).containsExactly(10, 40, 90, 160);
      // What was found is an array of the engine that runs the graph, so it fits the others.
      assertThat(squares(memory(), second)).containsExactly(10, 40, 90, 160);
      assertThat(CALLS).hasValue(1);
    }
  }

  @Test
  void computedOnceByTwoThreadsAtOnce() throws Exception {
    open = new CountDownLatch(1);
    try (Engine first = engine();
        Engine second = engine();
        ExecutorService threads = Executors.newFixedThreadPool(2)) {
      Memory memory = memory();
      Future<double[]> a = threads.submit(() -> squares(memory, first));
      Future<double[]> b = threads.submit(() -> squares(memory, second));
      while (CALLS.get() == 0) {
        Thread.onSpinWait();
      }
      open.countDown();
      assertThat(a.get()).containsExactly(10, 40, 90, 160);
      assertThat(b.get()).containsExactly(10, 40, 90, 160);
    }
    assertThat(CALLS).hasValue(1);
  }

  @Test
  void computedOnceByEqualCallsOfOneGraph() {
    Memory memory = memory();
    Function2<Integer, Integer, Integer> sum = memory.cache(DelayedMemoryTest::sum);
    try (Engine engine = Engine.builder().backend("interpreter").threads(4).build()) {
      List<Delayed<Integer>> sums =
          IntStream.range(0, 40).mapToObj(i -> delayed(sum, i % 4, 1)).toList();
      assertThat(Parallel.all().on(engine).computeAll(sums).subList(36, 40))
          .containsExactly(1, 2, 3, 4);
    }
    assertThat(CALLS).hasValue(4);
  }

  @Test
  void failuresAreNotKeptAndNameTheFunctionInThePath() {
    Function1<Integer, Integer> third = memory().cache(DelayedMemoryTest::third);
    Delayed<Integer> bad = delayed(third, 5).then((Integer x) -> x + 1).named("successor");
    for (int calls = 1; calls <= 2; calls++) {
      Throwable thrown = catchThrowable(bad::compute);
      assertThat(thrown).isInstanceOf(IllegalStateException.class).hasMessage("not a third: 5");
      assertThat(DelayedContext.of(thrown).orElseThrow().path())
          .containsExactly("memoised dev.kiln.memo.DelayedMemoryTest.third", "successor");
      assertThat(CALLS).hasValue(calls);
    }
  }

  @Test
  void whoWaitedForAFailureComputesItself() throws Exception {
    open = new CountDownLatch(1);
    AtomicInteger failures = new AtomicInteger();
    try (Engine engine = engine();
        ExecutorService threads = Executors.newFixedThreadPool(2)) {
      NDArray x = engine.array(new double[] {1, 2});
      Function1<NDArray, NDArray> failing =
          memory()
              .cache(
                  (NDArray given) -> {
                    NDArray squares = square(given);
                    if (CALLS.get() == 1) {
                      throw new IllegalStateException("the first");
                    }
                    return squares;
                  });
      Runnable compute =
          () -> {
            Delayed<NDArray> call = delayed(failing, x);
            Throwable thrown = catchThrowable(() -> Parallel.all().on(engine).compute(call));
            if (thrown != null) {
              assertThat(thrown).isInstanceOf(IllegalStateException.class).hasMessage("the first");
              failures.incrementAndGet();
            }
          };
      Future<?> a = threads.submit(compute);
      Future<?> b = threads.submit(compute);
      while (CALLS.get() == 0) {
        Thread.onSpinWait();
      }
      open.countDown();
      a.get();
      b.get();
    }
    assertThat(failures).hasValue(1);
    assertThat(CALLS).hasValue(2);
  }

  @Test
  void explanationsAndGraphsShowTheFunctionsName() {
    Delayed<NDArray> squares =
        delayed(memory().cache(DelayedMemoryTest::square), Kiln.arange(4).add(1));
    String name = "memoised dev.kiln.memo.DelayedMemoryTest.square";
    assertThat(squares.explain())
        .isEqualTo(
            "graph: 2 tasks, 1 of them arrays; the longest path has 2\n"
                + "  t0 = array int64(4,)()\n"
                + ("  t1 = " + name + "(t0)\n"));
    assertThat(squares.dot()).contains("t1 [label=\"" + name + "\"").contains("t0 -> t1;");
    assertThat(CALLS).hasValue(0);
  }

  @Test
  void aMemoisedFunctionThatAnotherHasCapturedIsPartOfItsKey() {
    Memory memory = memory();
    Function2<Integer, Integer, Integer> sum = memory.cache(DelayedMemoryTest::sum);
    Function2<Integer, Integer, Integer> product = memory.cache((Integer a, Integer b) -> a * b);
    assertThat(squared(memory, sum).apply(5)).isEqualTo(10);
    assertThat(squared(memory, product).apply(5)).isEqualTo(25);
    assertThat(squared(memory(), memory().cache(DelayedMemoryTest::sum)).apply(5)).isEqualTo(10);
    assertThat(CALLS).hasValue(1);
  }

  private static Function1<Integer, Integer> squared(
      Memory memory, Function2<Integer, Integer, Integer> with) {
    return memory.cache(x -> with.apply(x, x));
  }

  @Test
  void aWrongArgumentIsToldWithTheFunction() {
    Function1<Integer, Integer> third = memory().cache(DelayedMemoryTest::third);
    assertThatThrownBy(() -> delayed(third, new Object()).compute())
        .hasMessageContaining("argument 0 of dev.kiln.memo.DelayedMemoryTest.third");
  }
}
