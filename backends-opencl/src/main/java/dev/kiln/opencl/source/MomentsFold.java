package dev.kiln.opencl.source;

import dev.kiln.DType;
import java.util.List;
import java.util.function.BinaryOperator;

/**
 * The mean and the sum of squared deviations from it, by the two-level moments; each operation is
 * rounded by itself.
 *
 * @param means the outputs that are the mean
 * @param squares the outputs that are the sum of squared deviations
 */
record MomentsFold(DType dtype, int value, List<Integer> means, List<Integer> squares)
    implements Partial {
  @Override
  public List<Array> arrays() {
    Array array = new Array(dtype, -1);
    return List.of(array, array, array);
  }

  @Override
  public void block(Lines lines, Helpers helpers, int part) {
    String type = CType.value(dtype);
    String x = "x" + value;
    lines.open("");
    lines.add(
        "const "
            + type
            + " mean = "
            + divide(helpers, sum(helpers, x), "(" + type + ") length")
            + ";");
    lines.add("r" + part + "[unit] = mean;");
    lines.open("for (int k = 0; k < length; k++)");
    lines.add(x + "[k] -= mean;");
    lines.close();
    lines.add("r" + (part + 1) + "[unit] = " + sum(helpers, x) + ";");
    lines.open("for (int k = 0; k < length; k++)");
    lines.add(x + "[k] *= " + x + "[k];");
    lines.close();
    lines.add("r" + (part + 2) + "[unit] = " + sum(helpers, x) + ";");
    lines.close();
  }

  @Override
  public void combine(Lines lines, Helpers helpers, int part) {
    String type = CType.value(dtype);
    lines.add("global " + type + " *m = r" + part + " + at;");
    lines.add("global " + type + " *s1 = r" + (part + 1) + " + at;");
    lines.add("global " + type + " *s2 = r" + (part + 2) + " + at;");
    lines.add(type + " pivot = m[0];");
    lines.open("if (blocks > 1)");
    lines.add("pivot = " + divide(helpers, parts(helpers, "m"), "(" + type + ") blocks") + ";");
    lines.close();
    lines.open("for (INDEX b = 0; b < blocks; b++)");
    moved(lines, type);
    lines.add("s2[b] = (s2[b] + (2 * e) * s1[b]) + t * e;");
    lines.add("s1[b] = s1[b] + t;");
    lines.close();
    lines.add("const " + type + " d = " + parts(helpers, "s1") + ";");
    lines.add("const " + type + " shift = " + divide(helpers, "d", "(" + type + ") count") + ";");
    if (!means.isEmpty()) {
      mean(lines, type);
      means.forEach(o -> lines.add(Partial.write(o, canonical(helpers, "mean"))));
    }
    if (!squares.isEmpty()) {
      lines.add("const " + type + " q = " + parts(helpers, "s2") + " - d * shift;");
      squares.forEach(o -> lines.add(Partial.write(o, canonical(helpers, least(helpers)))));
    }
  }

  /** Adds how far a block's mean is from the pivot, e, and that times its size, t. */
  private static void moved(Lines lines, String type) {
    lines.add(
        "const "
            + type
            + " size = ("
            + type
            + ") min((INDEX) "
            + Renderer.BLOCK
            + ", count - b * "
            + Renderer.BLOCK
            + ");");
    lines.add("const " + type + " e = m[b] - pivot;");
    lines.add("const " + type + " t = size * e;");
  }

  /** Where deviations overflow or are none, as from an infinite pivot, the pivot is the mean. */
  private static void mean(Lines lines, String type) {
    lines.add("const " + type + " mean = fabs(d) < INFINITY ? pivot + shift : pivot;");
  }

  private String least(Helpers helpers) {
    return helpers.call(Helper.MAX, dtype, "q", "0");
  }

  private String canonical(Helpers helpers, String x) {
    return helpers.call(Helper.CANONICAL, dtype, x);
  }

  private String sum(Helpers helpers, String x) {
    return helpers.call(Helper.SUM, dtype, x, "length");
  }

  private String parts(Helpers helpers, String array) {
    return helpers.call(Helper.SUM_PARTS, dtype, array, "blocks");
  }

  private String divide(Helpers helpers, String a, String b) {
    return helpers.call(Helper.DIVIDE, dtype, a, b);
  }

  @Override
  public List<Round> rounds(Team team, Helpers helpers, int part) {
    String type = CType.value(dtype);
    String mean = "m" + part;
    String first = "f" + part;
    String second = "g" + part;
    String zero = " = -(" + type + ") 0;";
    BinaryOperator<String> sum = (a, b) -> a + " + " + b;
    return List.of(
        new Round(
            lines -> lines.add(type + " " + mean + zero),
            lines -> lines.add(mean + " += x" + value + ";"),
            lines -> {
              team.tree(lines, type, mean, sum);
              String size = "(" + type + ") length";
              lines.add(mean + " = " + divide(helpers, mean, size) + ";");
              Team.once(lines, "r" + part + "[unit] = " + mean + ";");
            }),
        new Round(
            lines -> {
              lines.add(type + " " + first + zero);
              lines.add(type + " " + second + zero);
            },
            lines -> {
              String d = "d" + part;
              lines.add("const " + type + " " + d + " = x" + value + " - " + mean + ";");
              lines.add(first + " += " + d + ";");
              lines.add(second + " += " + d + " * " + d + ";");
            },
            lines -> {
              team.tree(lines, type, first, sum);
              team.tree(lines, type, second, sum);
              Team.once(lines, "r" + (part + 1) + "[unit] = " + first + ";");
              Team.once(lines, "r" + (part + 2) + "[unit] = " + second + ";");
            }));
  }

  @Override
  public void combine(Lines lines, Helpers helpers, Team team, int part) {
    String type = CType.value(dtype);
    lines.add("global const " + type + " *m = r" + part + " + at;");
    lines.add("global const " + type + " *s1 = r" + (part + 1) + " + at;");
    lines.add("global const " + type + " *s2 = r" + (part + 2) + " + at;");
    lines.add(type + " pivot = here ? m[0] : 0;");
    lines.open("if (blocks > 1)");
    team.parts(lines, type, "sum", '+', _ -> "m[b]");
    lines.add("pivot = " + divide(helpers, "sum", "(" + type + ") blocks") + ";");
    lines.close();
    team.parts(
        lines,
        type,
        "d",
        '+',
        into -> {
          moved(into, type);
          return "s1[b] + t";
        });
    lines.add("const " + type + " shift = " + divide(helpers, "d", "(" + type + ") count") + ";");
    if (!means.isEmpty()) {
      mean(lines, type);
      means.forEach(o -> Team.once(lines, Partial.write(o, canonical(helpers, "mean"))));
    }
    if (!squares.isEmpty()) {
      team.parts(
          lines,
          type,
          "squared",
          '+',
          into -> {
            moved(into, type);
            return "(s2[b] + (2 * e) * s1[b]) + t * e";
          });
      lines.add("const " + type + " q = squared - d * shift;");
      squares.forEach(o -> Team.once(lines, Partial.write(o, canonical(helpers, least(helpers)))));
    }
  }
}
