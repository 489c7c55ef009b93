package dev.kiln.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.kiln.KilnException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DispatcherTest {
  @Test
  void threadsAreAsManyAsMachinesHave() {
    for (int count : new int[] {0, -1, 4097, Integer.MAX_VALUE}) {
      assertThatThrownBy(() -> new Dispatcher(count))
          .isInstanceOf(KilnException.class)
          .hasMessageContaining(count + " threads; expected at least 1 and at most 4096");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7})
  void everyChunkRunsOnceAndNoWorkerTwiceAtOnce(int threads) {
    try (Dispatcher workers = new Dispatcher(threads)) {
      for (int chunks : new int[] {0, 1, 2, 1000}) {
        AtomicIntegerArray runs = new AtomicIntegerArray(Math.max(1, chunks));
        AtomicIntegerArray busy = new AtomicIntegerArray(threads);
        AtomicInteger clashes = new AtomicInteger();
        workers.forEach(
            chunks,
            (chunk, worker) -> {
              clashes.addAndGet(busy.incrementAndGet(worker) - 1);
              runs.incrementAndGet((int) chunk);
              busy.decrementAndGet(worker);
            });
        assertThat(clashes.get()).isZero();
        for (int chunk = 0; chunk < chunks; chunk++) {
          assertThat(runs.get(chunk)).as("chunk %s", chunk).isEqualTo(1);
        }
      }
    }
  }

  @Test
  void aFailureArrivesAsItIsStopsTheRestAndSparesThePool() {
    try (Dispatcher workers = new Dispatcher(3)) {
      AtomicInteger ran = new AtomicInteger();
      IllegalStateException failure = new IllegalStateException("in a chunk");
      assertThatThrownBy(
              () ->
                  workers.forEach(
                      1_000_000,
                      (chunk, worker) -> {
                        if (ran.incrementAndGet() == 50) {
                          throw failure;
                        }
                      }))
          .isSameAs(failure);
      assertThat(ran.get()).isLessThan(1_000_000);
      AtomicInteger after = new AtomicInteger();
      workers.forEach(10, (chunk, worker) -> after.incrementAndGet());
      assertThat(after.get()).isEqualTo(10);
    }
  }

  @Test
  void anInterruptOfTheCallerStopsTheRestAndStaysSet() {
    try (Dispatcher workers = new Dispatcher(2)) {
      AtomicInteger ran = new AtomicInteger();
      Thread caller = Thread.currentThread();
      assertThatThrownBy(
              () ->
                  workers.forEach(
                      1_000_000,
                      (chunk, worker) -> {
                        if (ran.incrementAndGet() == 10) {
                          caller.interrupt();
                        }
                      }))
          .isInstanceOf(KilnException.class)
          .hasMessageContaining("interrupted");
      assertThat(Thread.interrupted()).isTrue();
      assertThat(ran.get()).isLessThan(1_000_000);
    }
  }

  @Test
  void callsWithinCallsAndFromSeveralThreadsEndInGoodOrder() throws InterruptedException {
    try (Dispatcher workers = new Dispatcher(3)) {
      AtomicInteger ran = new AtomicInteger();
      ConcurrentHashMap<Integer, Throwable> failures = new ConcurrentHashMap<>();
      Thread[] callers = new Thread[4];
      for (int c = 0; c < callers.length; c++) {
        int number = c;
        callers[c] =
            Thread.ofPlatform()
                .uncaughtExceptionHandler((thread, e) -> failures.put(number, e))
                .start(
                    () ->
                        workers.forEach(
                            50,
                            (chunk, worker) ->
                                workers.forEach(20, (inner, w) -> ran.incrementAndGet())));
      }
      for (Thread caller : callers) {
        caller.join();
      }
      assertThat(failures).isEmpty();
      assertThat(ran.get()).isEqualTo(4 * 50 * 20);
    }
  }

  @Test
  void noThreadsAreLeftAfterClose() {
    long before = kilnThreads();
    Dispatcher workers = new Dispatcher(5);
    assertThat(kilnThreads()).isEqualTo(before + 4);
    workers.close();
    assertThat(kilnThreads()).isEqualTo(before);
  }

  @Test
  void invitationsThatNobodyTakesUpDoNotPileUp() throws InterruptedException {
    try (Dispatcher workers = new Dispatcher(2)) {
      CountDownLatch begun = new CountDownLatch(1);
      CountDownLatch release = new CountDownLatch(1);
      AtomicInteger helped = new AtomicInteger();
      Dispatcher.Helping busy =
          worker -> {
            begun.countDown();
            await(release);
          };
      workers.invite(1, busy);
      assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
      for (int i = 0; i < 100; i++) {
        workers.forEach(4, (chunk, worker) -> assertThat(worker).isZero());
      }
      Dispatcher.Helping late = worker -> helped.incrementAndGet();
      workers.invite(3, late);
      // Three, and none of the hundred before: they are gone.
      assertThat(workers.withdraw(late)).isEqualTo(3);
      assertThat(workers.withdraw(late)).isZero();
      release.countDown();
      workers.forEach(1000, (chunk, worker) -> Thread.onSpinWait());
      assertThat(helped.get()).isZero();
    }
  }

  @Test
  void closingStopsWhatRunsAndRefusesWhatIsNew() throws InterruptedException {
    Dispatcher workers = new Dispatcher(2);
    CountDownLatch begun = new CountDownLatch(1);
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread caller =
        Thread.ofPlatform()
            .start(
                () ->
                    thrown.set(
                        catchThrowable(
                            () ->
                                workers.forEach(
                                    Long.MAX_VALUE / 2,
                                    (chunk, worker) -> {
                                      begun.countDown();
                                      LockSupport.parkNanos(1_000_000);
                                    }))));
    assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
    workers.close();
    caller.join();
    assertThat(thrown.get()).isInstanceOf(KilnException.class).hasMessageContaining("closed");
    assertThatThrownBy(() -> workers.forEach(1, (chunk, worker) -> {}))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("closed");
    assertThatThrownBy(() -> workers.enter(why -> {})).isInstanceOf(KilnException.class);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static long kilnThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("kiln-worker"))
        .count();
  }
}
