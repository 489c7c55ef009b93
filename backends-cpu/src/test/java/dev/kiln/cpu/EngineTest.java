package dev.kiln.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.DType;
import dev.kiln.Engine;
import dev.kiln.Kiln;
import dev.kiln.KilnException;
import dev.kiln.NDArray;
import dev.kiln.Shape;
import dev.kiln.Slice;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Engines on the CPU backend: their memory, their end, and several callers at once. */
class EngineTest {
  private static Engine engine(long limit) {
    return Engine.builder().backend("cpu").threads(2).memoryLimit(limit).build();
  }

  @Test
  void nothingLeaksOverTenThousandComputations() {
    try (Engine engine = engine(64L << 20)) {
      NDArray x = engine.arange(1000).astype(DType.FLOAT32).compute();
      NDArray y = x.reshape(10, 100);
      long before = engine.memoryInUse();
      for (int i = 0; i < 10_000; i++) {
        NDArray total = y.multiply(i % 5).sum(0).sqrt().compute();
        total.release();
      }
      assertThat(engine.memoryInUse()).isEqualTo(before);
    }
  }

  @Test
  void resultsThatNobodyReachesAreRecycledBeforeMemoryRunsOut() {
    try (Engine engine = engine(64L << 20)) {
      NDArray x = engine.ones(Shape.of(1 << 20), DType.FLOAT32).compute();
      for (int i = 0; i < 200; i++) {
        assertThat(x.add(i).compute().shape()).isEqualTo(x.shape());
      }
    }
  }

