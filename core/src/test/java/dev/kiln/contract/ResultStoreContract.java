package dev.kiln.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.DType;
import dev.kiln.KilnException;
import dev.kiln.Shape;
import dev.kiln.schedule.Dispatcher;
import dev.kiln.spi.Buffer;
import dev.kiln.spi.Key;
import dev.kiln.spi.ResultStore;
import dev.kiln.spi.ResultStore.Wanted;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every store of results must do. Extend it with a class that opens one. */
@Timeout(60)
public abstract class ResultStoreContract {
  @TempDir protected Path folder;
  private Dispatcher workers;

  /** A store of this place; it finds what others of the same place have kept. */
  protected abstract ResultStore open(Path place);

  @BeforeEach
  void startWorkers() {
    workers = new Dispatcher(2);
  }

  @AfterEach
  void endWorkers() {
    workers.close();
  }

  private static Key key(int number) {
    return new Key(String.format("%02x", number & 0xff).repeat(28) + "%08x".formatted(number));
  }

  private static Wanted wanted(int number, DType dtype, long... extents) {
    return new Wanted(key(number), dtype, Shape.of(extents), "test");
  }

  private void keep(ResultStore store, Wanted wanted, Buffer value) {
    try (ResultStore.Flight flight = store.reserve(List.of(wanted.key()))) {
      flight.publish(wanted, value, Duration.ofMillis(5), workers);
    }
  }

  @Test
  void findsNothingAtFirst() {
    assertThat(open(folder).find(wanted(1, DType.INT32, 3), workers)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"COMPLEX64", "COMPLEX128"})
  void givesBackTheSameBits(DType dtype) {
    ResultStore store = open(folder);
    long[][] shapes = {{}, {0}, {1}, {7}, {3, 0, 2}, {3, 5}, {300_007}};
    for (int k = 0; k < shapes.length; k++) {
      Wanted wanted = wanted(k, dtype, shapes[k]);
      Buffer value = TestBuffer.memory().allocate(wanted.shape().size() * dtype.bytes());
      for (long i = 0; i < value.byteSize(); i++) {
        value.segment().set(ValueLayout.JAVA_BYTE, i, (byte) (dtype == DType.BOOL ? i & 1 : i * 7));
      }
      keep(store, wanted, value);
      for (ResultStore reader : List.of(store, open(folder))) {
        Buffer found = reader.find(wanted, workers).orElseThrow();
        assertThat(found.segment().mismatch(value.segment())).isEqualTo(-1);
        assertThat(found.segment().isReadOnly()).isTrue();
        assertThat(found.segment().isNative()).isTrue();
        assertThat(found.pin() % 64).isZero();
        found.unpin();
      }
    }
  }

  @Test
  void aResultOfAnotherDtypeOrShapeIsNotFound() {
    ResultStore store = open(folder);
    keep(store, wanted(1, DType.INT32, 2, 3), TestBuffer.of(DType.INT32, 1, 2, 3, 4, 5, 6));
    assertThat(store.find(wanted(1, DType.INT32, 3, 2), workers)).isEmpty();
    keep(store, wanted(2, DType.INT32, 2, 3), TestBuffer.of(DType.INT32, 1, 2, 3, 4, 5, 6));
    assertThat(store.find(wanted(2, DType.UINT32, 2, 3), workers)).isEmpty();
  }

  @Test
  void contentsAreThoseOfTheBytes() {
    ResultStore store = open(folder);
    byte[] one = store.contents(TestBuffer.of(DType.INT32, 1, 2, 3), workers);
    assertThat(open(folder).contents(TestBuffer.of(DType.INT32, 1, 2, 3), workers)).isEqualTo(one);
    assertThat(store.contents(TestBuffer.of(DType.INT32, 1, 2, 4), workers)).isNotEqualTo(one);
    assertThat(store.contents(TestBuffer.of(DType.INT32, 1, 2), workers)).isNotEqualTo(one);
    assertThat(store.contents(TestBuffer.of(DType.INT32, 1, 2, 3, 0), workers)).isNotEqualTo(one);
    assertThat(store.contents(TestBuffer.of(DType.INT32), workers)).isNotEqualTo(one);
  }

  @Test
  void contentsDontDependOnTheNumberOfThreads() {
    Buffer large = TestBuffer.memory().allocate((9 << 20) + 13);
    Buffer same = TestBuffer.memory().allocate((9 << 20) + 13);
    byte[] contents = open(folder).contents(large, workers);
    try (Dispatcher one = new Dispatcher(1)) {
      assertThat(open(folder).contents(same, one)).isEqualTo(contents);
    }
    same.segment().set(ValueLayout.JAVA_BYTE, (9 << 20) + 12, (byte) 0);
    assertThat(open(folder).contents(same, workers)).isNotEqualTo(contents);
  }

  @Test
  void contentsAreReadOnce() {
    ResultStore store = open(folder);
    TestBuffer buffer = TestBuffer.of(DType.INT32, 1, 2, 3);
    byte[] before = store.contents(buffer, workers);
    buffer.segment().fill((byte) 9);
    assertThat(store.contents(buffer, workers)).isEqualTo(before);
    assertThat(buffer.pins()).isZero();
  }

