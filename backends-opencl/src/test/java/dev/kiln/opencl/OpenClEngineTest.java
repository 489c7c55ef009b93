package dev.kiln.opencl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.DType;
import dev.kiln.Engine;
import dev.kiln.KilnException;
import dev.kiln.NDArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Engines on OpenCL, as users have them. */
class OpenClEngineTest {
  @BeforeAll
  static void needsADevice() {
    TestDevice.find();
  }

  private static Engine engine(String backend) {
    return Engine.builder().backend(backend).threads(2).memoryLimit(1L << 28).build();
  }

  private static double norm(Engine engine, int n) {
    NDArray x = engine.arange(0, n, 1, DType.FLOAT64);
    return x.multiply(x).sum().sqrt().item();
  }

  @Test
  void aDeviceIsChosenByNumberKindOrName() {
    ClDevice device = TestDevice.find();
    for (String choice : List.of("0", device.kind().word(), device.name().substring(0, 5))) {
      try (Engine engine = engine("opencl:" + choice)) {
        assertThat(engine.describe()).contains(device.name());
        assertThat(engine.backendName()).isEqualTo("opencl");
        assertThat(norm(engine, 5)).isEqualTo(Math.sqrt(30));
      }
    }
  }

  @Test
  void aDeviceThatIsNotThereIsAnErrorThatListsTheOthers() {
    for (String choice : List.of("opencl:77", "opencl:", "opencl:no such thing")) {
      assertThatThrownBy(() -> engine(choice))
          .isInstanceOf(KilnException.class)
          .hasMessageContaining("no OpenCL device is '" + choice.substring(7) + "'")
          .hasMessageContaining(TestDevice.find().name());
    }
  }

  @Test
  void eightThreadsAndTwoEnginesAtOnce() throws InterruptedException, ExecutionException {
    try (Engine first = engine("opencl");
        Engine second = engine("opencl");
        ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<?>> all = new ArrayList<>();
      for (int t = 0; t < 8; t++) {
        Engine engine = t % 2 == 0 ? first : second;
        int from = t;
        all.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < 100; i++) {
                    int n = 1 + (from * 31 + i * 977) % 20_000;
                    double squares = (n - 1.0) * n * (2.0 * n - 1) / 6;
                    assertThat(norm(engine, n)).isEqualTo(Math.sqrt(squares));
                  }
                }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
  }

  /** Launches a kernel very often, and prints by how many kB the process has grown meanwhile. */
  public static final class Launches {
    private Launches() {}

    /** Prints the number. */
    public static void main(String[] arguments) throws IOException {
      try (Engine engine = engine("opencl")) {
        NDArray x = engine.arange(0, 1000, 1, DType.FLOAT32).compute();
        launches(engine, x, 10_000);
        long before = residentKilobytes();
        launches(engine, x, 10_000);
        System.out.println(residentKilobytes() - before);
      }
    }

    private static void launches(Engine engine, NDArray x, int count) {
      for (int i = 0; i < count; i++) {
        // Another constant each time: a new graph, the same kernel.
        engine.compute(List.of(x.multiply(i % 1000))).getFirst().release();
      }
    }

    private static long residentKilobytes() throws IOException {
      Path status = Path.of("/proc/self/status");
      return Files.readAllLines(status).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void tenThousandLaunchesKeepMemoryFlat() {
    // The Java heap is there from the start and compilation soon over, so that what grows is the
    // driver's: its smallest object, left behind by each launch, would be twice the limit.
    String heap = "-Xm%s128m";
    String grown =
        OtherJava.run(
            Launches.class,
            Map.of(),
            "-XX:+AlwaysPreTouch",
            "-XX:TieredStopAtLevel=1",
            String.format(heap, "s"),
            String.format(heap, "x"));
    assertThat(Long.parseLong(grown.strip()))
        .as("kB that 10,000 launches left behind")
        .isLessThan(4_000);
  }

  @Test
  void closedEnginesSaySo() {
    Engine engine = engine("opencl");
    NDArray x = engine.arange(10);
    assertThat(x.sum().item()).isEqualTo(45);
    engine.close();
    engine.close();
    assertThatThrownBy(() -> x.sum().item()).isInstanceOf(KilnException.class);
  }

  @Test
  void explainTellsWhatAKernelBecame() {
    try (Engine engine = engine("opencl")) {
      String text = engine.explain(List.of(engine.arange(10).multiply(3).sum()));
      assertThat(text).contains("opencl: OpenCL C, ").contains(TestDevice.find().name());
    }
  }
}
