package dev.kiln.opencl;

import static org.junit.jupiter.api.Assumptions.abort;

import dev.kiln.contract.GraphEvaluator;
import dev.kiln.schedule.Compiler;
import dev.kiln.schedule.Debug;
import dev.kiln.schedule.Runner;
import dev.kiln.spi.Availability;
import dev.kiln.spi.Backend;
import dev.kiln.spi.Memory;
import java.util.Optional;

/** The device that tests run on: the first there is. Where there is none they are skipped. */
final class TestDevice {
  static final Settings SETTINGS = new Settings(Optional.empty(), false, Long.MAX_VALUE, false);

  private TestDevice() {}

  static ClDevice find() {
    return switch (Discovery.find()) {
      case Discovery.Found found -> found.devices().getFirst();
      case Discovery.Nothing(Availability.Missing(String reason, String cure)) ->
          abort("no OpenCL device: " + reason + "; " + cure);
    };
  }

  static OpenClBackend open(Settings settings) {
    return new OpenClBackend(find(), settings);
  }

  /** The same device, which is worked on as if it were a GPU. */
  static OpenClBackend openAsGpu(Settings settings) {
    ClDevice found = find();
    ClDevice gpu =
        new ClDevice(
            found.number(),
            found.platformId(),
            found.id(),
            found.name(),
            found.version(),
            found.driver(),
            found.platform(),
            ClDevice.Kind.GPU,
            found.memoryBytes(),
            found.largestBuffer(),
            found.localMemory(),
            found.units(),
            found.float64(),
            found.exactDivision(),
            found.subnormals(),
            found.sharesMemory());
    return new OpenClBackend(gpu, settings);
  }

  static GraphEvaluator evaluator(Backend backend, Memory memory) {
    return roots ->
        Runner.run(Compiler.compile(roots).plan(), backend, memory, new Debug(0, System.err));
  }
}
