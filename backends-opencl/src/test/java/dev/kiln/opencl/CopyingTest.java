package dev.kiln.opencl;

import dev.kiln.contract.Agreement;
import dev.kiln.contract.GraphFuzzer;
import dev.kiln.memory.SlabPool;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What a device with memory of its own does, tried on one that would not need it. */
class CopyingTest {
  private static final int GRAPHS = 60;

  @Test
  void randomGraphsOnFourThreads() throws InterruptedException, ExecutionException {
    Settings copying = new Settings(Optional.empty(), true, Long.MAX_VALUE, false);
    try (OpenClBackend backend = TestDevice.open(copying);
        SlabPool memory = new SlabPool(1L << 28);
        ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<?>> all = new ArrayList<>();
      for (int thread = 0; thread < 4; thread++) {
        int first = 1000 + 20 * thread;
        all.add(
            threads.submit(
                () -> {
                  Agreement agreement = new Agreement(TestDevice.evaluator(backend, memory));
                  for (int seed = first; seed < first + 20; seed++) {
                    agreement.check("random graph " + seed, GraphFuzzer.generate(seed));
                  }
                }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
  }

  @Test
  void randomGraphsWithCopiedArrays() {
    Settings copying = new Settings(Optional.empty(), true, Long.MAX_VALUE, false);
    try (OpenClBackend backend = TestDevice.open(copying);
        SlabPool memory = new SlabPool(1L << 28)) {
      Agreement agreement = new Agreement(TestDevice.evaluator(backend, memory));
      for (int seed = 7; seed < 7 + GRAPHS; seed++) {
        agreement.check("random graph " + seed, GraphFuzzer.generate(seed));
      }
    }
  }
}
