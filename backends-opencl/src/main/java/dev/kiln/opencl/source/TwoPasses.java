package dev.kiln.opencl.source;

import java.util.List;
import java.util.stream.Stream;

/** The loop over a body's elements, and where something is rare, the second one. */
record TwoPasses(BodyText body, List<Integer> values) {
  /**
   * Adds the loops.
   *
   * @param loop the loop's head
   * @param use adds what is done with the values
   */
  void add(Lines lines, String loop, Runnable use) {
    List<Integer> conditions = body.rareConditions(values);
    boolean rare = !conditions.isEmpty();
    if (rare) {
      lines.add("int rare = 0;");
    }
    lines.open(loop);
    List<Integer> roots = Stream.concat(values.stream(), conditions.stream()).distinct().toList();
    body.statements(lines, roots, BodyText.Pass.USUAL);
    conditions.forEach(condition -> lines.add("rare |= " + BodyText.value(condition) + ";"));
    use.run();
    lines.close();
    if (rare) {
      again(lines, loop, conditions, use);
    }
  }

  private void again(Lines lines, String loop, List<Integer> conditions, Runnable use) {
    lines.open("if (rare)");
    lines.add("#pragma clang loop vectorize(disable)");
    lines.open(loop);
    lines.add("int here = 0;");
    lines.open("");
    body.statements(lines, conditions, BodyText.Pass.USUAL);
    conditions.forEach(condition -> lines.add("here |= " + BodyText.value(condition) + ";"));
    lines.close();
    lines.open("if (here)");
    body.statements(lines, values, BodyText.Pass.WHOLE);
    use.run();
    lines.close();
    lines.close();
    lines.close();
  }
}
