package dev.kiln.schedule;

import dev.kiln.contract.BackendContract;
import dev.kiln.contract.GraphEvaluator;
import dev.kiln.contract.TestBuffer;
import dev.kiln.graph.Node;
import dev.kiln.interpret.PlainBackend;
import dev.kiln.spi.Buffer;
import java.util.List;

/**
 * Rewriting, fusion and lowering keep every bit: the contract on a backend that runs kernels point
 * by point.
 */
class LoweringContractTest extends BackendContract {
  @Override
  protected GraphEvaluator evaluator() {
    return LoweringContractTest::compute;
  }

  private static List<Buffer> compute(List<Node> roots) {
    Plan plan = Compiler.compile(roots).plan();
    return Runner.run(plan, new PlainBackend(), TestBuffer.memory(), new Debug(0, System.err));
  }
}
