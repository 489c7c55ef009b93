package dev.kiln.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.Engine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is told of a call while it runs. */
@Timeout(60)
class ProgressTest {
  private static Engine engine;

  @BeforeAll
  static void open() {
    engine = Engine.builder().backend("interpreter").threads(3).build();
  }

  @AfterAll
  static void close() {
    engine.close();
  }

  private static List<Integer> numbers(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  @Test
  void figuresGrowOneThreadTellsAtATimeAndTheLastOnesAreWhole() {
    List<Progress> told = new ArrayList<>();
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger clashes = new AtomicInteger();
    Parallel.all()
        .on(engine)
        .named("numbers")
        .batch(10)
        .progress(
            progress -> {
              clashes.addAndGet(inside.incrementAndGet() - 1);
              told.add(progress);
              inside.decrementAndGet();
            })
        .map(numbers(1000), i -> i);
    assertThat(clashes.get()).isZero();
    for (int k = 0; k < told.size(); k++) {
      Progress p = told.get(k);
      assertThat(p.name()).isEqualTo("numbers");
      assertThat(p.total()).isEqualTo(OptionalLong.of(1000));
      assertThat(p.finished()).isLessThanOrEqualTo(p.started());
      assertThat(p.started()).isLessThanOrEqualTo(p.submitted());
      if (k > 0) {
        assertThat(p.finished()).isGreaterThanOrEqualTo(told.get(k - 1).finished());
        assertThat(p.elapsed()).isGreaterThanOrEqualTo(told.get(k - 1).elapsed());
      }
    }
    Progress last = told.getLast();
    assertThat(last.submitted()).isEqualTo(1000);
    assertThat(last.started()).isEqualTo(1000);
    assertThat(last.finished()).isEqualTo(1000);
    assertThat(last.failed()).isZero();
    assertThat(last.batches()).isEqualTo(100);
    assertThat(last.left()).contains(Duration.ZERO);
  }

  @Test
  void whatIsLeftFollowsThePaceWhereTheTotalIsKnown() {
    Progress half =
        new Progress("n", OptionalLong.of(100), 60, 55, 50, 0, 5, Duration.ofSeconds(10));
    assertThat(half.left()).contains(Duration.ofSeconds(10));
    Progress none =
        new Progress("n", OptionalLong.of(100), 60, 55, 0, 0, 5, Duration.ofSeconds(10));
    assertThat(none.left()).isEmpty();
    List<Progress> told = new ArrayList<>();
    Parallel.with(1).progress(told::add).map(Stream.of(1, 2), i -> i);
    assertThat(told.getLast().total()).isEmpty();
    assertThat(told.getLast().left()).isEmpty();
    assertThat(told.getLast().finished()).isEqualTo(2);
  }

  @Test
  void failuresAreCountedAndToldOf() {
    List<Progress> told = new ArrayList<>();
    assertThatThrownBy(
            () ->
                Parallel.with(1)
                    .progress(told::add)
                    .forEach(
                        numbers(10),
                        i -> {
                          if (i == 4) {
                            throw new IllegalStateException();
                          }
                        }))
        .isInstanceOf(IllegalStateException.class);
    assertThat(told.getLast().failed()).isEqualTo(1);
    assertThat(told.getLast().finished()).isEqualTo(4);
  }

  @Test
  void whatAListenerThrowsStopsTheCallAndArrives() {
    AtomicInteger ran = new AtomicInteger();
    assertThatThrownBy(
            () ->
                Parallel.all()
                    .on(engine)
                    .batch(1)
                    .progress(
                        progress -> {
                          throw new IllegalStateException("listener");
                        })
                    .forEach(numbers(100_000), i -> ran.incrementAndGet()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("listener");
    assertThat(ran.get()).isLessThan(100_000);
  }

  @Test
  void everyTaskIsInAFlightRecording(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("tasks.jfr");
    try (Recording recording = new Recording()) {
      recording.enable("dev.kiln.Task");
      recording.start();
      assertThatThrownBy(
              () ->
                  Parallel.with(1)
                      .named("recorded")
                      .forEach(
                          numbers(10),
                          i -> {
                            if (i == 5) {
                              throw new IllegalStateException();
                            }
                          }))
          .isInstanceOf(IllegalStateException.class);
      recording.stop();
      recording.dump(file);
    }
    List<RecordedEvent> events =
        RecordingFile.readAllEvents(file).stream()
            .filter(event -> event.getEventType().getName().equals("dev.kiln.Task"))
            .filter(event -> event.getString("call").equals("recorded"))
            .toList();
    assertThat(events)
        .extracting(event -> event.getLong("index"))
        .containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
    assertThat(events)
        .extracting(event -> event.getBoolean("succeeded"))
        .containsExactly(true, true, true, true, true, false);
  }

  @Test
  void anErrorOfAListenerArrivesTooFromMapsGraphsAndFutures() {
    Parallel told =
        Parallel.all()
            .on(engine)
            .progress(
                progress -> {
                  throw new AssertionError("listener");
                });
    assertThatThrownBy(() -> told.map(numbers(100), i -> i))
        .isInstanceOf(AssertionError.class)
        .hasMessage("listener");
    Delayed<Integer> one = Delayed.delayed(() -> 1);
    assertThatThrownBy(() -> told.compute(one))
        .isInstanceOf(AssertionError.class)
        .hasMessage("listener")
        .satisfies(e -> assertThat(e.getSuppressed()).isEmpty());
    assertThatThrownBy(() -> told.submit(one).get())
        .isInstanceOf(ExecutionException.class)
        .hasRootCauseInstanceOf(AssertionError.class);
  }

  @Test
  void afterAnErrorOfAListenerNoTaskRunsOn() {
    Thread caller = Thread.currentThread();
    CountDownLatch besides = new CountDownLatch(1);
    AtomicInteger inside = new AtomicInteger();
    assertThatThrownBy(
            () ->
                Parallel.with(2)
                    .on(engine)
                    .batch(1)
                    .progress(
                        progress -> {
                          throw new AssertionError("listener");
                        })
                    .forEach(
                        numbers(100),
                        i -> {
                          if (Thread.currentThread() == caller) {
                            besides.await();
                            return;
                          }
                          inside.incrementAndGet();
                          besides.countDown();
                          try {
                            Thread.sleep(500);
                          } finally {
                            inside.decrementAndGet();
                          }
                        }))
        .isInstanceOf(AssertionError.class)
        .hasMessage("listener");
    assertThat(inside.get()).isZero();
  }

  @Test
  void theTotalOfARangeIsKnown() {
    List<Progress> told = new ArrayList<>();
    Parallel.with(1).progress(told::add).map(3, 10, i -> i);
    assertThat(told.getLast().total()).isEqualTo(OptionalLong.of(7));
  }

  @Test
  void batchesOfTinyTasksGrowAndThoseOfLongOnesDoNot() throws InterruptedException {
    List<Progress> tiny = new ArrayList<>();
    Parallel.with(2).on(engine).progress(tiny::add).forEach(numbers(100_000), i -> {});
    assertThat(tiny.getLast().batches()).isLessThan(10_000);
    List<Progress> slow = new ArrayList<>();
    Parallel.with(2).on(engine).progress(slow::add).forEach(numbers(12), i -> Thread.sleep(20));
    assertThat(slow.getLast().batches()).isGreaterThanOrEqualTo(6);
  }

  @Test
  void tasksOfManyWorkersAndDelayedCallsAreRecordedToo(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("all.jfr");
    try (Recording recording = new Recording()) {
      recording.enable("dev.kiln.Task");
      recording.start();
      Parallel.with(3).on(engine).named("many").forEach(numbers(50), i -> {});
      Parallel.all().on(engine).named("graph").compute(Delayed.delayed(() -> 1).then(x -> x + 1));
      recording.stop();
      recording.dump(file);
    }
    List<RecordedEvent> events = RecordingFile.readAllEvents(file);
    assertThat(events)
        .filteredOn(event -> event.getEventType().getName().equals("dev.kiln.Task"))
        .filteredOn(event -> event.getString("call").equals("many"))
        .extracting(event -> event.getLong("index"))
        .containsExactlyInAnyOrderElementsOf(LongStream.range(0, 50).boxed().toList());
    assertThat(events)
        .filteredOn(event -> event.getEventType().getName().equals("dev.kiln.Task"))
        .filteredOn(event -> !event.getString("call").equals("many"))
        .hasSize(2);
  }
}
