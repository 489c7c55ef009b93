package dev.kiln.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import dev.kiln.DType;
import dev.kiln.kernel.Body;
import dev.kiln.kernel.Kernel;
import dev.kiln.kernel.Operand;
import dev.kiln.kernel.Output;
import dev.kiln.kernel.ReduceOp;
import dev.kiln.spi.Buffer;
import dev.kiln.spi.Executable;
import dev.kiln.spi.Launch;
import dev.kiln.spi.Workers;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Vector code takes over when it is hot, and what is hot does not allocate by the element. */
class HeatTest {
  private static final Operand FLOATS =
      new Operand(Operand.Source.MEMORY, DType.FLOAT32, Operand.Access.CONTIGUOUS);

  /** All on the calling thread, whose allocation can be measured. */
  private static final Workers ALONE =
      new Workers() {
        @Override
        public int count() {
          return 1;
        }

        @Override
        public void forEach(long chunks, Task task) {
          for (long chunk = 0; chunk < chunks; chunk++) {
            task.run(chunk, 0);
          }
        }
      };

  private static CpuBackend backend(boolean heatAtOnce) {
    return backend(new Settings(Settings.Vectors.AUTO, heatAtOnce));
  }

  private static CpuBackend backend(Settings settings) {
    return new CpuBackend(VectorUnit.detect(), settings, ALONE, TestMachine.memory());
  }

  private static Kernel triad() {
    Body body = new Body();
    Body.Value result =
        body.load(DType.FLOAT32, 0)
            .mul(body.param(DType.FLOAT32, 0))
            .add(body.load(DType.FLOAT32, 1));
    return new Kernel(
        1,
        0,
        List.of(FLOATS, FLOATS),
        List.of(DType.FLOAT32),
        body.instrs(),
        List.of(new Output.Store(DType.FLOAT32, result.number(), Operand.Access.CONTIGUOUS)));
  }

  private static Kernel sumOfSquares() {
    Body body = new Body();
    Body.Value x = body.load(DType.FLOAT32, 0);
    Body.Value square = x.mul(x);
    return new Kernel(
        0,
        1,
        List.of(FLOATS),
        List.of(),
        body.instrs(),
        List.of(new Output.Reduce(ReduceOp.SUM, DType.FLOAT32, square.number())));
  }

  private static Launch triad(int n) {
    Buffer x = TestMachine.memory().allocate(4L * n);
    Launch.Access access = new Launch.Access(x, 0, List.of(1L));
    Buffer out = TestMachine.memory().allocate(4L * n);
    return new Launch(
        List.of((long) n),
        List.of(access, access),
        List.of(0x3f800000L),
        List.of(new Launch.Access(out, 0, List.of(1L))));
  }

  private static Launch sum(int n) {
    Buffer x = TestMachine.memory().allocate(4L * n);
    return new Launch(
        List.of((long) n),
        List.of(new Launch.Access(x, 0, List.of(1L))),
        List.of(),
        List.of(new Launch.Access(TestMachine.memory().allocate(4), 0, List.of())));
  }

  @Test
  void vectorCodeTakesOverInTheBackground() throws InterruptedException {
    assumeTrue(VectorUnit.detect().isPresent());
    try (CpuBackend backend = backend(false)) {
      Executable executable = backend.compile(triad());
      assertThat(executable.describe()).contains("not yet hot");
      Launch launch = triad(100_000);
      executable.launch(launch);
      long deadline = System.nanoTime() + 30_000_000_000L;
      while (executable.describe().contains("not yet hot") && System.nanoTime() < deadline) {
        Thread.sleep(5);
      }
      assertThat(executable.describe()).startsWith("vectors of").doesNotContain("scalar");
    }
  }

  /** Each launch may begin in scalar code and end in vector code. */
  @Test
  void theChangeToVectorCodeIsNotSeenInTheResult() {
    assumeTrue(VectorUnit.detect().isPresent());
    int n = 1_000_003;
    for (boolean reduces : new boolean[] {false, true}) {
      Kernel kernel = reduces ? sumOfSquares() : triad();
      Launch launch = reduces ? sum(n) : triad(n);
      Buffer in = launch.operands().getFirst().buffer();
      Buffer out = launch.outputs().getFirst().buffer();
      for (int i = 0; i < n; i++) {
        in.segment().setAtIndex(ValueLayout.JAVA_FLOAT, i, 1f / (i % 1009 + 1));
      }
      byte[] expected;
      try (CpuBackend cold = backend(new Settings(Settings.Vectors.COLD, false))) {
        cold.compile(kernel).launch(launch);
        expected = out.segment().toArray(ValueLayout.JAVA_BYTE);
      }
      try (CpuBackend backend = backend(false)) {
        Executable executable = backend.compile(kernel);
        boolean hot = false;
        long deadline = System.nanoTime() + 30_000_000_000L;
        while (!hot) {
          assertThat(System.nanoTime()).as("still cold").isLessThan(deadline);
          hot = !executable.describe().contains("not yet hot");
          out.segment().fill((byte) 0x55);
          executable.launch(launch);
          assertThat(out.segment().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(expected);
        }
      }
    }
  }

  @Test
  void hotLaunchesAllocateTheSameForAnySize() {
    try (CpuBackend backend = backend(true)) {
      for (boolean reduces : new boolean[] {false, true}) {
        Executable executable = backend.compile(reduces ? sumOfSquares() : triad());
        long small = allocated(executable, reduces ? sum(5_000) : triad(5_000));
        long large = allocated(executable, reduces ? sum(3_000_000) : triad(3_000_000));
        // A few objects a launch, whatever its size; boxing would be tens of megabytes.
        assertThat(small).isLessThan(16_000);
        assertThat(large).isLessThan(64_000);
      }
    }
  }

  private static long allocated(Executable executable, Launch launch) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 200; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      executable.launch(launch);
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    return least;
  }
}
