package dev.kiln.rewrite;

import dev.kiln.graph.ElementOp;
import dev.kiln.graph.Node;
import dev.kiln.graph.Op;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A named list of rules, applied together until none fires; where several fit, the first one wins.
 */
public final class Pass {
  private final String name;
  private final List<Rule> rules;
  private final List<Rule> general;
  private final Map<ElementOp, List<Rule>> byFunction = new EnumMap<>(ElementOp.class);

  /** A pass of these rules; the name is what a trace calls it. */
  public Pass(String name, List<Rule> rules) {
    this.name = name;
    this.rules = List.copyOf(rules);
    this.general = rules.stream().filter(rule -> rule.function() == null).toList();
    for (ElementOp function : ElementOp.values()) {
      List<Rule> fitting =
          rules.stream()
              .filter(rule -> rule.function() == null || rule.function() == function)
              .toList();
      byFunction.put(function, fitting);
    }
  }

  /** What a trace calls it. */
  public String name() {
    return name;
  }

  /** Its rules. */
  public List<Rule> rules() {
    return rules;
  }

  /** The rules that may fit a node, so that the driver need not ask all of them; in their order. */
  List<Rule> rulesFor(Node node) {
    return node.op() instanceof Op.Map map
        ? byFunction.getOrDefault(map.function(), general)
        : general;
  }
}
