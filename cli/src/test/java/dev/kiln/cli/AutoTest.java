package dev.kiln.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kiln.DType;
import dev.kiln.Engine;
import dev.kiln.NDArray;
import dev.kiln.opencl.own.OpenClKernel;
import dev.kiln.schedule.Backends;
import dev.kiln.spi.Availability;
import org.junit.jupiter.api.Test;

/** The backend auto with the cpu and OpenCL on the class path. */
class AutoTest {
  @Test
  void ownKernelsRunOnTheirDeviceAndTheRestAtHome() {
    assumeTrue(
        Backends.providers().stream()
            .anyMatch(
                provider ->
                    provider.name().equals("opencl")
                        && provider.availability() instanceof Availability.Ready));
    OpenClKernel twice =
        OpenClKernel.of(
            """
            kernel void twice(global const int *x, global int *y) {
              const size_t i = get_global_id(0);
              y[i] = 2 * x[i];
            }
            """,
            "twice");
    try (Engine engine = Engine.builder().backend("auto").threads(1).profiling().build()) {
      assertThat(engine.backendName()).isEqualTo("cpu");
      NDArray x = engine.arange(0, 4, 1, DType.INT32);
      NDArray y = twice.over(x.size()).in(x).out(DType.INT32, x.shape()).call().add(1);
      assertThat(y.compute().toIntArray()).containsExactly(1, 3, 5, 7);
      assertThat(y.explain())
          .contains("on opencl; its language", "cpu: ", "measured when it ran last:")
          .containsPattern("on the device: kernel \\d+ us");
    }
  }
}
