package dev.kiln.opencl;

import dev.kiln.contract.GraphEvaluator;
import dev.kiln.memory.SlabPool;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Routines the way that suits the device there is. */
class RoutinesTest extends RoutineEdges {
  private static SlabPool memory;
  private static OpenClBackend backend;

  @BeforeAll
  static void open() {
    backend = TestDevice.open(TestDevice.SETTINGS);
    memory = new SlabPool(1L << 30);
  }

  @AfterAll
  static void close() {
    if (backend != null) {
      backend.close();
      memory.close();
    }
  }

  @Override
  GraphEvaluator evaluator() {
    return TestDevice.evaluator(backend, memory);
  }
}
