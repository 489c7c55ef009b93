package dev.kiln.cli.bench.functions;

import java.lang.invoke.MethodHandles;
import java.util.function.DoubleBinaryOperator;

/** A function of {@link Math} on doubles; a template for {@link Template}. */
final class DoubleMathLoop implements HeapLoop<double[]> {
  private static final DoubleBinaryOperator FUNCTION =
      Template.data(MethodHandles.lookup(), DoubleBinaryOperator.class);

  DoubleMathLoop() {}

  @Override
  public void run(double[] x, double[] y, double[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = FUNCTION.applyAsDouble(x[i], y[i]);
    }
  }
}
