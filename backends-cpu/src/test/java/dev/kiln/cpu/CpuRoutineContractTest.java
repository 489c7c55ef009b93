package dev.kiln.cpu;

import dev.kiln.contract.GraphEvaluator;
import dev.kiln.contract.RoutineContract;
import dev.kiln.memory.SlabPool;
import dev.kiln.schedule.Compiler;
import dev.kiln.schedule.Debug;
import dev.kiln.schedule.Dispatcher;
import dev.kiln.schedule.Runner;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract of routines on three threads, in vector code from the first call on. */
class CpuRoutineContractTest extends RoutineContract {
  private static Dispatcher workers;
  private static SlabPool memory;
  private static CpuBackend backend;

  @BeforeAll
  static void open() {
    workers = new Dispatcher(3);
    memory = new SlabPool(1L << 30);
    Settings settings = new Settings(Settings.Vectors.ALWAYS, false);
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
