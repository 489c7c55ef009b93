package dev.kiln.task;

import static dev.kiln.task.Delayed.delayed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.kiln.Engine;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Threads that wait for a delayed value: who does the work, interrupts, and limits of time. */
@Timeout(60)
class FutureTest {
  private Engine one;
  private Engine two;

  @BeforeEach
  void open() {
    one = Engine.builder().backend("interpreter").threads(1).build();
    two = Engine.builder().backend("interpreter").threads(2).build();
  }

  @AfterEach
  void close() {
    assertThat(Thread.interrupted()).isFalse();
    one.close();
    two.close();
  }

  /** A thread in {@code get}. */
  private static final class Waiter<T> {
    final AtomicBoolean flag = new AtomicBoolean();
    private final FutureTask<T> result;
    private final Thread thread;

    Waiter(Future<T> future) {
      Callable<T> waiting =
          () -> {
            try {
              return future.get();
            } finally {
              flag.set(Thread.currentThread().isInterrupted());
            }
          };
      result = new FutureTask<>(waiting);
      thread = Thread.ofPlatform().daemon().start(result);
    }

    void interrupt() {
      thread.interrupt();
    }

    Throwable failure() {
      Throwable thrown = catchThrowable(result::get);
      assertThat(thrown).isInstanceOf(ExecutionException.class);
      return thrown.getCause();
    }

    T value() throws Exception {
      return result.get();
    }
  }

  /** Holds the only worker of an engine of two threads until it is closed. */
  private static final class Held implements AutoCloseable {
    private final CountDownLatch end = new CountDownLatch(1);
    private final CountDownLatch caller = new CountDownLatch(1);
    private final CompletableFuture<Void> ended;

    Held(Engine two) throws InterruptedException {
      CountDownLatch begun = new CountDownLatch(2);
      Action<Integer, InterruptedException> holding =
          i -> {
            begun.countDown();
            begun.await();
            (Thread.currentThread().getName().startsWith("kiln-worker") ? end : caller).await();
          };
      ended =
          CompletableFuture.runAsync(
              () -> {
                Throwable _ =
                    catchThrowable(
                        () -> Parallel.with(2).on(two).batch(1).forEach(List.of(0, 1), holding));
              },
              held -> Thread.ofPlatform().daemon().start(held));
      begun.await();
      caller.countDown();
    }

    @Override
    public void close() {
      end.countDown();
      ended.join();
    }
  }

  /** What a function may do with an interrupt. */
  private static List<Fn1<InterruptedException, Integer, Exception>> reactions() {
    return List.of(
        e -> {
          throw e;
        },
        e -> {
          throw new IllegalStateException("wrapped, the flag forgotten", e);
        },
        e -> {
          Thread.currentThread().interrupt();
          throw new IOException("cut off");
        },
        e -> {
          Thread.currentThread().interrupt();
          return Parallel.with(1).map(List.of(1, 2), x -> x).getFirst();
        });
  }

  @Test
  void anInterruptOfOneThatWaitsIsItsOwnAndTheOthersGetTheValue() throws Exception {
    for (Fn1<InterruptedException, Integer, Exception> reaction : reactions()) {
      CountDownLatch begun = new CountDownLatch(1);
      AtomicInteger runs = new AtomicInteger();
      List<Progress> told = new ArrayList<>();
      Delayed<Integer> first =
          delayed(
              () -> {
                if (runs.incrementAndGet() == 1) {
                  begun.countDown();
                  try {
                    new CountDownLatch(1).await();
                  } catch (InterruptedException e) {
                    return reaction.apply(e);
                  }
                }
                return 7;
              });
      Future<Integer> future =
          Parallel.all()
              .on(one)
              .retry(Retry.of(3, Exception.class))
              .progress(told::add)
              .submit(first.then(x -> x + 1));
      Waiter<Integer> doing = new Waiter<>(future);
      begun.await();
      Waiter<Integer> other = new Waiter<>(future);
      doing.interrupt();
      assertThat(doing.failure())
          .isInstanceOf(InterruptedException.class)
          .hasCauseInstanceOf(Exception.class);
      assertThat(doing.flag).isFalse();
      assertThat(other.value()).isEqualTo(8);
      assertThat(future.get()).isEqualTo(8);
      assertThat(runs.get()).isEqualTo(2);
      assertThat(told).allMatch(p -> p.started() <= 2 && p.finished() <= p.started());
      assertThat(told.getLast().started()).isEqualTo(2);
      assertThat(told.getLast().failed()).isZero();
    }
  }

  @Test
  void anInterruptedGetMayBeCalledAgain() throws Exception {
    AtomicInteger runs = new AtomicInteger();
    Future<Integer> future =
        Parallel.all()
            .on(one)
            .submit(
                delayed(
                    () -> {
                      if (runs.incrementAndGet() == 1) {
                        Thread.currentThread().interrupt();
                        new CountDownLatch(1).await();
                      }
                      return 7;
                    }));
    assertThatThrownBy(future::get).isInstanceOf(InterruptedException.class);
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
    assertThat(future.isDone()).isFalse();
    assertThat(future.get()).isEqualTo(7);
    assertThat(runs.get()).isEqualTo(2);
  }

