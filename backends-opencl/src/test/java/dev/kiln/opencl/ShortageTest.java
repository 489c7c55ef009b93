package dev.kiln.opencl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.DType;
import dev.kiln.KilnException;
import dev.kiln.contract.TestBuffer;
import dev.kiln.kernel.Body;
import dev.kiln.kernel.Kernel;
import dev.kiln.kernel.Operand;
import dev.kiln.kernel.Output;
import dev.kiln.opencl.source.Renderer;
import dev.kiln.spi.Buffer;
import dev.kiln.spi.Launch;
import java.util.List;
import java.util.Optional;
import org.jocl.CL;
import org.jocl.CLException;
import org.junit.jupiter.api.Test;

/** A device that runs out of memory: what is held is given back, once more, then a clear error. */
class ShortageTest {
  /** Fails so many times, as drivers do. */
  private static final class Scarce implements Residence {
    private final Residence rest;
    private int failures;
    private int trims;

    Scarce(Residence rest, int failures) {
      this.rest = rest;
      this.failures = failures;
    }

    @Override
    public View enter(Commands commands, Buffer buffer, Use use) {
      if (use == Use.READ && failures > 0) {
        failures--;
        throw new CLException(
            "CL_MEM_OBJECT_ALLOCATION_FAILURE", CL.CL_MEM_OBJECT_ALLOCATION_FAILURE);
      }
      return rest.enter(commands, buffer, use);
    }

    @Override
    public void publish(Commands commands, View view) {
      rest.publish(commands, view);
    }

    @Override
    public void leave(Commands commands, View view) {
      rest.leave(commands, view);
    }

    @Override
    public View scratch(long bytes) {
      return rest.scratch(bytes);
    }

    @Override
    public void trim() {
      trims++;
      rest.trim();
    }

    @Override
    public void close() {
      rest.close();
    }
  }

  private final TestBuffer x = TestBuffer.of(DType.INT32, 3, 5);
  private final TestBuffer y = TestBuffer.of(DType.INT32, 0, 0);

  private void launch(OpenClBackend backend, Scarce scarce) {
    Body body = new Body();
    Body.Value negative = body.load(DType.INT32, 0).neg();
    Operand operand = new Operand(Operand.Source.MEMORY, DType.INT32, Operand.Access.CONTIGUOUS);
    Output store = new Output.Store(DType.INT32, negative.number(), Operand.Access.CONTIGUOUS);
    Kernel kernel = new Kernel(1, 0, List.of(operand), List.of(), body.instrs(), List.of(store));
    OpenClBackend.Machine machine = backend.machine();
    try (OpenClExecutable executable =
        new OpenClExecutable(
            kernel,
            Renderer.render(kernel, true),
            new OpenClBackend.Machine(
                machine.device(), machine.context(), machine.lanes(), machine.timed(), scarce),
            backend.programs(),
            TestDevice.SETTINGS)) {
      executable.launch(
          new Launch(
              List.of(2L),
              List.of(new Launch.Access(x, 0, List.of(1L))),
              List.of(),
              List.of(new Launch.Access(y, 0, List.of(1L)))));
    }
  }

  @Test
  void oneRetryAfterTrimming() {
    try (OpenClBackend backend = TestDevice.open(TestDevice.SETTINGS)) {
      Scarce scarce = new Scarce(backend.machine().residence(), 1);
      launch(backend, scarce);
      assertThat(TestBuffer.read(y, DType.INT32)).containsExactly(-3, -5);
      assertThat(scarce.trims).isEqualTo(1);
      assertThat(x.pins() + y.pins()).isZero();
    }
  }

  @Test
  void thenAClearError() {
    try (OpenClBackend backend = TestDevice.open(TestDevice.SETTINGS)) {
      Scarce scarce = new Scarce(backend.machine().residence(), 2);
      assertThatThrownBy(() -> launch(backend, scarce))
          .isInstanceOf(KilnException.class)
          .hasMessageContaining("out of memory on the OpenCL device")
          .hasMessageContaining("bytes")
          .hasMessageContaining("compute in parts");
      assertThat(x.pins() + y.pins()).isZero();
    }
  }

  @Test
  void deviceMemoryIsHeldForLaterUpToALimit() {
    try (OpenClBackend backend =
            TestDevice.open(new Settings(Optional.empty(), true, Long.MAX_VALUE, false));
        Commands commands = new Commands(backend.machine().lanes())) {
      CopyingResidence residence =
          new CopyingResidence(
              backend.machine().context(),
              backend.machine().device(),
              backend.machine().lanes(),
              2000);
      Residence.View first = residence.scratch(800);
      Residence.View second = residence.scratch(800);
      residence.leave(commands, first);
      residence.leave(commands, second); // one too many
      assertThat(residence.held()).isEqualTo(800);
      assertThat(residence.scratch(800).memory()).isSameAs(first.memory());
      assertThat(residence.held()).isZero();
      residence.leave(commands, first);
      residence.trim();
      assertThat(residence.held()).isZero();
    }
  }
}
