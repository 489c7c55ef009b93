package dev.kiln.task;

import static dev.kiln.task.Delayed.delayed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.Engine;
import dev.kiln.KilnException;
import dev.kiln.NDArray;
import dev.kiln.Slice;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Graphs of delayed functions and arrays. */
@Timeout(60)
class DelayedTest {
  private static Engine engine;
  private static Parallel all;

  @BeforeAll
  static void open() {
    engine = Engine.builder().backend("interpreter").threads(4).build();
    all = Parallel.all().on(engine);
  }

  @AfterAll
  static void close() {
    engine.close();
  }

  private static int inc(int x) {
    return x + 1;
  }

  private static int add(int x, int y) {
    return x + y;
  }

  private static int sum(List<Integer> list) {
    return list.stream().mapToInt(i -> i).sum();
  }

  @Test
  void argumentsAreValuesDelayedValuesListsAndMapsOfThem() {
    Delayed<Integer> two = delayed(DelayedTest::inc, 1);
    assertThat(all.compute(two)).isEqualTo(2);
    assertThat(all.compute(delayed(() -> "none"))).isEqualTo("none");
    assertThat(all.compute(delayed(DelayedTest::add, two, 5))).isEqualTo(7);
    assertThat(all.compute(delayed(DelayedTest::add, two, two))).isEqualTo(4);
    assertThat(
            all.compute(delayed(DelayedTest::sum, List.of(1, two, delayed(DelayedTest::inc, two)))))
        .isEqualTo(6);
    assertThat(
            all.compute(
                delayed((Integer a, Integer b, Integer c) -> a + 10 * b + 100 * c, 1, two, two)))
        .isEqualTo(221);
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("b", List.of(two, 7));
    map.put("a", two);
    map.put("n", null);
    assertThat(all.compute(delayed((Map<String, Object> m) -> m.toString(), map)))
        .isEqualTo("{b=[2, 7], a=2, n=null}");
    Delayed<Integer> eighteen = two.then(x -> x * 10).with(two, (x, y) -> x - y);
    assertThat(all.compute(eighteen)).isEqualTo(18);
    assertThat(all.compute(Delayed.value("there"))).isEqualTo("there");
    assertThat(all.compute(delayed((Object x) -> x, (Object) null))).isNull();
  }

  @Test
  void listsWithoutDelayedValuesArriveAsTheyAre() {
    List<Integer> list = new ArrayList<>(List.of(1, 2));
    assertThat(all.compute(delayed((List<Integer> given) -> given == list, list))).isTrue();
  }

  @Test
  void anArgumentThatContainsItselfIsRefusedUnlessItIsAValue() {
    List<Object> list = new ArrayList<>();
    list.add(list);
    Map<String, Object> map = new LinkedHashMap<>();
    List<Object> through = new ArrayList<>(List.of(delayed(() -> 1), map));
    map.put("back", through);
    List<Object> both = new ArrayList<>();
    both.add(both);
    both.add(both);
    for (Object cycle : List.of(List.of(1, list), map, through, both)) {
      assertThatThrownBy(() -> delayed((Object x) -> x, cycle))
          .isInstanceOf(KilnException.class)
          .hasMessageContaining("more than 200 levels deep; does a list or map contain itself?")
          .hasMessageContaining("Delayed.value");
    }
    assertThat(all.compute(delayed((Object x) -> x == list, Delayed.value(list)))).isEqualTo(true);
  }

  @Test
  void argumentsMayBeNestedDeep() {
    Object nested = delayed(() -> 1);
    Object nestedValues = 1;
    for (int level = 0; level < 200; level++) {
      nested = level % 2 == 0 ? List.of(nested) : Map.of("k", nested);
      nestedValues = List.of(nestedValues);
    }
    String text = all.compute(delayed(Object::toString, nested));
    assertThat(text).startsWith("{k=[{k=[").contains("{k=[1]}").hasSize(100 * 6 + 1);
    Object given = nestedValues;
    assertThat(all.compute(delayed((Object x) -> x == given, given))).isTrue();
    List<Object> deeper = List.of(given);
    assertThatThrownBy(() -> delayed((Object x) -> x, deeper))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("more than 200 levels deep");
  }

  @Test
  void whatIsSharedIsComputedOnceAComputation() {
    AtomicInteger calls = new AtomicInteger();
    Delayed<Integer> shared = delayed(calls::incrementAndGet);
    Delayed<Integer> left = delayed(DelayedTest::inc, shared);
    Delayed<Integer> right = delayed(DelayedTest::add, shared, shared);
    assertThat(all.computeAll(List.of(left, right, shared, left))).containsExactly(2, 2, 1, 2);
    assertThat(calls.get()).isEqualTo(1);
    assertThat(all.compute(shared)).isEqualTo(2);
    assertThat(all.computeAll(List.<Delayed<Integer>>of())).isEmpty();
  }

