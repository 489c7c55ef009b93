package dev.kiln.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.kiln.Engine;
import dev.kiln.KilnException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Failures, interrupts, limits of time and retries; after each of them the pool works as before.
 */
@Timeout(60)
class ParallelFailureTest {
  private Engine engine;

  @BeforeEach
  void open() {
    engine = Engine.builder().backend("interpreter").threads(4).build();
  }

  @AfterEach
  void thePoolSurvives() throws InterruptedException {
    assertThat(Thread.interrupted()).isFalse();
    CountDownLatch together = new CountDownLatch(4);
    assertThat(
            parallel(4)
                .batch(1)
                .map(
                    numbers(4),
                    i -> {
                      together.countDown();
                      return together.await(20, TimeUnit.SECONDS);
                    }))
        .containsOnly(true);
    engine.close();
  }

  private Parallel parallel(int workers) {
    return Parallel.with(workers).on(engine);
  }

  private static List<Integer> numbers(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void aFailureArrivesAsItIsWithIndexAndInputAndTheRestDoesNotRun(int workers) {
    AtomicInteger ran = new AtomicInteger();
    IllegalStateException failure = new IllegalStateException("in a task");
    Throwable thrown =
        catchThrowable(
            () ->
                parallel(workers)
                    .named("lookup")
                    .map(
                        numbers(1_000_000),
                        i -> {
                          ran.incrementAndGet();
                          if (i == 77) {
                            throw failure;
                          }
                          return i;
                        }));
    assertThat(thrown).isSameAs(failure);
    TaskContext context = TaskContext.of(thrown).orElseThrow();
    assertThat(context.index()).isEqualTo(77);
    assertThat(context.input()).isEqualTo(77);
    assertThat(context).hasMessage("in task 77 of lookup, given 77");
    assertThat(ran.get()).isLessThan(1_000_000);
  }

  @Test
  void checkedFailuresAreDeclaredAndErrorsArriveToo() {
    // That this compiles is half of the test.
    try {
      parallel(4)
          .map(
              numbers(3),
              i -> {
                throw new FileNotFoundException("file " + i);
              });
      throw new AssertionError("nothing was thrown");
    } catch (IOException e) {
      assertThat(e).isInstanceOf(FileNotFoundException.class);
    }
    assertThatThrownBy(
            () ->
                parallel(4)
                    .forEach(
                        numbers(3),
                        i -> {
                          throw new StackOverflowError();
                        }))
        .isInstanceOf(StackOverflowError.class);
  }

  @Test
  void tasksUnderWayAreInterruptedAndEndBeforeTheCallReturns() {
    CountDownLatch waiting = new CountDownLatch(3);
    AtomicInteger ended = new AtomicInteger();
    assertThatThrownBy(
            () ->
                parallel(4)
                    .batch(1)
                    .map(
                        numbers(4),
                        i -> {
                          if (i == 0) {
                            assertThat(waiting.await(20, TimeUnit.SECONDS)).isTrue();
                            throw new IllegalStateException("first");
                          }
                          waiting.countDown();
                          try {
                            new CountDownLatch(1).await();
                          } finally {
                            Thread.sleep(50);
                            ended.incrementAndGet();
                          }
                          return i;
                        }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("first");
    assertThat(ended.get()).isLessThanOrEqualTo(3);
  }

  @Test
  void afterAFailureNoTaskRunsOn() throws InterruptedException {
    AtomicInteger running = new AtomicInteger();
    for (int round = 0; round < 50; round++) {
      assertThatThrownBy(
              () ->
                  parallel(4)
                      .batch(1)
                      .map(
                          numbers(100),
                          i -> {
                            running.incrementAndGet();
                            try {
                              if (i == 13) {
                                throw new IllegalStateException();
                              }
                              Thread.onSpinWait();
                              return i;
                            } finally {
                              running.decrementAndGet();
                            }
                          }))
          .isInstanceOf(IllegalStateException.class);
      assertThat(running.get()).isZero();
    }
  }

  @Test
  void severalFailuresAtOnceAreAllThere() {
    CountDownLatch together = new CountDownLatch(4);
    Throwable thrown =
        catchThrowable(
            () ->
                parallel(4)
                    .batch(1)
                    .map(
                        numbers(4),
                        i -> {
                          together.countDown();
                          while (together.getCount() > 0) {
                            Thread.onSpinWait();
                          }
                          throw new IllegalStateException("failure " + i);
                        }));
    assertThat(thrown).isInstanceOf(IllegalStateException.class);
    assertThat(TaskContext.of(thrown)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7})
  void aFailureOfTheInputsArrivesAsItIs(int batch) {
    Iterable<Integer> inputs =
        () ->
            new Iterator<>() {
              private int next;

              @Override
              public boolean hasNext() {
                return true;
              }

              @Override
              public Integer next() {
                if (next == 10) {
                  throw new IllegalArgumentException("bad line");
                }
                return next++;
              }
            };
    assertThatThrownBy(() -> parallel(4).batch(batch).map(inputs, i -> i))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("bad line")
        .satisfies(
            e -> {
              TaskContext context = TaskContext.of(e).orElseThrow();
              assertThat(context.index()).isEqualTo(10);
              assertThat(context).hasMessageContaining("inputs");
            });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void anInterruptOfTheCallerStopsTheRestAndStaysSet(int workers) {
    AtomicInteger ran = new AtomicInteger();
    Thread caller = Thread.currentThread();
    assertThatThrownBy(
            () ->
                parallel(workers)
                    .map(
                        numbers(1_000_000),
                        i -> {
                          if (ran.incrementAndGet() == 10) {
                            caller.interrupt();
                          }
                          return i;
                        }))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("interrupted");
    assertThat(Thread.interrupted()).isTrue();
    assertThat(ran.get()).isLessThan(1_000_000);
  }

  @Test
  void anInterruptReachesACallerThatWaitsForOthers() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(4);
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    AtomicBoolean flag = new AtomicBoolean();
    Thread caller =
        Thread.ofPlatform()
            .start(
                () -> {
                  Thread self = Thread.currentThread();
                  thrown.set(
                      catchThrowable(
                          () ->
                              parallel(4)
                                  .batch(1)
                                  .map(
                                      numbers(4),
                                      i -> {
                                        begun.countDown();
                                        begun.await();
                                        if (Thread.currentThread() != self) {
                                          new CountDownLatch(1).await();
                                        }
                                        return i;
                                      })));
                  flag.set(Thread.currentThread().isInterrupted());
                });
    assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
    Thread.sleep(50);
    caller.interrupt();
    caller.join();
    assertThat(thrown.get()).isInstanceOf(KilnException.class).hasMessageContaining("interrupted");
    assertThat(flag.get()).isTrue();
  }

  @Test
  void anInterruptFlagThatATaskLeavesOnAWorkersThreadStopsNothing() throws Exception {
    Thread caller = Thread.currentThread();
    Fn1<Integer, Boolean, RuntimeException> leaving =
        i -> {
          boolean before = Thread.currentThread().isInterrupted();
          if (Thread.currentThread() != caller) {
            Thread.currentThread().interrupt();
          }
          return before;
        };
    for (Parallel some : List.of(parallel(4), parallel(4).batch(3), Parallel.blocking(20))) {
      CountDownLatch workers = new CountDownLatch(2);
      Fn1<Integer, Boolean, InterruptedException> afterOthers =
          i -> {
            workers.countDown();
            workers.await();
            return leaving.apply(i);
          };
      assertThat(some.map(numbers(10_000), afterOthers)).hasSize(10_000).containsOnly(false);
      List<Delayed<Boolean>> delayed = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        delayed.add(Delayed.delayed(leaving, i));
      }
      assertThat(some.on(engine).computeAll(delayed)).hasSize(1000).containsOnly(false);
    }
  }

  @Test
  void aTaskThatFailsWithTheFlagSetOnAWorkersThreadIsTriedAgain() {
    Thread caller = Thread.currentThread();
    CountDownLatch workers = new CountDownLatch(4);
    AtomicInteger failed = new AtomicInteger();
    Retry retry = Retry.of(3, IOException.class).backoff(Duration.ofNanos(1));
    Fn1<Integer, Integer, Exception> flaky =
        i -> {
          workers.countDown();
          workers.await();
          if (Thread.currentThread() != caller && failed.incrementAndGet() % 3 != 0) {
            Thread.currentThread().interrupt();
            throw new IOException("cut off");
          }
          return i;
        };
    Retry often = new Retry(1000, retry.first(), retry.longest(), retry.when());
    assertThatCode(() -> parallel(4).batch(1).retry(often).map(numbers(100), flaky))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void aTaskThatTakesTooLongIsInterruptedAndNamed(int workers) {
    assertThatThrownBy(
            () ->
                parallel(workers)
                    .batch(1)
                    .taskLimit(Duration.ofMillis(200))
                    .map(
                        numbers(100),
                        i -> {
                          if (i == 42) {
                            new CountDownLatch(1).await();
                          }
                          return i;
                        }))
        .isInstanceOf(TaskTimeoutException.class)
        .hasMessageContaining("200 ms")
        .satisfies(
            e -> {
              TaskContext context = TaskContext.of(e).orElseThrow();
              assertThat(context.index()).isEqualTo(42);
              assertThat(context.input()).isEqualTo(42);
            });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void aCallThatTakesTooLongIsStopped(int workers) {
    long start = System.nanoTime();
    assertThatThrownBy(
            () ->
                parallel(workers)
                    .limit(Duration.ofMillis(100))
                    .forEach(numbers(100_000), i -> Thread.sleep(10)))
        .isInstanceOf(TaskTimeoutException.class)
        .hasMessageContaining("as a whole");
    assertThat(System.nanoTime() - start).isLessThan(20_000_000_000L);
  }

  @Test
  void limitsHoldWhereTasksOnVirtualThreadsCompute() {
    int tasks = 4 * Runtime.getRuntime().availableProcessors();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    Action<Integer, RuntimeException> busy =
        i -> {
          while (!Thread.currentThread().isInterrupted() && System.nanoTime() < end) {
            Thread.onSpinWait();
          }
        };
    Parallel all = Parallel.blocking(tasks).on(engine);
    for (Parallel limited :
        List.of(all.limit(Duration.ofMillis(100)), all.taskLimit(Duration.ofMillis(100)))) {
      assertThatThrownBy(() -> limited.forEach(numbers(tasks), busy))
          .isInstanceOf(TaskTimeoutException.class);
    }
    assertThat(System.nanoTime()).isLessThan(end);
  }

  @Test
  void aShortLimitIsNamedAsItIs() {
    assertThatThrownBy(
            () ->
                parallel(2)
                    .limit(Duration.ofNanos(250_000))
                    .forEach(numbers(100_000), i -> Thread.sleep(10)))
        .isInstanceOf(TaskTimeoutException.class)
        .hasMessageContaining("its limit of 250 µs");
  }

  @Test
  void limitsThatAreKeptChangeNothing() {
    assertThat(
            parallel(4)
                .taskLimit(Duration.ofSeconds(30))
                .limit(Duration.ofSeconds(Long.MAX_VALUE / 2))
                .map(numbers(1000), i -> i))
        .isEqualTo(numbers(1000));
    assertThatThrownBy(() -> parallel(4).limit(Duration.ZERO)).isInstanceOf(KilnException.class);
  }

  @Test
  void retriesGoOnUntilItWorks() throws IOException {
    AtomicInteger attempts = new AtomicInteger();
    Retry retry = Retry.of(3, IOException.class).backoff(Duration.ofMillis(1));
    List<Integer> results =
        parallel(2)
            .retry(retry)
            .map(
                List.of(5),
                i -> {
                  if (attempts.incrementAndGet() < 3) {
                    throw new IOException("attempt " + attempts);
                  }
                  return 2 * i;
                });
    assertThat(results).containsExactly(10);
    assertThat(attempts.get()).isEqualTo(3);
  }

  @Test
  void retriesEndWithTheLastFailureAndOnlyWhatIsAskedForIsTriedAgain() {
    AtomicInteger attempts = new AtomicInteger();
    Retry retry = Retry.of(3, IOException.class);
    assertThatThrownBy(
            () ->
                parallel(2)
                    .retry(retry)
                    .map(
                        List.of(5),
                        i -> {
                          throw new IOException("attempt " + attempts.incrementAndGet());
                        }))
        .isInstanceOf(IOException.class)
        .hasMessage("attempt 3");
    assertThat(attempts.get()).isEqualTo(3);
    attempts.set(0);
    assertThatThrownBy(
            () ->
                parallel(2)
                    .retry(retry)
                    .map(
                        List.of(5),
                        i -> {
                          attempts.incrementAndGet();
                          throw new IllegalStateException();
                        }))
        .isInstanceOf(IllegalStateException.class);
    assertThat(attempts.get()).isEqualTo(1);
  }

  @Test
  void waitsDoubleUpToTheLongest() {
    Retry retry =
        Retry.of(99, IOException.class)
            .backoff(Duration.ofMillis(100))
            .atMost(Duration.ofMillis(500));
    assertThat(IntStream.rangeClosed(1, 5).mapToObj(retry::after).map(Duration::toMillis))
        .containsExactly(100L, 200L, 400L, 500L, 500L);
    assertThat(retry.after(99)).isEqualTo(Duration.ofMillis(500));
    assertThat(Retry.of(99, IOException.class).after(98)).isEqualTo(Duration.ZERO);
    assertThatThrownBy(() -> Retry.of(0, IOException.class)).isInstanceOf(KilnException.class);
  }

  @Test
  void failuresOnVirtualThreadsAreTheSame() {
    assertThatThrownBy(
            () ->
                Parallel.blocking(50)
                    .map(
                        numbers(200),
                        i -> {
                          if (i == 150) {
                            throw new IllegalStateException("no");
                          }
                          Thread.sleep(1);
                          return i;
                        }))
        .isInstanceOf(IllegalStateException.class)
        .satisfies(e -> assertThat(TaskContext.of(e).orElseThrow().index()).isEqualTo(150));
  }

  @Test
  void aFailingInitialiserIsAFailureOfTheTask() {
    assertThatThrownBy(
            () ->
                parallel(2)
                    .initialiser(
                        () -> {
                          throw new IllegalStateException("no licence");
                        })
                    .map(numbers(10), (state, i) -> i))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("no licence");
  }

  /** A worker's state that cannot be closed. */
  private static final class Stuck implements AutoCloseable {
    @Override
    public void close() throws IOException {
      throw new IOException("device busy");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void whatClosingThrowsDoesNotHideTheFailureOfATask(int workers) {
    ParallelWith<Stuck> stuck = parallel(workers).initialiser(Stuck::new);
    Fn2<Stuck, Integer, Integer, RuntimeException> failing =
        (state, i) -> {
          if (i == 42) {
            throw new UnsupportedOperationException("odd input");
          }
          return i;
        };
    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            () -> stuck.map(numbers(100), failing),
            () -> {
              try (Stream<Integer> results = stuck.stream(numbers(100), failing)) {
                results.forEach(i -> {});
              }
            })) {
      assertThatThrownBy(call)
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessage("odd input")
          .satisfies(
              e -> {
                assertThat(TaskContext.of(e).orElseThrow().index()).isEqualTo(42);
                assertThat(e.getSuppressed())
                    .anyMatch(closing -> "device busy".equals(closing.getMessage()));
              });
    }
    assertThatThrownBy(() -> stuck.map(numbers(10), (state, i) -> i))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("device busy");
  }

  /** An input whose text cannot be had. */
  private static final class Unprintable {
    private final @Nullable Error thrown;

    Unprintable(@Nullable Error thrown) {
      this.thrown = thrown;
    }

    @Override
    @SuppressWarnings("NullAway") // the wrong null is the point
    public String toString() {
      if (thrown != null) {
        throw thrown;
      }
      return null;
    }
  }

  private static List<Object> unprintables() {
    List<Object> one = new ArrayList<>();
    List<Object> other = new ArrayList<>(List.of(one));
    one.add(other);
    return List.of(
        one,
        new Unprintable(new OutOfMemoryError("too long a text")),
        new Unprintable(new AssertionError("no text")),
        new Unprintable(null));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void aFailureArrivesWhateverTheTextOfItsInputDoesAndNoTaskRunsOn(int workers) {
    for (Object unprintable : unprintables()) {
      AtomicInteger running = new AtomicInteger();
      CountDownLatch others = new CountDownLatch(workers);
      List<Object> inputs = new ArrayList<>(numbers(100));
      inputs.set(0, unprintable);
      IllegalStateException failure = new IllegalStateException("in a task");
      Throwable thrown =
          catchThrowable(
              () ->
                  parallel(workers)
                      .batch(1)
                      .forEach(
                          inputs,
                          input -> {
                            running.incrementAndGet();
                            try {
                              others.countDown();
                              others.await();
                              if (input == unprintable) {
                                throw failure;
                              }
                              new CountDownLatch(1).await();
                            } finally {
                              running.decrementAndGet();
                            }
                          }));
      assertThat(running.get()).isZero();
      assertThat(thrown).isSameAs(failure);
      TaskContext context = TaskContext.of(thrown).orElseThrow();
      assertThat(context.index()).isZero();
      assertThat(context.input()).isSameAs(unprintable);
      assertThat(context)
          .message()
          .containsAnyOf("given a " + unprintable.getClass().getName() + " without", "given null");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void limitsAreEnforcedWhateverTheTextOfAnInputDoes(int workers) {
    for (Object unprintable : unprintables()) {
      assertThatThrownBy(
              () ->
                  parallel(workers)
                      .taskLimit(Duration.ofMillis(50))
                      .forEach(List.of(unprintable), input -> new CountDownLatch(1).await()))
          .isInstanceOf(TaskTimeoutException.class)
          .satisfies(e -> assertThat(TaskContext.of(e).orElseThrow().index()).isZero());
    }
  }

  @Test
  void aContextThatCannotBeMadeDoesNotHideTheFailure() {
    IllegalStateException failure = new IllegalStateException("in a task");
    OutOfMemoryError none = new OutOfMemoryError("no room for a context");
    Failure noted =
        Failure.of(
            failure,
            () -> {
              throw none;
            });
    assertThat(noted.cause()).isSameAs(failure).hasSuppressedException(none);
  }

  @Test
  void whateverIsThrownWhileATeamWorksIsItsFailureAndItCanBeEnded() {
    AssertionError fault = new AssertionError("while a failure was noted");
    Team team =
        new Team(
            "faulty",
            new Crew.OfEngine(engine, 2),
            seat -> {
              throw fault;
            });
    team.begin();
    team.invite();
    team.takePart();
    team.end();
    assertThat(team.failure()).isSameAs(fault);
    assertThat(team.hasHelp()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void anExceptionThatIsThrownAgainAndAgainKeepsTheContextOfTheFirstCallOnly(int workers) {
    IllegalStateException kept = new IllegalStateException("an object that is kept");
    UnsupportedOperationException other = new UnsupportedOperationException("another");
    CountDownLatch together = new CountDownLatch(workers);
    for (int round = 0; round < 100; round++) {
      int first = round;
      Throwable thrown =
          catchThrowable(
              () ->
                  parallel(workers)
                      .batch(1)
                      .forEach(
                          List.of(first, first + 1, first + 2, first + 3),
                          i -> {
                            together.countDown();
                            while (together.getCount() > 0) {
                              Thread.onSpinWait();
                            }
                            throw workers > 1 && i % 2 == 1 ? other : kept;
                          }));
      assertThat(thrown).isIn(kept, other);
    }
    for (Throwable each : List.of(kept, other)) {
      assertThat(each.getSuppressed())
          .filteredOn(TaskContext.class::isInstance)
          .hasSizeBetween(0, 1);
      assertThat(each.getSuppressed()).hasSizeLessThanOrEqualTo(2);
    }
    assertThat(kept.getSuppressed().length + other.getSuppressed().length).isPositive();
  }

  @Test
  void anExceptionThatIsKeptGathersNoContextsOfCallsWithinCallsAndOfDelayedOnes() {
    IllegalStateException kept = new IllegalStateException("an object that is kept");
    Fn1<Object, Object, RuntimeException> failing =
        x -> {
          throw kept;
        };
    for (int round = 0; round < 100; round++) {
      assertThatThrownBy(
              () ->
                  parallel(2)
                      .named("outer")
                      .map(List.of("a"), s -> parallel(2).named("inner").map(List.of(s), failing)))
          .isSameAs(kept);
      assertThatThrownBy(() -> parallel(2).compute(Delayed.delayed(failing, 1))).isSameAs(kept);
    }
    assertThat(kept.getSuppressed())
        .extracting(Throwable::getMessage)
        .containsExactly("in task 0 of inner, given a", "in task 0 of outer, given a");
  }

  @Test
  void severalTasksThatThrowTheSameObjectAreOneFailureWithTheContextOfTheFirst() {
    IllegalStateException kept = new IllegalStateException("an object that is kept");
    CountDownLatch together = new CountDownLatch(4);
    assertThatThrownBy(
            () ->
                parallel(4)
                    .batch(1)
                    .forEach(
                        numbers(4),
                        i -> {
                          together.countDown();
                          while (together.getCount() > 0) {
                            Thread.onSpinWait();
                          }
                          throw kept;
                        }))
        .isSameAs(kept);
    assertThat(kept.getSuppressed()).hasSize(1);
  }

  @Test
  void inputsOfAStreamThatFailInATaskOfATaskKeepBothContexts() {
    assertThatThrownBy(
            () ->
                parallel(2)
                    .named("outer")
                    .map(
                        List.of("a"),
                        s -> parallel(2).named("inner").map(Stream.of(s), Integer::parseInt)))
        .isInstanceOf(NumberFormatException.class)
        .satisfies(
            e ->
                assertThat(e.getSuppressed())
                    .extracting(Throwable::getMessage)
                    .containsExactly("in task 0 of inner, given a", "in task 0 of outer, given a"));
  }
}