  @Test
  void memoryBeyondTheLimitIsAnErrorWithSizesAndLeavesTheEngineWell() {
    try (Engine engine = engine(16L << 20)) {
      NDArray x = engine.zeros(Shape.of(1 << 20), DType.FLOAT64);
      List<NDArray> held = new ArrayList<>();
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 10; i++) {
                  held.add(x.add(i).compute());
                }
              })
          .isInstanceOf(KilnException.class)
          .hasMessageContaining("8388608")
          .hasMessageContaining("16777216")
          .hasMessageContaining("memoryLimit");
      held.forEach(NDArray::release);
      assertThat(x.add(1).sum().item()).isEqualTo(1 << 20);
      assertThatThrownBy(() -> engine.zeros(Shape.of(1L << 40), DType.FLOAT64).compute())
          .isInstanceOf(KilnException.class)
          .hasMessageContaining("does not fit");
    }
  }

  /** Eight bytes each of 2⁶¹ elements are 0 in a long. */
  @Test
  void sizesThatNoLongCountsAreErrors() {
    try (Engine engine = engine(64L << 20)) {
      List<NDArray> arrays =
          List.of(
              engine.zeros(Shape.of(1L << 61), DType.FLOAT64),
              engine.zeros(Shape.of((1L << 61) + 1), DType.FLOAT64).add(1),
              engine.ones(Shape.of(3, 1)).broadcastTo(Shape.of(3, 1L << 60)).add(1),
              engine
                  .ones(Shape.of(1L << 31, 2))
                  .matmul(engine.ones(Shape.of(2, 1L << 31)))
                  .get(Slice.at(5), Slice.at(6)));
      for (NDArray array : arrays) {
        assertThatThrownBy(array::compute)
            .isInstanceOf(KilnException.class)
            .hasMessageContaining("bytes");
      }
      NDArray most = engine.zeros(Shape.of(Long.MAX_VALUE), DType.FLOAT64);
      assertThatThrownBy(() -> most.copyTo(MemorySegment.ofArray(new byte[8])))
          .isInstanceOf(KilnException.class)
          .hasMessageContaining("give a larger one");
      assertThatThrownBy(() -> Kiln.concat(0, most, engine.zeros(Shape.of(1), DType.FLOAT64)))
          .isInstanceOf(KilnException.class)
          .hasMessageContaining("2^63 - 1");
      assertThatThrownBy(() -> most.cumulativeSum(0, true))
          .isInstanceOf(KilnException.class)
          .hasMessageContaining("2^63 - 1");
    }
  }

  @Test
  void resultsThatTurnOutToBeOneAreReleasedOneByOne() {
    try (Engine engine = engine(64L << 20)) {
      NDArray x = engine.arange(12).compute();
      NDArray y = x.add(1);
      List<NDArray> results =
          Kiln.computeAll(y, y.flip().flip(), y.reshape(3, 4).reshape(12), y, x);
      for (int k = 0; k < results.size(); k++) {
        assertThat(results.get(k).sum().itemLong()).isEqualTo(k == 4 ? 66 : 78);
        if (k < 4) {
          results.get(k).release();
        }
      }
      assertThat(x.sum().itemLong()).isEqualTo(66);
    }
  }

  /** Two rows of scratch for each worker, not for each of a million short columns. */
  @Test
  void runningSumsOfManyShortColumnsTakeLittleMemory() {
    try (Engine engine = engine(64L << 20)) {
      NDArray x = engine.ones(Shape.of(1_000_000, 2, 2), DType.FLOAT32);
      assertThat(x.cumulativeSum(1).sum().item()).isEqualTo(6_000_000);
    }
  }

  @Test
  void whatIsUsedAfterTheEngineClosedIsAnError() {
    Engine engine = engine(64L << 20);
    NDArray delayed = engine.arange(10).add(1);
    NDArray realised = delayed.compute();
    MemorySegment data = realised.data();
    engine.close();
    engine.close();
    assertThatThrownBy(delayed::compute)
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("closed");
    assertThatThrownBy(realised::toLongArray)
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("closed");
    assertThatThrownBy(() -> data.get(java.lang.foreign.ValueLayout.JAVA_LONG, 0))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void whatIsUsedAfterItsReleaseIsAnErrorAndViewsKeepTheirSource() {
    try (Engine engine = engine(64L << 20)) {
      NDArray x = engine.arange(10).add(1).compute();
      NDArray y = x.multiply(2);
      assertThat(y.sum().itemLong()).isEqualTo(110);
      x.release();
      assertThatThrownBy(y::compute)
          .isInstanceOf(KilnException.class)
          .hasMessageContaining("released");
      // Released memory is recycled, never shared with what still lives.
      NDArray same = engine.arange(10).add(5).compute();
      NDArray unchanged = same.flip().flip().compute();
      unchanged.release();
      assertThat(same.sum().itemLong()).isEqualTo(95);
    }
  }

  @Test
  void severalThreadsComputeAtOnce() throws Exception {
    try (Engine engine = engine(256L << 20);
        ExecutorService callers = Executors.newFixedThreadPool(4)) {
      NDArray x = engine.arange(100_000).astype(DType.FLOAT64).compute();
      List<Future<Double>> totals = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        double factor = 1 + i % 7;
        totals.add(callers.submit(() -> x.multiply(factor).add(1).sum().item()));
      }
      for (int i = 0; i < totals.size(); i++) {
        double factor = 1 + i % 7;
        double expected = factor * (100_000L * 99_999L / 2) + 100_000;
        assertThat(totals.get(i).get()).isEqualTo(expected);
      }
    }
  }

  @Test
  void anInterruptStopsTheWorkSoon() throws Exception {
    try (Engine engine = engine(1L << 30)) {
      NDArray slow = engine.linspace(0, 1, 1 << 24);
      for (int i = 0; i < 200; i++) {
        slow = slow.pow(1.1).asin().sin();
      }
      NDArray work = slow.sum();
      Throwable[] failure = new Throwable[1];
      boolean[] flag = new boolean[1];
      Thread caller =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      work.compute();
                    } catch (KilnException e) {
                      failure[0] = e;
                      flag[0] = Thread.currentThread().isInterrupted();
                    }
                  });
      Thread.sleep(300);
      caller.interrupt();
      caller.join(10_000);
      assertThat(caller.isAlive()).isFalse();
      assertThat(failure[0]).isInstanceOf(KilnException.class).hasMessageContaining("interrupted");
      assertThat(flag[0]).isTrue();
      assertThat(engine.arange(10).sum().itemLong()).isEqualTo(45);
    }
  }

  @Test
  void sharedWorkIsDoneOnce() {
    try (Engine engine = engine(64L << 20)) {
      NDArray x = engine.linspace(0, 1, 1000).compute();
      NDArray shared = x.sin().exp().tanh();
      List<NDArray> both = List.of(shared.add(1), shared.flip());
      String plan = engine.explain(both);
      assertThat(plan).contains("plan: 3 steps");
      List<NDArray> computed = engine.compute(both);
      assertThat(computed.get(0).get(dev.kiln.Slice.at(0)).item())
          .isEqualTo(computed.get(1).get(dev.kiln.Slice.at(-1)).item() + 1);
    }
  }

  @Test
  void everyStepIsInAFlightRecording(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("kernels.jfr");
    try (Recording recording = new Recording();
        Engine engine = engine(64L << 20)) {
      recording.enable("dev.kiln.Kernel").withoutThreshold();
      recording.start();
      NDArray x = engine.arange(1000).astype(DType.FLOAT64).sin();
      assertThat(x.sort(0, false).sum().item()).isFinite();
      recording.stop();
      recording.dump(file);
    }
    assertThat(RecordingFile.readAllEvents(file))
        .filteredOn(event -> event.getEventType().getName().equals("dev.kiln.Kernel"))
        .extracting(event -> event.getString("result"))
        .anyMatch(result -> result.contains("sort"))
        .anyMatch(result -> result.contains("sum"));
  }
}
