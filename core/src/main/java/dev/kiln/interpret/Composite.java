package dev.kiln.interpret;

import dev.kiln.DType;
import dev.kiln.kernel.Body;
import dev.kiln.kernel.Instr;
import dev.kiln.kernel.ScalarMeaning;
import dev.kiln.kernel.function.Elementary;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * An elementary function that is defined as a composite of exactly rounded operations: the body
 * that computes it, evaluated instruction by instruction.
 *
 * @param body the instructions
 * @param result the number of the instruction that makes the result
 */
record Composite(List<Instr> body, int result) {
  private static final long[] NO_PARAMS = {};

  private static final Map<Elementary, Composite> FLOAT32 = all(DType.FLOAT32);
  private static final Map<Elementary, Composite> FLOAT64 = all(DType.FLOAT64);

  /** The composite that defines a function. */
  static Composite of(Elementary function, DType dtype) {
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
  long apply(long... x) {
    long[] values = new long[body.size()];
    ScalarMeaning.evaluate(body, x, NO_PARAMS, values);
    return values[result];
  }

  private static Map<Elementary, Composite> all(DType dtype) {
    Map<Elementary, Composite> composites = new EnumMap<>(Elementary.class);
    for (Elementary function : Elementary.values()) {
      composites.put(function, define(function, dtype));
    }
    return Collections.unmodifiableMap(composites);
  }

  private static Composite define(Elementary function, DType dtype) {
    Body body = new Body();
    List<Body.Value> arguments = new ArrayList<>();
    for (int k = 0; k < function.arity(); k++) {
      arguments.add(body.load(dtype, k));
    }
    int result = function.apply(arguments).number();
    return new Composite(body.instrs(), result);
  }
}