  @Test
  void whatIsPersistedIsNotComputedAgain() {
    AtomicInteger calls = new AtomicInteger();
    Delayed<Integer> kept = delayed(calls::incrementAndGet).persist();
    assertThat(calls.get()).isEqualTo(1);
    assertThat(kept.then(x -> x + 1).compute()).isEqualTo(2);
    assertThat(kept.compute()).isEqualTo(1);
    assertThat(calls.get()).isEqualTo(1);
  }

  @Test
  void functionsTakeAndGiveArraysInOneGraph() {
    NDArray x = engine.arange(10);
    NDArray squares = x.multiply(x);
    Delayed<NDArray> shifted = delayed((NDArray a) -> a.add(1), squares);
    Delayed<NDArray> doubled =
        delayed(
            (NDArray a) -> {
              assertThat(a.isRealised()).isTrue();
              return a.multiply(2);
            },
            shifted);
    NDArray result = all.compute(doubled);
    assertThat(result.isRealised()).isTrue();
    assertThat(result.sum().itemLong()).isEqualTo(2 * (285 + 10));
    Delayed<Integer> both =
        delayed(
            (List<NDArray> arrays) -> {
              assertThat(arrays).allMatch(NDArray::isRealised);
              return arrays.size();
            },
            List.of(squares, x.add(3), x));
    assertThat(all.compute(both)).isEqualTo(3);
  }