  @Test
  void isComputedOnceByManyThreadsAndStores() throws Exception {
    List<ResultStore> stores = List.of(open(folder), open(folder), open(folder));
    AtomicInteger computed = new AtomicInteger();
    List<Callable<Integer>> tasks = new ArrayList<>();
    for (int t = 0; t < 12; t++) {
      ResultStore store = stores.get(t % 3);
      tasks.add(
          () -> {
            for (int number = 0; number < 20; number++) {
              Wanted wanted = wanted(number, DType.INT32, 1);
              if (store.find(wanted, workers).isPresent()) {
                continue;
              }
              try (ResultStore.Flight flight = store.reserve(List.of(wanted.key()))) {
                if (store.find(wanted, workers).isEmpty()) {
                  computed.incrementAndGet();
                  flight.publish(
                      wanted, TestBuffer.of(DType.INT32, number), Duration.ofMillis(1), workers);
                }
              }
              assertThat(store.find(wanted, workers)).isPresent();
            }
            return 0;
          });
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(12)) {
      for (Future<Integer> done : threads.invokeAll(tasks)) {
        done.get();
      }
    }
    assertThat(computed).hasValue(20);
  }

  @Test
  void sameKeysInAnotherOrderDontBlockEachOther() throws Exception {
    ResultStore store = open(folder);
    List<Key> keys = List.of(key(1), key(2), key(3), key(4));
    AtomicInteger inside = new AtomicInteger();
    List<Callable<Integer>> tasks = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      List<Key> mine = t % 2 == 0 ? keys : keys.reversed();
      tasks.add(
          () -> {
            for (int turn = 0; turn < 200; turn++) {
              try (ResultStore.Flight _ = store.reserve(mine)) {
                assertThat(inside.incrementAndGet()).isEqualTo(1);
                inside.decrementAndGet();
              }
            }
            return 0;
          });
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (Future<Integer> done : threads.invokeAll(tasks)) {
        done.get();
      }
    }
  }

  @Test
  void aThreadThatWouldWaitForItselfDoesNot() {
    ResultStore store = open(folder);
    Wanted wanted = wanted(1, DType.INT32, 1);
    try (ResultStore.Flight outer = store.reserve(List.of(wanted.key()));
        ResultStore.Flight inner = store.reserve(List.of(wanted.key()))) {
      inner.publish(wanted, TestBuffer.of(DType.INT32, 5), Duration.ofMillis(1), workers);
      outer.publish(wanted, TestBuffer.of(DType.INT32, 5), Duration.ofMillis(1), workers);
    }
    assertThat(store.find(wanted, workers)).isPresent();
  }

  @Test
  void threadsThatWouldWaitForEachOtherDoNot() throws Exception {
    ResultStore store = open(folder);
    CountDownLatch bothHold = new CountDownLatch(2);
    List<Callable<Integer>> tasks = new ArrayList<>();
    for (int t = 0; t < 2; t++) {
      int first = t;
      tasks.add(
          () -> {
            try (ResultStore.Flight _ = store.reserve(List.of(key(first)))) {
              bothHold.countDown();
              bothHold.await();
              try (ResultStore.Flight _ = store.reserve(List.of(key(1 - first)))) {
                return 1;
              }
            }
          });
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      for (Future<Integer> done : threads.invokeAll(tasks, 30, TimeUnit.SECONDS)) {
        assertThat(done.get()).isEqualTo(1);
      }
    }
  }

  @Test
  void aWaitCanBeInterrupted() throws Exception {
    ResultStore store = open(folder);
    AtomicReference<Throwable> failure = new AtomicReference<>();
    try (ResultStore.Flight _ = store.reserve(List.of(key(1)))) {
      Thread waiting =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try (ResultStore.Flight _ = store.reserve(List.of(key(0), key(1)))) {
                      failure.set(new AssertionError("two hold one key"));
                    } catch (KilnException e) {
                      failure.set(e);
                    }
                  });
      while (waiting.getState() != Thread.State.WAITING
          && waiting.getState() != Thread.State.TIMED_WAITING) {
        Thread.onSpinWait();
      }
      waiting.interrupt();
      waiting.join();
    }
    assertThat(failure.get()).isInstanceOf(KilnException.class).hasMessageContaining("interrupted");
    // It gave up what it had.
    try (ResultStore.Flight flight = store.reserve(List.of(key(0), key(1)))) {
      assertThat(flight).isNotNull();
    }
  }

  @Test
  void keysAreHexadecimal() {
    for (String text :
        List.of("", "..", "../".repeat(21) + "a", "A".repeat(64), "0".repeat(63), "g".repeat(64))) {
      assertThatThrownBy(() -> new Key(text))
          .isInstanceOf(KilnException.class)
          .hasMessageContaining("64 lower-case hexadecimal digits");
    }
  }
}
