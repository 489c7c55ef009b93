package dev.kiln.opencl.source;

import dev.kiln.kernel.Instr;
import java.util.ArrayList;
import java.util.List;

/**
 * The values of one element as variables x5 and so on, for GPUs: what is rare is computed on the
 * spot, since work-items that need nothing rare skip it together.
 */
record LoneElement(BodyText body, List<Instr> instrs, List<Integer> values) {
  void add(Lines lines) {
    List<Integer> conditions = body.rareConditions(values);
    for (int value : values) {
      lines.add(CType.value(instrs.get(value).dtype()) + " x" + value + ";");
    }
    if (!conditions.isEmpty()) {
      lines.add("int rare = 0;");
    }
    lines.open("");
    List<Integer> roots = new ArrayList<>(values);
    conditions.stream().filter(condition -> !roots.contains(condition)).forEach(roots::add);
    body.statements(lines, roots, BodyText.Pass.USUAL);
    conditions.forEach(condition -> lines.add("rare |= " + BodyText.value(condition) + ";"));
    keep(lines);
    lines.close();
    if (!conditions.isEmpty()) {
      lines.open("if (rare)");
      body.statements(lines, values, BodyText.Pass.WHOLE);
      keep(lines);
      lines.close();
    }
  }

  private void keep(Lines lines) {
    values.forEach(value -> lines.add("x" + value + " = " + BodyText.value(value) + ";"));
  }
}
