package dev.kiln.opencl.source;

import java.util.function.BinaryOperator;

/**
 * Work-items that fold a block together, each of which is a lane of the canonical order. A group
 * has several teams.
 *
 * <p>Functions have variables for a work-item's number in its group (item) and in its team (lane),
 * whether there is anything to do for the team (here), and what the group shares (scratch, places).
 * All work-items come to all barriers.
 *
 * @param lanes work-items of a team
 * @param across whether neighbouring work-items are the same lane of neighbouring teams, which
 *     suits columns; otherwise neighbouring lanes of a team
 */
record Team(int lanes, boolean across) {
  /** Work-items of a group. */
  static final int GROUP = 256;

  /** Results of blocks that a lane reads before it folds the first: few lanes wait together. */
  private static final int AHEAD = 16;

  private static final String BARRIER = "barrier(CLK_LOCAL_MEM_FENCE);";

  /** Teams of a group. */
  int teams() {
    return GROUP / lanes;
  }

  /** From a lane's work-item to the next lane's. */
  private int step() {
    return across ? teams() : 1;
  }

  /** Adds what tells a work-item its part; the unit is the task. */
  void begin(Lines lines) {
    lines.add("local ulong scratch[" + GROUP + "];");
    lines.add("local ulong places[" + GROUP + "];");
    lines.add("const int item = (int) get_local_id(0);");
    lines.add("const int lane = item " + (across ? "/ " + teams() : "% " + lanes) + ";");
    String team = "item " + (across ? "% " + teams() : "/ " + lanes);
    lines.add("const INDEX task = (INDEX) get_group_id(0) * " + teams() + " + " + team + ";");
    lines.add("const bool here = task < units;");
  }

  /** Adds the fold of a variable that each lane has: afterwards each has the team's. */
  void tree(Lines lines, String type, String variable, BinaryOperator<String> combine) {
    lines.open("");
    lines.add("local " + type + " *all = (local " + type + " *) scratch;");
    lines.add("all[item] = " + variable + ";");
    lines.add(BARRIER);
    lines.open("for (int h = " + lanes / 2 + "; h > 0; h /= 2)");
    lines.open("if (lane < h)");
    lines.add("all[item] = " + combine.apply("all[item]", "all[item + h" + times() + "]") + ";");
    lines.close();
    lines.add(BARRIER);
    lines.close();
    lines.add(variable + " = all[item - lane" + times() + "];");
    lines.add(BARRIER);
    lines.close();
  }

  /**
   * Adds the search for the best key; where keys are the same the lowest place is.
   *
   * @param better of two keys, the comparison that holds where the first wins
   */
  void best(Lines lines, String type, String key, String place, String better) {
    lines.open("");
    lines.add("local " + type + " *all = (local " + type + " *) scratch;");
    lines.add("all[item] = " + key + ";");
    lines.add("places[item] = " + place + ";");
    lines.add(BARRIER);
    lines.open("for (int h = " + lanes / 2 + "; h > 0; h /= 2)");
    lines.add("const int other = item + h" + times() + ";");
    String wins = "all[other] " + better + " all[item]";
    String first = "all[other] == all[item] && places[other] < places[item]";
    lines.open("if (lane < h && (" + wins + " || (" + first + ")))");
    lines.add("all[item] = all[other];");
    lines.add("places[item] = places[other];");
    lines.close();
    lines.add(BARRIER);
    lines.close();
    lines.add(key + " = all[item - lane" + times() + "];");
    lines.add(place + " = places[item - lane" + times() + "];");
    lines.add(BARRIER);
    lines.close();
  }

  private String times() {
    return step() == 1 ? "" : " * " + step();
  }

  /**
   * Adds a variable that is S of the results of a sequence's blocks.
   *
   * @param operator that folds
   * @param value what is folded, of the block {@code b}
   */
  void parts(Lines lines, String type, String variable, char operator, Fold value) {
    String identity = operator == '+' ? "-(" + type + ") 0" : "(" + type + ") 1";
    BinaryOperator<String> combine = (a, b) -> a + " " + operator + " " + b;
    lines.add(type + " " + variable + " = " + identity + ";");
    lines.open("");
    lines.add("const int parts = (int) ((blocks + 4095) / 4096);");
    lines.add(type + " over = " + identity + ";");
    lines.open("for (int p = 0; p < parts; p++)");
    lines.add("const INDEX start = (INDEX) p * 4096;");
    lines.add("const int some = here ? (int) min((INDEX) 4096, blocks - start) : 0;");
    lines.add(variable + " = " + identity + ";");
    lines.open("for (int j = lane; j < some; j += " + AHEAD * lanes + ")");
    lines.add(type + " own[" + AHEAD + "];");
    lines.add("#pragma unroll");
    lines.open("for (int u = 0; u < " + AHEAD + "; u++)");
    lines.add("const int k = j + u * " + lanes + ";");
    lines.add("const INDEX b = start + min(k, some - 1);");
    lines.add("own[u] = k < some ? " + value.of(lines) + " : " + identity + ";");
    lines.close();
    lines.add("#pragma unroll");
    lines.open("for (int u = 0; u < " + AHEAD + "; u++)");
    lines.add(variable + " " + operator + "= own[u];");
    lines.close();
    lines.close();
    tree(lines, type, variable, combine);
    lines.open("if (p % " + lanes + " == lane)");
    lines.add("over " + operator + "= " + variable + ";");
    lines.close();
    lines.close();
    lines.open("if (parts > 1)");
    tree(lines, type, "over", combine);
    lines.add(variable + " = over;");
    lines.close();
    lines.close();
  }

  /** What is folded. */
  interface Fold {
    /** Adds the statements that it takes, and returns the expression. */
    String of(Lines lines);
  }

  /** Adds a statement that one work-item of a team does. */
  static void once(Lines lines, String statement) {
    lines.open("if (here && lane == 0)");
    lines.add(statement);
    lines.close();
  }
}
