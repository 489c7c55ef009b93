package dev.kiln.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kiln.DType;
import dev.kiln.Engine;
import dev.kiln.NDArray;
import dev.kiln.opencl.own.OpenClKernel;
import dev.kiln.schedule.Backends;
import dev.kiln.spi.Availability;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The backend auto with the cpu and OpenCL on the class path. */
class AutoTest {
  private static final OpenClKernel TWICE =
      OpenClKernel.of(
          """
          kernel void twice(global const int *x, global int *y) {
            const size_t i = get_global_id(0);
            y[i] = 2 * x[i];
          }
          """,
          "twice");

  @BeforeAll
  static void findOpenCl() {
    assumeTrue(
        Backends.providers().stream()
            .anyMatch(
                provider ->
                    provider.name().equals("opencl")
                        && provider.availability() instanceof Availability.Ready));
  }

  @Test
  void ownKernelsRunBesideWhatDoesNotNeedThem() {
    try (Engine engine = Engine.builder().backend("auto").threads(2).build()) {
      NDArray x = engine.arange(0, 4, 1, DType.INT32).compute();
      NDArray y = TWICE.over(x.size()).in(x).out(DType.INT32, x.shape()).call();
      List<NDArray> both = List.of(y, x.multiply(x).add(1), y.add(x));
      List<NDArray> computed = engine.compute(both);
      assertThat(computed.get(0).toIntArray()).containsExactly(0, 2, 4, 6);
      assertThat(computed.get(1).toIntArray()).containsExactly(1, 2, 5, 10);
      assertThat(computed.get(2).toIntArray()).containsExactly(0, 3, 6, 9);
      assertThat(engine.explain(both))
          .contains("on opencl; its language; beside step 1", "on cpu; beside step 0");
    }
  }

  @Test
  void ownKernelsRunOnTheirDeviceAndTheRestAtHome() {
    try (Engine engine = Engine.builder().backend("auto").threads(1).profiling().build()) {
      assertThat(engine.backendName()).isEqualTo("cpu");
      NDArray x = engine.arange(0, 4, 1, DType.INT32);
      NDArray y = TWICE.over(x.size()).in(x).out(DType.INT32, x.shape()).call().add(1);
      assertThat(y.compute().toIntArray()).containsExactly(1, 3, 5, 7);
      assertThat(y.explain())
          .contains("on opencl; its language", "cpu: ", "measured when it ran last:")
          .containsPattern("on the device: kernel \\d+ us");
    }
  }
}