  @Test
  void independentCallsRunSideBySide() {
    CyclicBarrier together = new CyclicBarrier(4);
    List<Delayed<Integer>> four = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      four.add(delayed((Integer k) -> together.await(20, TimeUnit.SECONDS) * 0 + k, i));
    }
    assertThat(all.compute(delayed(DelayedTest::sum, four))).isEqualTo(6);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void atMostThatManyCallsRunAtOnce(int workers) {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch together = new CountDownLatch(workers);
    List<Delayed<Integer>> many = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      many.add(
          delayed(
              () -> {
                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                together.countDown();
                assertThat(together.await(20, TimeUnit.SECONDS)).isTrue();
                return now.getAndDecrement() * 0;
              }));
    }
    Parallel.with(workers).on(engine).computeAll(many);
    assertThat(most.get()).isEqualTo(workers);
  }

  @Test
  void failuresArriveAsTheyAreWithThePathThroughTheGraph() {
    Delayed<Integer> load =
        delayed(
                () -> {
                  if (true) {
                    throw new IllegalStateException("no file");
                  }
                  return 1;
                })
            .named("load");
    Delayed<Integer> parse = delayed(DelayedTest::inc, load).named("parse");
    Delayed<Integer> total = delayed(DelayedTest::sum, List.of(parse, 2)).named("total");
    assertThatThrownBy(() -> all.compute(total))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("no file")
        .satisfies(
            e -> {
              DelayedContext context = DelayedContext.of(e).orElseThrow();
              assertThat(context.path()).containsExactly("load", "parse", "total");
              assertThat(context)
                  .hasMessage("in the delayed call load, needed by parse, needed by total");
            });
  }

  @Test
  void checkedFailuresAreTheCause() {
    Delayed<Integer> read =
        delayed(
                (Integer x) -> {
                  if (x > 0) {
                    throw new IOException("disk");
                  }
                  return x;
                },
                1)
            .named("read");
    assertThatThrownBy(() -> all.compute(read))
        .isInstanceOf(KilnException.class)
        .hasCauseInstanceOf(IOException.class)
        .satisfies(
            e -> assertThat(DelayedContext.of(e).orElseThrow().path()).containsExactly("read"));
  }

  @Test
  void afterAFailureNothingElseBegins() {
    AtomicInteger ran = new AtomicInteger();
    List<Delayed<Integer>> many = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      int number = i;
      many.add(
          delayed(
              () -> {
                if (number == 5) {
                  throw new IllegalStateException();
                }
                return ran.incrementAndGet();
              }));
    }
    assertThatThrownBy(() -> all.compute(delayed(DelayedTest::sum, many)))
        .isInstanceOf(IllegalStateException.class);
    assertThat(ran.get()).isLessThan(10_000);
    assertThat(all.compute(delayed(DelayedTest::inc, 1))).isEqualTo(2);
  }

  @Test
  void failedCallsAreTriedAgain() {
    AtomicInteger attempts = new AtomicInteger();
    Delayed<Integer> third =
        delayed(
            () -> {
              if (attempts.incrementAndGet() < 3) {
                throw new IOException();
              }
              return attempts.get();
            });
    assertThat(all.retry(Retry.of(3, IOException.class)).compute(third)).isEqualTo(3);
  }

  @Test
  void limitsOfTimeNameTheCall() {
    Delayed<Integer> slow =
        delayed(
                () -> {
                  new CountDownLatch(1).await();
                  return 1;
                })
            .named("slow");
    Delayed<Integer> after = slow.then(x -> x + 1).named("after");
    assertThatThrownBy(() -> all.taskLimit(Duration.ofMillis(100)).compute(after))
        .isInstanceOf(TaskTimeoutException.class)
        .satisfies(
            e ->
                assertThat(DelayedContext.of(e).orElseThrow().path())
                    .containsExactly("slow", "after"));
    assertThatThrownBy(() -> all.limit(Duration.ofMillis(100)).compute(after))
        .isInstanceOf(TaskTimeoutException.class)
        .hasMessageContaining("as a whole");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void aFutureGivesTheValueWhoeverComputesIt(int workers) throws Exception {
    Future<Integer> future =
        Parallel.with(workers).on(engine).submit(delayed(DelayedTest::add, 1, Delayed.value(2)));
    assertThat(future.get()).isEqualTo(3);
    assertThat(future.isDone()).isTrue();
    assertThat(future.isCancelled()).isFalse();
    assertThat(future.cancel(true)).isFalse();
    assertThat(future.get(1, TimeUnit.SECONDS)).isEqualTo(3);
  }

  @Test
  void workBeginsWithoutAnybodyWaiting() throws InterruptedException {
    CountDownLatch ran = new CountDownLatch(3);
    Delayed<Integer> chain = delayed(() -> 0);
    for (int i = 0; i < 3; i++) {
      chain =
          chain.then(
              x -> {
                ran.countDown();
                return x;
              });
    }
    Future<Integer> future = all.submit(chain);
    assertThat(ran.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(future.isCancelled()).isFalse();
  }

  @Test
  void aFutureIsCancelledTimesOutAndFails() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    Future<Integer> future =
        all.submit(
            delayed(
                () -> {
                  begun.countDown();
                  try {
                    new CountDownLatch(1).await();
                  } catch (InterruptedException e) {
                    interrupted.countDown();
                    throw e;
                  }
                  return 1;
                }));
    assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
    assertThatThrownBy(() -> future.get(30, TimeUnit.MILLISECONDS))
        .isInstanceOf(TimeoutException.class);
    assertThat(future.isDone()).isFalse();
    assertThat(future.cancel(true)).isTrue();
    assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(future.isCancelled()).isTrue();
    assertThatThrownBy(future::get).isInstanceOf(CancellationException.class);
    Future<Integer> failing = all.submit(delayed(() -> Integer.parseInt("x")));
    assertThatThrownBy(failing::get)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(NumberFormatException.class);
  }

  @Test
  void futuresWithinCallsDoNotLockUp() {
    List<Delayed<Integer>> outer = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      outer.add(delayed((Integer k) -> all.submit(delayed(DelayedTest::inc, k)).get(), i));
    }
    assertThat(all.compute(delayed(DelayedTest::sum, outer))).isEqualTo(50 * 51 / 2);
  }

  @Test
  void aValueIsDroppedAsSoonAsNobodyNeedsIt() {
    List<WeakReference<Object>> made = new ArrayList<>();
    Delayed<Object> chain = delayed(() -> new byte[1000]);
    AtomicInteger alive = new AtomicInteger();
    for (int i = 0; i < 5; i++) {
      chain =
          chain.then(
              before -> {
                made.add(new WeakReference<>(before));
                return new byte[1000];
              });
    }
    Delayed<Object> last =
        chain.then(
            before -> {
              System.gc();
              for (WeakReference<Object> reference : made) {
                alive.addAndGet(reference.get() == null ? 0 : 1);
              }
              return before;
            });
    Parallel.with(1).compute(last);
    // The last one may still be in a frame of this thread's stack.
    assertThat(alive.get()).isLessThanOrEqualTo(1);
  }

  @Test
  void aLimitOnLiveBytesHoldsBackNewCalls() {
    AtomicLong live = new AtomicLong();
    AtomicLong most = new AtomicLong();
    List<Delayed<Integer>> sums = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      Delayed<byte[]> large =
          delayed(
              () -> {
                most.accumulateAndGet(live.addAndGet(1000), Math::max);
                Thread.sleep(1);
                return new byte[1000];
              });
      sums.add(
          large.then(
              bytes -> {
                Thread.sleep(1);
                live.addAndGet(-1000);
                return 1;
              }));
    }
    Delayed<Integer> total = delayed(DelayedTest::sum, sums);
    assertThat(all.liveBytes(2500).compute(total)).isEqualTo(60);
    // Before the first has ended, four begin, for nobody knows how large they are.
    assertThat(most.get()).isLessThanOrEqualTo(4000);
    live.set(0);
    most.set(0);
    assertThat(all.liveBytes(1).compute(total)).isEqualTo(60);
    assertThat(most.get()).isLessThanOrEqualTo(4000);
  }

  @Test
  void graphsAreExplainedAndDrawn() {
    NDArray x = engine.arange(3).add(1);
    Delayed<Double> load = delayed((NDArray a) -> a.sum().item(), x).named("load");
    Delayed<Double> total =
        delayed((List<Double> list) -> list.getFirst(), List.of(load, load)).named("total \"all\"");
    assertThat(total.explain())
        .isEqualTo(
            """
            graph: 3 tasks, 1 of them arrays; the longest path has 3
              t0 = array int64(3,)()
              t1 = load(t0), needed 2 times
              t2 = total "all"(t1, t1)
            """);
    assertThat(total.dot())
        .startsWith("digraph kiln {\n")
        .contains("t2 [label=\"total \\\"all\\\"\"", "t0 -> t1;\n", "peripheries=2")
        .endsWith("}\n");
  }

  @Test
  void progressCountsCalls() {
    List<Progress> told = new ArrayList<>();
    Delayed<Integer> chain = delayed(DelayedTest::inc, delayed(DelayedTest::inc, 1));
    assertThat(all.progress(told::add).compute(chain)).isEqualTo(3);
    assertThat(told.getLast().finished()).isEqualTo(2);
    assertThat(told.getLast().total()).hasValue(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {10_000, 1_000_000})
  void aChainOfThatManyIsBuiltAndRun(int length) {
    Delayed<Integer> chain = Delayed.value(0);
    for (int i = 0; i < length; i++) {
      chain = chain.then(DelayedTest::inc);
    }
    assertThat(all.compute(chain)).isEqualTo(length);
  }

  @ParameterizedTest
  @ValueSource(ints = {10_000, 1_000_000})
  void aFanOfThatManyIsBuiltAndRun(int width) {
    List<Delayed<Integer>> fan = new ArrayList<>();
    Delayed<Integer> source = delayed(() -> 1);
    for (int i = 0; i < width; i++) {
      fan.add(source.then(DelayedTest::inc));
    }
    assertThat(all.compute(delayed(DelayedTest::sum, fan))).isEqualTo(2 * width);
  }

  @Test
  void aFailureDeepInAChainNamesTheEndsOfItsPath() {
    Delayed<Integer> chain = delayed(() -> Integer.parseInt("x")).named("first");
    for (int i = 0; i < 100_000; i++) {
      chain = chain.then(DelayedTest::inc);
    }
    Delayed<Integer> whole = chain.named("last");
    assertThatThrownBy(() -> all.compute(whole))
        .isInstanceOf(NumberFormatException.class)
        .satisfies(
            e ->
                assertThat(DelayedContext.of(e).orElseThrow().getMessage())
                    .hasSizeLessThan(500)
                    .startsWith("in the delayed call first, needed by delayed")
                    .contains("needed through ")
                    .endsWith("needed by last"));
  }

  @Test
  void arraysAreValuesOfMapsAndListsToo() {
    NDArray x = engine.arange(10);
    Map<String, List<NDArray>> model = Map.of("weights", List.of(x.multiply(2), x));
    double sum =
        all.compute(
            delayed(
                (Map<String, List<NDArray>> m) ->
                    m.getOrDefault("weights", List.of()).getFirst().sum().item(),
                model));
    assertThat(sum).isEqualTo(90);
  }

  @Test
  void kernelsRunBesideCallsThatDoNotNeedThem() {
    CountDownLatch computed = new CountDownLatch(1);
    NDArray x = engine.arange(1000).multiply(3);
    Delayed<Double> reader =
        delayed(
            (NDArray a) -> {
              computed.countDown();
              return a.get(Slice.at(999)).item();
            },
            x);
    // Ends only if the kernel and its reader run while it waits.
    Delayed<Boolean> waiting = delayed(() -> computed.await(30, TimeUnit.SECONDS));
    assertThat(all.computeAll(List.<Delayed<?>>of(waiting, reader))).containsExactly(true, 2997.0);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void whatWasBegunIsFinishedBeforeOthersBegin(int workers) {
    AtomicInteger live = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    List<Delayed<Integer>> ends = new ArrayList<>();
    for (int k = 0; k < 200; k++) {
      Delayed<Integer> chain =
          delayed(
              () -> {
                most.accumulateAndGet(live.incrementAndGet(), Math::max);
                return 0;
              });
      for (int step = 0; step < 5; step++) {
        chain = delayed(DelayedTest::inc, chain);
      }
      ends.add(
          chain.then(
              x -> {
                live.decrementAndGet();
                return x;
              }));
    }
    assertThat(Parallel.with(workers).on(engine).computeAll(ends)).containsOnly(5);
    assertThat(most.get()).isLessThanOrEqualTo(2 * workers);
  }
}
