package dev.kiln.interpret;

import dev.kiln.DType;
import dev.kiln.graph.ElementOp;
import dev.kiln.kernel.Body;
import dev.kiln.kernel.Instr;
import dev.kiln.kernel.ScalarMeaning;
import dev.kiln.kernel.function.Exponential;
import dev.kiln.kernel.function.Hyperbolic;
import dev.kiln.kernel.function.Logarithm;
import dev.kiln.kernel.function.Trigonometric;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * An elementary function of one argument that is defined as a composite of exactly rounded
 * operations: the body that computes it, evaluated instruction by instruction.
 *
 * @param body the instructions
 * @param result the number of the instruction that makes the result
 */
record Composite(List<Instr> body, int result) {
  private static final long[] NO_PARAMS = {};

  private static final Map<ElementOp, Composite> FLOAT32 = all(DType.FLOAT32);
  private static final Map<ElementOp, Composite> FLOAT64 = all(DType.FLOAT64);

  /** The composite that defines a function. */
  static Composite of(ElementOp function, DType dtype) {
    Composite composite =
        switch (dtype) {
          case FLOAT32 -> FLOAT32.get(function);
          case FLOAT64 -> FLOAT64.get(function);
          default -> null;
        };
    if (composite == null) {
      throw new AssertionError("no composite defines " + function + " of " + dtype);
    }
    return composite;
  }

  /** The function's value, in the form of {@link dev.kiln.kernel.Bits}. */
  long apply(long x) {
    long[] values = new long[body.size()];
    ScalarMeaning.evaluate(body, new long[] {x}, NO_PARAMS, values);
    return values[result];
  }

  private static Map<ElementOp, Composite> all(DType dtype) {
    Map<ElementOp, Composite> composites = new EnumMap<>(ElementOp.class);
    composites.put(ElementOp.COS, define(dtype, Trigonometric::cos));
    composites.put(ElementOp.EXP, define(dtype, Exponential::exp));
    composites.put(ElementOp.LOG, define(dtype, Logarithm::log));
    composites.put(ElementOp.SIN, define(dtype, Trigonometric::sin));
    composites.put(ElementOp.TANH, define(dtype, Hyperbolic::tanh));
    return Collections.unmodifiableMap(composites);
  }

  private static Composite define(DType dtype, UnaryOperator<Body.Value> function) {
    Body body = new Body();
    int result = function.apply(body.load(dtype, 0)).number();
    return new Composite(body.instrs(), result);
  }
}
