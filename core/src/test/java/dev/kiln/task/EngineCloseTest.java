package dev.kiln.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.kiln.Engine;
import dev.kiln.KilnException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What closing an engine does to tasks. */
@Timeout(60)
class EngineCloseTest {
  private static List<Integer> numbers(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  private static Engine open(int threads) {
    return Engine.builder().backend("interpreter").threads(threads).build();
  }

  @Test
  void tasksUnderWayAreCancelledAndNoThreadIsLeft() throws InterruptedException {
    Set<Thread> before = workers();
    for (int threads : new int[] {1, 4}) {
      Engine engine = open(threads);
      CountDownLatch begun = new CountDownLatch(threads);
      AtomicReference<Throwable> thrown = new AtomicReference<>();
      Thread caller =
          Thread.ofPlatform()
              .start(
                  () ->
                      thrown.set(
                          catchThrowable(
                              () ->
                                  Parallel.all()
                                      .on(engine)
                                      .batch(1)
                                      .map(
                                          numbers(100),
                                          i -> {
                                            begun.countDown();
                                            new CountDownLatch(1).await();
                                            return i;
                                          }))));
      assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
      engine.close();
      caller.join();
      assertThat(thrown.get()).isInstanceOf(KilnException.class).hasMessageContaining("closed");
      assertThatThrownBy(() -> Parallel.all().on(engine).map(numbers(3), i -> i))
          .isInstanceOf(KilnException.class)
          .hasMessageContaining("closed");
    }
    assertThat(workers()).isEqualTo(before);
  }

  @Test
  void streamsEndToo() {
    Engine engine = open(2);
    try (Stream<Integer> results = Parallel.all().on(engine).stream(numbers(1000), i -> i)) {
      var iterator = results.iterator();
      iterator.next();
      engine.close();
      assertThatThrownBy(() -> iterator.forEachRemaining(i -> {}))
          .isInstanceOf(KilnException.class)
          .hasMessageContaining("closed");
    }
  }

  @Test
  void threadsAreDaemons() {
    Set<Thread> before = workers();
    try (Engine engine = open(3)) {
      assertThat(engine.threads()).isEqualTo(3);
      assertThat(workers()).hasSize(before.size() + 2).allMatch(Thread::isDaemon);
    }
  }

  @Test
  @SuppressWarnings("try") // the wrong close is the point
  void aWorkerCannotCloseItsOwnEngine() {
    try (Engine engine = open(2)) {
      CountDownLatch together = new CountDownLatch(2);
      Thread caller = Thread.currentThread();
      assertThatThrownBy(
              () ->
                  Parallel.all()
                      .on(engine)
                      .batch(1)
                      .forEach(
                          numbers(2),
                          i -> {
                            together.countDown();
                            together.await();
                            if (Thread.currentThread() != caller) {
                              engine.close();
                            }
                          }))
          .isInstanceOf(KilnException.class)
          .hasMessageContaining("close it where it was opened");
    }
  }

  @Test
  void futuresAndDelayedValuesEndToo() throws Exception {
    Engine engine = open(3);
    CountDownLatch begun = new CountDownLatch(1);
    Future<Boolean> future =
        Parallel.all()
            .on(engine)
            .submit(
                Delayed.delayed(
                    () -> {
                      begun.countDown();
                      return new CountDownLatch(1).await(1, TimeUnit.HOURS);
                    }));
    assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
    engine.close();
    assertThatThrownBy(() -> future.get(20, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasMessageContaining("closed");
    assertThatThrownBy(() -> Parallel.all().on(engine).compute(Delayed.delayed(() -> 1)))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void closingWaitsForABoundedTimeAndNamesWhatDoesNotEnd() throws InterruptedException {
    AtomicBoolean mayEnd = new AtomicBoolean();
    Engine engine = open(2);
    CountDownLatch begun = new CountDownLatch(2);
    Thread caller =
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  Throwable _ =
                      catchThrowable(
                          () ->
                              Parallel.all()
                                  .on(engine)
                                  .batch(1)
                                  .forEach(
                                      numbers(2),
                                      i -> {
                                        begun.countDown();
                                        while (!mayEnd.get()) {
                                          Thread.onSpinWait(); // deaf to interrupts
                                        }
                                      }));
                });
    assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
    assertThatThrownBy(engine::close)
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("still at work");
    assertThat(mayEnd.get()).isFalse();
    mayEnd.set(true);
    caller.join();
  }

  /** A program that forgets to close its engine. */
  static final class Forgetful {
    private Forgetful() {}

    /** Prints how many workers there are after a loop with one, and after one with three. */
    public static void main(String[] arguments) {
      Parallel.with(1).forEach(numbers(10), i -> {});
      System.out.println(workers().size());
      Engine engine = open(3);
      Parallel.with(3).on(engine).forEach(numbers(10), i -> {});
      System.out.println(workers().size());
    }
  }

  @Test
  void oneWorkerStartsNoThreadAndAProgramThatForgetsToCloseEnds() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Forgetful.class.getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      assertThat(process.waitFor(40, TimeUnit.SECONDS)).isTrue();
      String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(printed.lines()).containsExactly("0", "2");
    } finally {
      process.destroyForcibly();
    }
  }

  private static Set<Thread> workers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("kiln-worker"))
        .collect(Collectors.toSet());
  }
}
