package dev.kiln.kernel.function;

import dev.kiln.DType;
import dev.kiln.kernel.Bits;
import dev.kiln.kernel.Body;
import dev.kiln.kernel.Body.Value;
import dev.kiln.kernel.Instr;
import dev.kiln.kernel.ScalarMeaning;
import java.util.List;
import java.util.function.BinaryOperator;

/**
 * A function of one or two arguments as a body, evaluated by {@link ScalarMeaning}. Not for several
 * threads at once.
 */
final class Composite {
  private final DType dtype;
  private final List<Instr> body;
  private final int result;
  private final long[] operands = new long[2];
  private final long[] values;

  Composite(DType dtype, Elementary function) {
    this(dtype, (x, y) -> function.apply(function.arity() == 1 ? List.of(x) : List.of(x, y)));
  }

  /** A function of two arguments. */
  Composite(DType dtype, BinaryOperator<Value> formula) {
    this.dtype = dtype;
    Body building = new Body();
    this.result = formula.apply(building.load(dtype, 0), building.load(dtype, 1)).number();
    this.body = building.instrs();
    this.values = new long[body.size()];
  }

  /** The value at (x, y), which the dtype must hold exactly. */
  double at(double x, double y) {
    operands[1] = Bits.ofDouble(dtype, y);
    return at(x);
  }

  /** The value at x, which the dtype must hold exactly. */
  double at(double x) {
    operands[0] = Bits.ofDouble(dtype, x);
    ScalarMeaning.evaluate(body, operands, new long[0], values);
    return Bits.asDouble(dtype, values[result]);
  }

  List<Instr> body() {
    return body;
  }
}