  @Test
  void aCallThatEndsInSpiteOfAnInterruptIsNotMadeAgain() throws Exception {
    AtomicInteger runs = new AtomicInteger();
    Delayed<Integer> first =
        delayed(
            () -> {
              Thread.currentThread().interrupt();
              return runs.incrementAndGet();
            });
    Future<Integer> future = Parallel.all().on(one).submit(first.then(x -> x + 1));
    assertThatThrownBy(future::get).isInstanceOf(InterruptedException.class);
    assertThat(future.get()).isEqualTo(2);
    assertThat(runs.get()).isEqualTo(1);
  }

  @Test
  void oneThatIsInterruptedBeforeItWaitsBeginsNothing() throws Exception {
    AtomicInteger runs = new AtomicInteger();
    Future<Integer> future = Parallel.all().on(one).submit(delayed(runs::incrementAndGet));
    Thread.currentThread().interrupt();
    assertThatThrownBy(future::get).isInstanceOf(InterruptedException.class);
    assertThat(runs.get()).isZero();
    assertThat(future.get()).isEqualTo(1);
  }

  @Test
  void aFailureThatIsNoInterruptArrivesAtAllWhoWait() {
    Future<Integer> future = Parallel.all().on(one).submit(delayed(() -> Integer.parseInt("x")));
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(future::get).hasCauseInstanceOf(NumberFormatException.class);
    }
    Exception ofAnother = new ExecutionException(new InterruptedException("in another thread"));
    Future<Integer> waiting =
        Parallel.all()
            .on(one)
            .submit(
                delayed(
                    () -> {
                      throw ofAnother;
                    }));
    assertThatThrownBy(waiting::get).cause().isSameAs(ofAnother);
  }

  @Test
  void aFutureThatFailedEndsWhenOneWhoWaitsHasLeftItsCall() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    Delayed<Integer> deaf =
        delayed(
            () -> {
              begun.countDown();
              try {
                new CountDownLatch(1).await();
              } catch (InterruptedException e) {
                stopped.countDown();
              }
              mayEnd.await();
              return 1;
            });
    Delayed<Integer> failing = delayed(() -> Integer.parseInt("x"));
    Future<Integer> future;
    Waiter<Integer> doing;
    try (Held _ = new Held(two)) {
      future = Parallel.all().on(two).submit(deaf.with(failing, Integer::sum));
      doing = new Waiter<>(future);
      begun.await();
    }
    stopped.await();
    assertThatThrownBy(() -> future.get(100, TimeUnit.MILLISECONDS))
        .isInstanceOf(TimeoutException.class);
    mayEnd.countDown();
    assertThatThrownBy(future::get).hasCauseInstanceOf(NumberFormatException.class);
    assertThat(doing.failure()).hasCauseInstanceOf(NumberFormatException.class);
  }

  @Test
  void oneThatWaitsWithALimitLeavesTheWorkToWorkers() throws Exception {
    Thread self = Thread.currentThread();
    Future<Boolean> future;
    try (Held _ = new Held(two)) {
      future = Parallel.all().on(two).submit(delayed(() -> Thread.currentThread() == self));
      assertThatThrownBy(() -> future.get(20, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class)
          .hasMessageContaining("within 20 MILLISECONDS");
      assertThat(future.isDone()).isFalse();
    }
    assertThat(future.get(40, TimeUnit.SECONDS)).isFalse();
  }

  @Test
  void oneThatWaitsWithALimitIsBackWhileTheTaskOfAWorkerRunsOn() throws Exception {
    CountDownLatch mayEnd = new CountDownLatch(1);
    Future<Boolean> future =
        Parallel.all().on(two).submit(delayed(() -> mayEnd.await(40, TimeUnit.SECONDS)));
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> future.get(5, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
    }
    mayEnd.countDown();
    assertThat(future.get(40, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void withoutAWorkerOneThatWaitsWithALimitDoesTheWork() throws Exception {
    Thread self = Thread.currentThread();
    Delayed<Boolean> here = delayed(() -> Thread.currentThread() == self);
    for (Parallel alone : List.of(Parallel.all().on(one), Parallel.with(1).on(two))) {
      Future<Boolean> future = alone.submit(here);
      assertThatThrownBy(() -> future.get(0, TimeUnit.SECONDS))
          .isInstanceOf(TimeoutException.class);
      assertThat(future.get(40, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void tasksThatWaitWithALimitDoTheWorkWhereAllWorkersAreInSuchTasks() throws Exception {
    CyclicBarrier both = new CyclicBarrier(2);
    Parallel all = Parallel.all().on(two);
    assertThat(
            all.batch(1)
                .<Integer, Integer, Exception>map(
                    List.of(1, 2),
                    i -> {
                      both.await();
                      int got = all.submit(delayed(() -> i * 10)).get(20, TimeUnit.SECONDS);
                      both.await();
                      return got;
                    }))
        .containsExactly(10, 20);
  }

  @Test
  void oneThatWaitsWithALimitIsToldOfAStopWithNobodyAtWork() throws Exception {
    try (Held _ = new Held(two)) {
      Future<Integer> future =
          Parallel.all().on(two).limit(Duration.ofMillis(20)).submit(delayed(() -> 1));
      assertThatThrownBy(() -> future.get(40, TimeUnit.SECONDS))
          .hasCauseInstanceOf(TaskTimeoutException.class);
    }
  }
}
