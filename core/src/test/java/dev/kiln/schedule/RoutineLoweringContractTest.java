package dev.kiln.schedule;

import dev.kiln.contract.GraphEvaluator;
import dev.kiln.contract.RoutineContract;
import dev.kiln.contract.TestBuffer;
import dev.kiln.interpret.PlainBackend;

/** Planning keeps the bits of routines, and core's plain ones serve a backend that offers none. */
class RoutineLoweringContractTest extends RoutineContract {
  @Override
  protected GraphEvaluator evaluator() {
    return roots ->
        Runner.run(
            Compiler.compile(roots).plan(),
            new PlainBackend(),
            TestBuffer.memory(),
            new Debug(0, System.err));
  }
}
