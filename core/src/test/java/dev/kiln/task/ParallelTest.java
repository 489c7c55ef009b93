package dev.kiln.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.Engine;
import dev.kiln.Kiln;
import dev.kiln.KilnException;
import java.util.AbstractMap.SimpleEntry;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a parallel map gives, and who does the work. */
@Timeout(60)
class ParallelTest {
  private static Engine engine;

  @BeforeAll
  static void open() {
    engine = Engine.builder().backend("interpreter").threads(4).build();
  }

  @AfterAll
  static void close() {
    engine.close();
  }

  private static Parallel parallel(int workers) {
    return Parallel.with(workers).on(engine);
  }

  private static List<Integer> numbers(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  private static List<Integer> doubled(int count) {
    return IntStream.range(0, count).map(i -> 2 * i).boxed().toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, -1, -2})
  void resultsAreInTheOrderOfTheInputs(int workers) {
    for (int count : new int[] {0, 1, 2, 3, 1000, 100_000}) {
      assertThat(parallel(workers).map(numbers(count), i -> 2 * i)).isEqualTo(doubled(count));
      assertThat(parallel(workers).batch(1).map(numbers(count), i -> 2 * i))
          .isEqualTo(doubled(count));
    }
  }

  @Test
  void inputsAreIterablesStreamsRangesAndArrays() {
    assertThat(parallel(4).map(new HashSet<>(List.of(7)), i -> 2 * i)).containsExactly(14);
    assertThat(parallel(4).map(Stream.of(1, 2, 3), i -> 2 * i)).containsExactly(2, 4, 6);
    assertThat(parallel(4).map(3, 6, i -> 2 * i)).containsExactly(6, 8, 10);
    assertThat(parallel(4).map(5, 5, i -> 2 * i)).isEmpty();
    assertThat(parallel(4).map(new String[] {"a", "bc"}, String::length)).containsExactly(1, 2);
    assertThat(parallel(4).map(Inputs.of(IntStream.range(0, 3).boxed()), i -> i))
        .containsExactly(0, 1, 2);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void aBatchMayBeLargerThanItsInputsAndThanMemory(int workers) {
    Parallel whole = Parallel.with(workers).on(engine).batch(Integer.MAX_VALUE);
    assertThat(whole.map(0, 10, i -> i)).isEqualTo(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
    assertThat(whole.map(0, 5000, i -> i)).hasSize(5000).startsWith(0, 1).endsWith(4998, 4999);
  }

  @Test
  void nullsAreInputsAndResultsLikeOthers() {
    List<String> inputs = Arrays.asList("a", null, "b");
    assertThat(parallel(4).<String, String, RuntimeException>map(inputs, s -> s))
        .containsExactly("a", null, "b");
    try (Stream<String> stream = parallel(4).stream(inputs, s -> s)) {
      assertThat(stream.toList()).containsExactly("a", null, "b");
    }
  }

  @Test
  void listsOfResultsCannotBeChanged() {
    List<Integer> results = parallel(2).map(numbers(3), i -> i);
    assertThatThrownBy(() -> results.set(0, 1)).isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> results.add(1)).isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void flatMapKeepsTheOrder() {
    assertThat(parallel(4).flatMap(numbers(4), i -> numbers(i))).containsExactly(0, 0, 1, 0, 1, 2);
    assertThatThrownBy(() -> parallel(4).flatMap(numbers(4), i -> i == 2 ? null : numbers(i)))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("null for input 2; give an empty list");
  }

  @Test
  void forEachDoesEachOnce() {
    Set<Integer> seen = ConcurrentHashMap.newKeySet();
    AtomicInteger count = new AtomicInteger();
    parallel(4)
        .forEach(
            numbers(10_000),
            i -> {
              seen.add(i);
              count.incrementAndGet();
            });
    assertThat(seen).hasSize(10_000);
    assertThat(count.get()).isEqualTo(10_000);
  }

  @Test
  void starmapTakesPairs() {
    List<Map.Entry<Integer, Integer>> pairs =
        List.of(new SimpleEntry<>(7, 3), new SimpleEntry<>(2, 9));
    assertThat(parallel(4).starmap(pairs, (a, b) -> a - b)).containsExactly(4, -7);
    assertThat(parallel(4).starmap(Map.of("a", 2).entrySet(), String::repeat))
        .containsExactly("aa");
  }

  @Test
  void reduceHasTheSameBitsForAnyNumberOfWorkersAndAnyBatch() {
    for (int count : new int[] {1, 2, 3, 7, 1000, 4097}) {
      double expected = pairwise(0, count);
      for (int workers : new int[] {1, 2, 3, 4}) {
        for (int batch : new int[] {1, 3, 64}) {
          double sum =
              parallel(workers)
                  .batch(batch)
                  .reduce(numbers(count), ParallelTest::term, Double::sum)
                  .orElseThrow();
          assertThat(sum).as("%s terms", count).isEqualTo(expected);
        }
        double sum =
            parallel(workers).reduce(numbers(count), ParallelTest::term, Double::sum).orElseThrow();
        assertThat(sum).isEqualTo(expected);
      }
    }
  }

  private static double term(int i) {
    return Math.sin(i) * Math.pow(10, i % 9);
  }

  /** The tree by its definition: the largest power of two below the count is the left part. */
  private static double pairwise(int from, int to) {
    if (to - from == 1) {
      return term(from);
    }
    int half = Integer.highestOneBit(to - from - 1);
    return pairwise(from, from + half) + pairwise(from + half, to);
  }

  @Test
  void reduceKeepsTheOrderOfWhatDoesNotCommuteAndIsEmptyForNothing() {
    assertThat(parallel(4).batch(1).reduce(numbers(100), String::valueOf, String::concat))
        .contains(String.join("", numbers(100).stream().map(String::valueOf).toList()));
    assertThat(parallel(4).reduce(List.<String>of(), s -> s, String::concat)).isEmpty();
    assertThatThrownBy(() -> parallel(4).reduce(List.of("a"), s -> null, String::concat))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("null");
  }

  @Test
  void oneWorkerIsAPlainLoopInTheCallingThread() {
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    StringBuilder order = new StringBuilder();
    Iterable<Integer> inputs =
        () -> Stream.of(1, 2, 3).peek(i -> order.append(" pull ").append(i)).iterator();
    Parallel.with(1)
        .forEach(
            inputs,
            i -> {
              order.append(" run ").append(i);
              threads.add(Thread.currentThread());
            });
    assertThat(threads).containsExactly(Thread.currentThread());
    assertThat(order.toString()).isEqualTo(" pull 1 run 1 pull 2 run 2 pull 3 run 3");
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4})
  void thatManyTasksRunAtOnceAndNoMore(int workers) throws InterruptedException {
    assertThat(mostAtOnce(workers, workers)).isEqualTo(workers);
  }

  @Test
  void workersAreCountedFromTheEndTooAndNeverExceedTheEngine() throws InterruptedException {
    assertThat(mostAtOnce(-1, 4)).isEqualTo(4);
    assertThat(mostAtOnce(-2, 3)).isEqualTo(3);
    assertThat(mostAtOnce(-9, 1)).isEqualTo(1);
    assertThat(mostAtOnce(100, 4)).isEqualTo(4);
    assertThatThrownBy(() -> Parallel.with(0))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("0 workers");
    // Each has a place in arrays, which no machine has so many of.
    assertThatThrownBy(() -> Parallel.blocking(Integer.MAX_VALUE))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("2147483647 tasks at once; expected at least 1 and at most 1048576");
    assertThatThrownBy(() -> Parallel.all().ahead(Integer.MAX_VALUE))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("at most 16777216");
  }

  /** The most tasks that were at work together; each waits until as many are as should be. */
  private static int mostAtOnce(int workers, int expected) throws InterruptedException {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch together = new CountDownLatch(expected);
    parallel(workers)
        .batch(1)
        .forEach(
            numbers(30),
            i -> {
              most.accumulateAndGet(now.incrementAndGet(), Math::max);
              together.countDown();
              assertThat(together.await(20, TimeUnit.SECONDS)).isTrue();
              now.decrementAndGet();
            });
    return most.get();
  }

  @Test
  void inputsArePulledByOneThreadAtATime() {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger clashes = new AtomicInteger();
    Iterable<Integer> inputs =
        () ->
            new Iterator<>() {
              private int next;

              @Override
              public boolean hasNext() {
                return next < 5_000;
              }

              @Override
              public Integer next() {
                clashes.addAndGet(inside.incrementAndGet() - 1);
                Thread.onSpinWait();
                inside.decrementAndGet();
                return next++;
              }
            };
    assertThat(parallel(4).map(inputs, i -> 2 * i)).isEqualTo(doubled(5_000));
    assertThat(clashes.get()).isZero();
  }

  @RepeatedTest(200) // what it is about is a race
  void aBatchOfLongTasksIsSharedByWhoeverHasNothingToDo() throws InterruptedException {
    // Two batches; whoever takes the one with long tasks gets help from the others.
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    CountDownLatch together = new CountDownLatch(4);
    parallel(4)
        .batch(50)
        .forEach(
            numbers(50),
            i -> {
              if (threads.add(Thread.currentThread())) {
                together.countDown();
                assertThat(together.await(20, TimeUnit.SECONDS)).isTrue();
              }
            });
    assertThat(threads).hasSize(4);
  }

  @Test
  void tasksOfATaskShareTheThreadsWithoutLockingUp() {
    long before = threads();
    AtomicInteger most = new AtomicInteger();
    List<Integer> sums =
        parallel(4)
            .batch(1)
            .map(
                numbers(20),
                i -> {
                  int sum = 0;
                  for (int j : parallel(4).batch(1).map(numbers(20), j -> inner(i, j, most))) {
                    sum += j;
                  }
                  return sum;
                });
    assertThat(sums).hasSize(20).allMatch(sum -> sum % 190 == 0);
    assertThat(most.get()).isLessThanOrEqualTo((int) before);
  }

  private static int inner(int i, int j, AtomicInteger most) {
    most.accumulateAndGet((int) threads(), Math::max);
    return parallel(4).reduce(numbers(3), k -> i * j * k, Integer::sum).orElseThrow() / 3;
  }

  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("kiln"))
        .count();
  }

  @Test
  void tasksSeeTheEngineThatRunsThemAndMayComputeOnIt() {
    List<Double> sums =
        parallel(4)
            .map(
                numbers(50),
                i -> {
                  assertThat(Kiln.engine()).isSameAs(engine);
                  return Kiln.arange(i).sum().item();
                });
    assertThat(sums).hasSize(50);
    assertThat(sums.get(49)).isEqualTo(49 * 48 / 2.0);
  }

  @Test
  void theEngineOfTheScopeIsUsedWhereNoneIsGiven() throws InterruptedException {
    try (var scope = Kiln.using(engine)) {
      assertThat(scope).isNotNull();
      Set<Thread> threads = ConcurrentHashMap.newKeySet();
      CountDownLatch together = new CountDownLatch(4);
      Parallel.all()
          .batch(1)
          .forEach(
              numbers(20),
              i -> {
                threads.add(Thread.currentThread());
                together.countDown();
                assertThat(together.await(20, TimeUnit.SECONDS)).isTrue();
                assertThat(Kiln.engine()).isSameAs(engine);
              });
      assertThat(threads).hasSize(4);
    }
  }

  @Test
  void aWorkersStateIsMadeOncePerWorkerUsedByOneAtATimeAndClosed() {
    AtomicInteger made = new AtomicInteger();
    AtomicInteger closed = new AtomicInteger();
    class State implements AutoCloseable {
      private final AtomicInteger users = new AtomicInteger();

      @Override
      public void close() {
        closed.incrementAndGet();
      }
    }

    List<Integer> results =
        parallel(3)
            .batch(1)
            .initialiser(
                () -> {
                  made.incrementAndGet();
                  return new State();
                })
            .map(
                numbers(300),
                (state, i) -> {
                  assertThat(state.users.incrementAndGet()).isEqualTo(1);
                  Thread.yield();
                  state.users.decrementAndGet();
                  return 2 * i;
                });
    assertThat(results).isEqualTo(doubled(300));
    assertThat(made.get()).isBetween(1, 3);
    assertThat(closed.get()).isEqualTo(made.get());
  }

  @Test
  void blockingTasksRunOnVirtualThreadsAllAtOnce() throws InterruptedException {
    CountDownLatch together = new CountDownLatch(200);
    Set<Boolean> virtual = ConcurrentHashMap.newKeySet();
    List<Integer> results =
        Parallel.blocking(200)
            .map(
                numbers(1000),
                i -> {
                  virtual.add(Thread.currentThread().isVirtual());
                  together.countDown();
                  assertThat(together.await(20, TimeUnit.SECONDS)).isTrue();
                  return 2 * i;
                });
    assertThat(results).isEqualTo(doubled(1000));
    assertThat(virtual).contains(true);
    assertThatThrownBy(() -> Parallel.blocking(0)).isInstanceOf(KilnException.class);
  }

  private static boolean uninterruptibly(CountDownLatch latch) {
    try {
      return latch.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void anotherCallersJobDoesNotWaitForALongOne() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(4);
    CountDownLatch release = new CountDownLatch(1);
    Thread first =
        Thread.ofPlatform()
            .start(
                () ->
                    parallel(4)
                        .batch(1)
                        .map(
                            numbers(4),
                            i -> {
                              begun.countDown();
                              return uninterruptibly(release);
                            }));
    try {
      assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
      // All workers are busy: the caller does everything itself.
      assertThat(parallel(4).map(numbers(100), i -> 2 * i)).isEqualTo(doubled(100));
    } finally {
      release.countDown();
      first.join();
    }
  }
}
