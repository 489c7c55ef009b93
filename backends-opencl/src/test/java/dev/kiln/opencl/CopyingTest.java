package dev.kiln.opencl;

import dev.kiln.contract.Agreement;
import dev.kiln.contract.GraphFuzzer;
import dev.kiln.memory.SlabPool;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a device with memory of its own does, tried on one that would not need it. */
class CopyingTest {
  private static final int GRAPHS = 60;

  @Test
  void randomGraphsWithCopiedArrays() {
    Settings copying = new Settings(Optional.empty(), true, false);
    try (OpenClBackend backend = TestDevice.open(copying);
        SlabPool memory = new SlabPool(1L << 28)) {
      Agreement agreement = new Agreement(TestDevice.evaluator(backend, backend.memory(memory)));
      for (int seed = 7; seed < 7 + GRAPHS; seed++) {
        agreement.check("random graph " + seed, GraphFuzzer.generate(seed));
      }
    }
  }
}
