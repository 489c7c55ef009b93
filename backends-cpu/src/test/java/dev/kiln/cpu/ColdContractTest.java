package dev.kiln.cpu;

import dev.kiln.contract.BackendContract;
import dev.kiln.contract.GraphEvaluator;
import dev.kiln.memory.SlabPool;
import dev.kiln.schedule.Compiler;
import dev.kiln.schedule.Debug;
import dev.kiln.schedule.Dispatcher;
import dev.kiln.schedule.Runner;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract in the code that serves before vector code is hot. */
class ColdContractTest extends BackendContract {
  private static Dispatcher workers;
  private static SlabPool memory;
  private static CpuBackend backend;

  @BeforeAll
  static void open() {
    workers = new Dispatcher(3);
    memory = new SlabPool(1L << 30);
    Settings settings = new Settings(Settings.Vectors.COLD, false);
    backend = new CpuBackend(VectorUnit.detect(), settings, workers, memory);
  }

  @AfterAll
  static void close() {
    workers.close();
    backend.close();
    memory.close();
  }

  @Override
  protected GraphEvaluator evaluator() {
    return roots ->
        Runner.run(Compiler.compile(roots).plan(), backend, memory, new Debug(0, System.err));
  }
}
