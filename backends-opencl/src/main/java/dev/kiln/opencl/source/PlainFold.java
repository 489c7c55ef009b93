package dev.kiln.opencl.source;

import dev.kiln.DType;
import dev.kiln.kernel.ReduceOp;
import java.util.List;

/**
 * A reduction whose order does not matter: sums and products of integers, extremes of anything.
 * Floats are compared by their {@linkplain Keys keys}.
 */
record PlainFold(ReduceOp op, DType dtype, int value, int output) implements Partial {
  @Override
  public List<Array> arrays() {
    return List.of(new Array(dtype, output));
  }

  @Override
  public void block(Lines lines, Helpers helpers, int part) {
    String x = "x" + value;
    lines.open("");
    fold(lines, helpers, "int", x + "[0]", "length", x + "[k]");
    lines.add("r" + part + "[unit] = " + result(helpers) + ";");
    lines.close();
  }

  @Override
  public void combine(Lines lines, Helpers helpers, int part) {
    String r = "r" + part;
    fold(lines, helpers, "INDEX", r + "[at]", "blocks", r + "[at + k]");
    lines.add(Partial.write(output, result(helpers)));
  }

  private void fold(
      Lines lines, Helpers helpers, String index, String first, String count, String next) {
    Keys keys = new Keys(dtype, op == ReduceOp.MAX);
    switch (op) {
      case MIN, MAX -> {
        String choose = op == ReduceOp.MAX ? "max" : "min";
        lines.add(keys.type() + " folded = " + keys.of(helpers, first) + ";");
        lines.open("for (" + index + " k = 1; k < " + count + "; k++)");
        lines.add("folded = " + choose + "(folded, " + keys.of(helpers, next) + ");");
        lines.close();
      }
      case SUM, PROD -> {
        String type = CType.wrapping(dtype);
        lines.add(type + " folded = (" + type + ") " + first + ";");
        lines.open("for (" + index + " k = 1; k < " + count + "; k++)");
        lines.add("folded " + (op == ReduceOp.SUM ? "+=" : "*=") + " (" + type + ") " + next + ";");
        lines.close();
      }
      case ARGMIN, ARGMAX, MEAN, SQUARED_DEVIATIONS ->
          throw new AssertionError(op + " is no plain fold");
    }
  }

  private String result(Helpers helpers) {
    return switch (op) {
      case MIN, MAX -> new Keys(dtype, op == ReduceOp.MAX).back(helpers, "folded");
      default -> "(" + CType.memory(dtype) + ") folded";
    };
  }
}
