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
  static final Settings SETTINGS = new Settings(Optional.empty(), false, false);

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

  static GraphEvaluator evaluator(Backend backend, Memory memory) {
    return roots ->
        Runner.run(Compiler.compile(roots).plan(), backend, memory, new Debug(0, System.err));
  }
}
