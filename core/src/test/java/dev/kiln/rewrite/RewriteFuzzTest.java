package dev.kiln.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.contract.Agreement;
import dev.kiln.contract.GraphFuzzer;
import dev.kiln.contract.TestBuffer;
import dev.kiln.graph.GraphText;
import dev.kiln.graph.GraphVerifier;
import dev.kiln.graph.Node;
import dev.kiln.interpret.Interpreter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;

/**
 * Random graphs keep every bit. {@code -Dkiln.fuzz.seed} starts elsewhere, {@code
 * -Dkiln.fuzz.count} tries more; a failure names its seed.
 */
class RewriteFuzzTest {
  private static final long SEED = Long.getLong("kiln.fuzz.seed", 1);
  private static final long COUNT = Long.getLong("kiln.fuzz.count", 300);

  @Test
  void graphsOfEveryKindKeepTheirBits() {
    fuzz("GraphFuzzer", GraphFuzzer::generate, COUNT);
  }

  @Test
  void graphsFullOfWhatRulesLookForKeepTheirBits() {
    fuzz("SimplifiableGraphs", SimplifiableGraphs::generate, 10 * COUNT);
  }

  @Test
  void mostRulesFireOnRandomGraphs() {
    Map<String, Integer> fired = new HashMap<>();
    List<Rule> counting =
        Passes.ALL.getLast().rules().stream()
            .map(
                rule ->
                    new Rule(
                        rule.law(),
                        rule.function(),
                        node -> {
                          Node simpler = rule.apply(node);
                          if (simpler != null) {
                            fired.merge(rule.law(), 1, Integer::sum);
                          }
                          return simpler;
                        }))
            .toList();
    for (long seed = SEED; seed < SEED + 10 * COUNT; seed++) {
      Rewriter.apply(new Pass("counting", counting), SimplifiableGraphs.generate(seed));
    }
    assertThat(fired.size())
        .as("rules that fired: %s", fired)
        .isGreaterThan(counting.size() * 3 / 4);
  }

  private static void fuzz(String generator, LongFunction<List<Node>> graphs, long count) {
    for (long seed = SEED; seed < SEED + count; seed++) {
      List<Node> roots = graphs.apply(seed);
      String what = generator + " seed " + seed;
      try {
        GraphVerifier.check(roots);
        Passes.Result result = Passes.run(roots);
        new Agreement(given -> Interpreter.evaluate(result.roots(), TestBuffer.memory()))
            .check(what, roots);
        Passes.Result again = Passes.run(result.roots());
        assertThat(again.roots()).as("a second run, %s", what).isEqualTo(result.roots());
        assertThat(again.traces()).as("a second run, %s", what).noneMatch(Passes.Trace::changed);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError(what + "\n" + GraphText.of(roots), e);
      }
    }
  }
}
