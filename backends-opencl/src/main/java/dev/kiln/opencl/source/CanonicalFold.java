package dev.kiln.opencl.source;

import dev.kiln.DType;
import java.util.List;

/**
 * A sum or product of floats in the canonical order.
 *
 * @param sums whether it is a sum
 */
record CanonicalFold(boolean sums, DType dtype, int value, int output) implements Partial {
  @Override
  public List<Array> arrays() {
    return List.of(new Array(dtype, output));
  }

  @Override
  public void block(Lines lines, Helpers helpers, int part) {
    String folded = helpers.call(sums ? Helper.SUM : Helper.PROD, dtype, "x" + value, "length");
    lines.add("r" + part + "[unit] = " + helpers.call(Helper.CANONICAL, dtype, folded) + ";");
  }

  @Override
  public void combine(Lines lines, Helpers helpers, int part) {
    Helper parts = sums ? Helper.SUM_PARTS : Helper.PROD_PARTS;
    String folded = helpers.call(parts, dtype, "r" + part + " + at", "blocks");
    lines.add(Partial.write(output, helpers.call(Helper.CANONICAL, dtype, folded)));
  }

  @Override
  public List<Round> rounds(Team team, Helpers helpers, int part) {
    String type = CType.value(dtype);
    String lane = "f" + part;
    String identity = sums ? "-(" + type + ") 0" : "(" + type + ") 1";
    return List.of(
        new Round(
            lines -> lines.add(type + " " + lane + " = " + identity + ";"),
            lines -> lines.add(lane + " " + operator() + "= x" + value + ";"),
            lines -> {
              team.tree(lines, type, lane, (a, b) -> a + " " + operator() + " " + b);
              String result = helpers.call(Helper.CANONICAL, dtype, lane);
              Team.once(lines, "r" + part + "[unit] = " + result + ";");
            }));
  }

  @Override
  public void combine(Lines lines, Helpers helpers, Team team, int part) {
    team.parts(lines, CType.value(dtype), "folded", operator(), _ -> "r" + part + "[at + b]");
    Team.once(lines, Partial.write(output, helpers.call(Helper.CANONICAL, dtype, "folded")));
  }

  private char operator() {
    return sums ? '+' : '*';
  }
}
