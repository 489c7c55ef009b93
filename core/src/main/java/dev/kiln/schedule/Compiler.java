package dev.kiln.schedule;

import dev.kiln.graph.GraphVerifier;
import dev.kiln.graph.Node;
import dev.kiln.rewrite.Passes;
import dev.kiln.rewrite.Rewriter;
import java.util.ArrayList;
import java.util.List;

/** From a graph as the user built it to a plan. */
public final class Compiler {
  private Compiler() {}

  /**
   * What became of a graph.
   *
   * @param traces what each pass did
   * @param plan what is to be run
   */
  public record Compiled(List<Passes.Trace> traces, Plan plan) {
    public Compiled {
      traces = List.copyOf(traces);
    }
  }

  /** Simplifies, cuts and lowers. */
  public static Compiled compile(List<Node> roots) {
    Passes.Result simplified = Passes.run(roots);
    List<Passes.Trace> traces = new ArrayList<>(simplified.traces());
    List<Node> before = simplified.roots();
    List<Node> after = Rewriter.apply(RunByRun.PASS, before);
    Passes.Trace last = new Passes.Trace(RunByRun.PASS.name(), before, after);
    if (last.changed()) {
      GraphVerifier.check(after);
    }
    traces.add(last);
    return new Compiled(traces, Planner.plan(after));
  }
}
