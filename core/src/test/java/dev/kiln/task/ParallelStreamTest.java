package dev.kiln.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.Engine;
import dev.kiln.KilnException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Results that are consumed while the work goes on. */
@Timeout(60)
class ParallelStreamTest {
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

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void resultsComeInOrder(int workers) {
    for (int ahead : new int[] {1, 2, 7, 5000}) {
      try (Stream<Integer> results = parallel(workers).ahead(ahead).stream(numbers(2000), i -> i)) {
        assertThat(results.toList()).isEqualTo(numbers(2000));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void asCompletedNoneIsLostAndNoneComesTwice(int workers) {
    for (int ahead : new int[] {1, 3, 100}) {
      try (Stream<Integer> results =
          parallel(workers).asCompleted().ahead(ahead).stream(numbers(2000), i -> i)) {
        assertThat(results.toList()).containsExactlyInAnyOrderElementsOf(numbers(2000));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void consumeOneOfTwoHundredAndOnlyTheBoundHasRun(boolean asCompleted)
      throws InterruptedException {
    AtomicInteger pulled = new AtomicInteger();
    AtomicInteger ran = new AtomicInteger();
    Parallel parallel = parallel(4).ahead(6);
    Stream<Integer> inputs = numbers(200).stream().peek(i -> pulled.incrementAndGet());
    try (Stream<Integer> results =
        (asCompleted ? parallel.asCompleted() : parallel)
            .stream(Inputs.of(inputs), i -> ran.incrementAndGet())) {
      Iterator<Integer> iterator = results.iterator();
      iterator.next();
      Thread.sleep(200);
      assertThat(ran.get()).isBetween(1, 7);
      assertThat(pulled.get()).isBetween(1, 7);
      for (int i = 0; i < 50; i++) {
        iterator.next();
      }
      Thread.sleep(50);
      assertThat(ran.get()).isBetween(51, 57);
    }
    int atClose = ran.get();
    Thread.sleep(50);
    assertThat(ran.get()).isEqualTo(atClose).isLessThan(60);
  }

  @Test
  void nothingBeginsBeforeTheFirstResultIsAskedFor() {
    AtomicInteger ran = new AtomicInteger();
    Stream<Integer> results = parallel(4).stream(numbers(10), i -> ran.incrementAndGet());
    results.close();
    assertThat(ran.get()).isZero();
  }

  @Test
  void asCompletedALateOneHoldsNobodyUp() {
    CountDownLatch others = new CountDownLatch(9);
    try (Stream<Integer> results =
        parallel(4).asCompleted().ahead(4).stream(
            numbers(10),
            i -> {
              if (i == 0) {
                // The nine others must have been consumed, or at least computed, before this.
                assertThat(others.await(20, TimeUnit.SECONDS)).isTrue();
              }
              return i;
            })) {
      List<Integer> order = new ArrayList<>();
      results.forEach(
          i -> {
            order.add(i);
            others.countDown();
          });
      assertThat(order).hasSize(10).endsWith(0);
    }
  }

  @Test
  void workGoesOnWhileTheConsumerIsBusy() throws InterruptedException {
    CountDownLatch second = new CountDownLatch(2);
    try (Stream<Integer> results =
        parallel(4).stream(
            numbers(100),
            i -> {
              second.countDown();
              return i;
            })) {
      Iterator<Integer> iterator = results.iterator();
      iterator.next();
      assertThat(second.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void aFailureArrivesAtTheConsumer(int workers) {
    Stream<Integer> results =
        parallel(workers).stream(
            numbers(100),
            i -> {
              if (i == 20) {
                throw new IllegalStateException("no");
              }
              return i;
            });
    try (results) {
      assertThatThrownBy(results::toList)
          .isInstanceOf(IllegalStateException.class)
          .satisfies(e -> assertThat(TaskContext.of(e)).map(TaskContext::index).contains(20L));
    }
  }

  @Test
  void aCheckedFailureIsWrappedSinceStreamsDeclareNone() {
    try (Stream<Integer> results =
        parallel(2).stream(
            numbers(3),
            i -> {
              throw new IOException("disk");
            })) {
      assertThatThrownBy(results::toList)
          .isInstanceOf(KilnException.class)
          .hasCauseInstanceOf(IOException.class)
          .hasMessageContaining("disk");
    }
  }

  @Test
  void closingInterruptsWhatRuns() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    Stream<Integer> results =
        parallel(2).stream(
            numbers(2),
            i -> {
              if (i == 1) {
                begun.countDown();
                try {
                  new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                  interrupted.countDown();
                  throw e;
                }
              } else {
                assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
              }
              return i;
            });
    // The consumer may itself be the one in task 1, which nobody then could interrupt but itself.
    Thread consumer =
        Thread.ofPlatform()
            .start(
                () -> {
                  try (results) {
                    results.limit(1).forEach(i -> {});
                  } catch (KilnException e) {
                    // It was interrupted.
                  }
                });
    assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
    consumer.join(100);
    consumer.interrupt();
    consumer.join();
    assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aStreamInATaskOfAnotherDoesNotLockUp() {
    try (Stream<Integer> outer =
        parallel(4).stream(
            numbers(30),
            i -> {
              try (Stream<Integer> inner = parallel(4).stream(numbers(30), j -> i * j)) {
                return inner.mapToInt(j -> j).sum();
              }
            })) {
      assertThat(outer.toList()).isEqualTo(numbers(30).stream().map(i -> i * 29 * 30 / 2).toList());
    }
  }

  @Test
  void statesAreClosedWithTheStream() {
    Set<String> closed = ConcurrentHashMap.newKeySet();
    try (Stream<Integer> results =
        parallel(1).initialiser(() -> (AutoCloseable) () -> closed.add("closed")).stream(
            numbers(10), (state, i) -> i)) {
      results.iterator().next();
      assertThat(closed).isEmpty();
    }
    assertThat(closed).hasSize(1);
  }
}
