package dev.kiln.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.KilnException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DispatcherTest {
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

  private static long kilnThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("kiln-worker"))
        .count();
  }
}
