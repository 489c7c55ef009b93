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
    lines.add(type() + " folded = " + element(helpers, first) + ";");
    lines.open("for (" + index + " k = 1; k < " + count + "; k++)");
    lines.add("folded = " + both("folded", element(helpers, next)) + ";");
    lines.close();
  }

  private String result(Helpers helpers) {
    return result(helpers, "folded");
  }

  private String result(Helpers helpers, String folded) {
    return isExtreme() ? keys().back(helpers, folded) : "(" + CType.memory(dtype) + ") " + folded;
  }

  @Override
  public List<Round> rounds(Team team, Helpers helpers, int part) {
    String lane = "f" + part;
    return List.of(
        new Round(
            lines -> lines.add(type() + " " + lane + " = " + identity() + ";"),
            lines -> lines.add(lane + " = " + both(lane, element(helpers, "x" + value)) + ";"),
            lines -> {
              team.tree(lines, type(), lane, this::both);
              Team.once(lines, "r" + part + "[unit] = " + result(helpers, lane) + ";");
            }));
  }

  @Override
  public void combine(Lines lines, Helpers helpers, Team team, int part) {
    lines.add(type() + " folded = " + identity() + ";");
    lines.open("for (INDEX b = lane; b < mine; b += " + team.lanes() + ")");
    lines.add("folded = " + both("folded", element(helpers, "r" + part + "[at + b]")) + ";");
    lines.close();
    team.tree(lines, type(), "folded", this::both);
    Team.once(lines, Partial.write(output, result(helpers)));
  }

  private boolean isExtreme() {
    return op == ReduceOp.MIN || op == ReduceOp.MAX;
  }

  private Keys keys() {
    return new Keys(dtype, op == ReduceOp.MAX);
  }

  private String type() {
    return isExtreme() ? keys().type() : CType.wrapping(dtype);
  }

  private String identity() {
    return isExtreme() ? keys().last() : op == ReduceOp.SUM ? "0" : "1";
  }

  private String element(Helpers helpers, String x) {
    return isExtreme() ? keys().of(helpers, x) : "(" + type() + ") " + x;
  }

  private String both(String a, String b) {
    return switch (op) {
      case MIN -> "min(" + a + ", (" + type() + ") " + b + ")";
      case MAX -> "max(" + a + ", (" + type() + ") " + b + ")";
      case SUM -> a + " + " + b;
      case PROD -> a + " * " + b;
      case ARGMIN, ARGMAX, MEAN, SQUARED_DEVIATIONS ->
          throw new AssertionError(op + " is no plain fold");
    };
  }
}
