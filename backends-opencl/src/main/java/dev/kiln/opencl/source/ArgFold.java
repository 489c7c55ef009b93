package dev.kiln.opencl.source;

import dev.kiln.DType;
import java.util.List;

/**
 * The index of the first extreme, the first NaN being one; −0 is equal to +0.
 *
 * @param largest whether the largest is wanted
 */
record ArgFold(boolean largest, DType dtype, int value, int output) implements Partial {
  @Override
  public List<Array> arrays() {
    return List.of(new Array(keys().scratch(), -1), new Array(DType.INT64, output));
  }

  private Keys keys() {
    return new Keys(dtype, largest);
  }

  @Override
  public void block(Lines lines, Helpers helpers, int part) {
    // Adding +0 makes −0 +0.
    String zero = dtype.isFloat() ? " + 0" : "";
    String key = keys().of(helpers, "x" + value + "[k]" + zero);
    lines.open("");
    lines.add(keys().type() + " best = " + keys().of(helpers, "x" + value + "[0]" + zero) + ";");
    lines.open("for (int k = 1; k < length; k++)");
    lines.add("best = " + (largest ? "max" : "min") + "(best, " + key + ");");
    lines.close();
    lines.add("int k = 0;");
    lines.open("while (" + key + " != best)");
    lines.add("k++;");
    lines.close();
    lines.add("r" + part + "[unit] = best;");
    lines.add("r" + (part + 1) + "[unit] = from + k;");
    lines.close();
  }

  @Override
  public void combine(Lines lines, Helpers helpers, int part) {
    String r = "r" + part;
    lines.add("INDEX best = 0;");
    lines.open("for (INDEX k = 1; k < blocks; k++)");
    lines.open("if (" + r + "[at + k] " + (largest ? ">" : "<") + " " + r + "[at + best])");
    lines.add("best = k;");
    lines.close();
    lines.close();
    lines.add(Partial.write(output, "r" + (part + 1) + "[at + best]"));
  }

  @Override
  public List<Round> rounds(Team team, Helpers helpers, int part) {
    String best = "f" + part;
    String place = "p" + part + "_";
    String zero = dtype.isFloat() ? " + 0" : "";
    return List.of(
        new Round(
            lines -> {
              lines.add(keys().type() + " " + best + " = " + keys().last() + ";");
              lines.add("ulong " + place + " = ULONG_MAX;");
            },
            lines -> {
              String key = keys().of(helpers, "x" + value + zero);
              lines.add("const " + keys().type() + " key" + part + " = " + key + ";");
              String first = place + " == ULONG_MAX";
              lines.open("if (key" + part + " " + better() + " " + best + " || " + first + ")");
              lines.add(best + " = key" + part + ";");
              lines.add(place + " = k;");
              lines.close();
            },
            lines -> {
              team.best(lines, keys().type(), best, place, better());
              Team.once(lines, "r" + part + "[unit] = " + best + ";");
              Team.once(lines, "r" + (part + 1) + "[unit] = from + (long) " + place + ";");
            }));
  }

  @Override
  public void combine(Lines lines, Helpers helpers, Team team, int part) {
    String r = "r" + part + "[at + b]";
    lines.add(keys().type() + " best = " + keys().last() + ";");
    lines.add("ulong place = ULONG_MAX;");
    lines.open("for (INDEX b = lane; b < mine; b += " + team.lanes() + ")");
    lines.open("if (" + r + " " + better() + " best || place == ULONG_MAX)");
    lines.add("best = " + r + ";");
    lines.add("place = b;");
    lines.close();
    lines.close();
    team.best(lines, keys().type(), "best", "place", better());
    Team.once(lines, Partial.write(output, "r" + (part + 1) + "[at + (INDEX) place]"));
  }

  private String better() {
    return largest ? ">" : "<";
  }
}
