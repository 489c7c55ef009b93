package dev.kiln.opencl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.Axes;
import dev.kiln.DType;
import dev.kiln.Engine;
import dev.kiln.NDArray;
import dev.kiln.Shape;
import dev.kiln.Slice;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Engines whose arrays stay on a device: what is copied when, as users' programs have it. */
class ResidentEngineTest {
  private static final String COPIES = "kiln.opencl.copies";
  private static final int N = 5000;

  @TempDir Path folder;

  private Engine engine;

  @BeforeEach
  void open() {
    TestDevice.find();
    System.setProperty(COPIES, "true");
    try {
      engine = Engine.builder().backend("opencl").threads(2).memoryLimit(1L << 26).build();
    } finally {
      System.clearProperty(COPIES);
    }
  }

  @AfterEach
  void close() {
    engine.close();
  }

  /** The directions of the copies of whole arrays that some work took. */
  private List<String> copies(Runnable work) throws IOException {
    Path file = folder.resolve("copies.jfr");
    try (Recording recording = new Recording()) {
      recording.enable(TransferEvent.class);
      recording.start();
      work.run();
      recording.stop();
      recording.dump(file);
    }
    return RecordingFile.readAllEvents(file).stream()
        .filter(event -> event.getEventType().getName().equals("dev.kiln.Transfer"))
        .filter(event -> event.getLong("bytes") >= N)
        .map((RecordedEvent event) -> event.getString("direction"))
        .toList();
  }

  private NDArray input() {
    float[] elements = new float[N];
    for (int i = 0; i < N; i++) {
      elements[i] = i;
    }
    return engine.array(elements);
  }

  @Test
  void arraysMoveOnceHoweverManyComputationsUseThem() throws IOException {
    NDArray x = input();
    NDArray[] kept = new NDArray[1];
    assertThat(
            copies(
                () -> {
                  NDArray y = x.add(1).compute();
                  NDArray z = x.multiply(y).compute();
                  kept[0] = z.subtract(y).compute();
                }))
        .containsExactly("to device");
    float[][] read = new float[1][];
    assertThat(copies(() -> read[0] = kept[0].toFloatArray())).containsExactly("to host");
    assertThat(read[0][7]).isEqualTo(48);
    assertThat(copies(() -> kept[0].add(x).sum().item())).isEmpty();
    assertThat(copies(() -> kept[0].toFloatArray())).isEmpty();
  }

  @Test
  void whatTheHostComputesInBetweenIsSeen() {
    NDArray x = input().multiply(-1).compute();
    NDArray copied = x.copy(); // The host does.
    assertThat(copied.add(0).toFloatArray()[1]).isEqualTo(-1);
    NDArray pairs = x.reshape(1, N).rfft().compute();
    NDArray sorted = x.sort().compute();
    assertThat(sorted.add(0).toFloatArray()[0]).isEqualTo(1 - N);
    assertThat(pairs.get(Slice.at(0), Slice.at(0)).add(0).toFloatArray()[0])
        .isEqualTo(-N * (N - 1) / 2f);
    assertThat(x.sum().item()).isEqualTo(-N * (N - 1) / 2.0);
  }

  @Test
  void whatTheHostReadsInBetweenIsNotCopiedAgain() throws IOException {
    NDArray x = input().multiply(-1).compute();
    assertThat(copies(x::toFloatArray)).containsExactly("to host");
    assertThat(copies(() -> x.add(1).sum().item())).isEmpty();
  }

  @Test
  void manyMoreArraysThanTheMemoryLimitHolds() {
    NDArray x = engine.full(Shape.of(1 << 16), 2.0, DType.FLOAT64).compute();
    for (int i = 0; i < 2000; i++) {
      NDArray next = x.add(1).multiply(0.5).add(0.5).compute();
      x.release();
      x = next;
    }
    assertThat(x.max().item()).isEqualTo(2.0);
    for (int i = 0; i < 500; i++) {
      x = x.add(1).multiply(0.5).add(0.5).compute(); // Nobody releases these.
    }
    assertThat(x.sum(Axes.of(0)).item()).isEqualTo(2.0 * (1 << 16));
  }
}
