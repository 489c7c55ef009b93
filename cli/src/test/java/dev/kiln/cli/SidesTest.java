package dev.kiln.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kiln.contract.Agreement;
import dev.kiln.contract.GraphFuzzer;
import dev.kiln.memory.SlabPool;
import dev.kiln.schedule.Backends;
import dev.kiln.schedule.Compiler;
import dev.kiln.schedule.Debug;
import dev.kiln.schedule.Dispatcher;
import dev.kiln.schedule.Placement;
import dev.kiln.schedule.Placements;
import dev.kiln.schedule.Plan;
import dev.kiln.schedule.Runner;
import dev.kiln.spi.Availability;
import dev.kiln.spi.Backend;
import dev.kiln.spi.BackendProvider;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Steps of one plan on the cpu and on OpenCL side by side: the interpreter's bits. */
class SidesTest {
  private static final String COPIES = "kiln.opencl.copies";

  private static BackendProvider provider(String name) {
    BackendProvider provider =
        Backends.providers().stream()
            .filter(it -> it.name().equals(name))
            .findFirst()
            .orElseThrow();
    assumeTrue(provider.availability() instanceof Availability.Ready);
    return provider;
  }

  /** {@code kiln.fuzz.seed} chooses the first graph, {@code kiln.fuzz.count} how many there are. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void randomGraphsOnRandomSides(boolean copies) {
    long first = Long.getLong("kiln.fuzz.seed", 71);
    int count = Integer.getInteger("kiln.fuzz.count", 20);
    Debug quiet = new Debug(0, System.err);
    try (Dispatcher workers = new Dispatcher(2);
        SlabPool memory = new SlabPool(1L << 28);
        Backend cpu = provider("cpu").open(workers, memory);
        Backend opencl = openCl(copies, workers, memory)) {
      for (long seed = first; seed < first + count; seed++) {
        SplittableRandom random = new SplittableRandom(seed);
        Agreement agreement =
            new Agreement(
                roots -> {
                  Plan plan = Compiler.compile(roots).plan();
                  Placement placement = Placements.random(plan, List.of(cpu, opencl), random);
                  return Runner.run(plan, List.of(), placement, Optional.empty(), memory, quiet);
                });
        agreement.check("random graph " + seed, GraphFuzzer.generate(seed));
      }
      assertThat(memory.bytesInUse()).isZero();
    }
  }

  private static Backend openCl(boolean copies, Dispatcher workers, SlabPool memory) {
    String before = System.setProperty(COPIES, String.valueOf(copies));
    try {
      return provider("opencl").open(workers, memory);
    } finally {
      if (before == null) {
        System.clearProperty(COPIES);
      } else {
        System.setProperty(COPIES, before);
      }
    }
  }
}
