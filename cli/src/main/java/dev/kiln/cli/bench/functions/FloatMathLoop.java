package dev.kiln.cli.bench.functions;

import java.lang.invoke.MethodHandles;
import java.util.function.DoubleBinaryOperator;

/** A function of {@link Math} on floats; a template for {@link Template}. */
final class FloatMathLoop implements HeapLoop<float[]> {
  private static final DoubleBinaryOperator FUNCTION =
      Template.data(MethodHandles.lookup(), DoubleBinaryOperator.class);

  FloatMathLoop() {}

  @Override
  public void run(float[] x, float[] y, float[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = (float) FUNCTION.applyAsDouble(x[i], y[i]);
    }
  }
}
