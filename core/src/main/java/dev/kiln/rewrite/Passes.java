package dev.kiln.rewrite;

import dev.kiln.graph.GraphVerifier;
import dev.kiln.graph.Node;
import java.util.ArrayList;
import java.util.List;

/** The table of contents: what happens to a graph before it is scheduled. */
public final class Passes {
  private Passes() {}

  /**
   * The passes in their order. Each has the rules of those before it, since simpler arithmetic
   * brings views and constants together again; so the last pass leaves nothing for any rule to do.
   */
  public static final List<Pass> ALL =
      cumulative(
          new Pass("views", ViewRules.ALL),
          new Pass("concatenations", ConcatRules.ALL),
          new Pass("constants", ConstantRules.ALL),
          new Pass("casts", CastRules.ALL),
          new Pass("arithmetic", ArithmeticRules.ALL),
          new Pass("logic", LogicRules.ALL),
          new Pass("reductions", ReductionRules.ALL));

  /**
   * What one pass did.
   *
   * @param pass its name
   * @param before the roots it was given
   * @param after the roots it gave back; the same objects where it changed nothing
   */
  public record Trace(String pass, List<Node> before, List<Node> after) {
    public Trace {
      before = List.copyOf(before);
      after = List.copyOf(after);
    }

    /** Whether the pass changed anything. */
    public boolean changed() {
      return !before.equals(after);
    }
  }

  /**
   * What all passes did.
   *
   * @param roots the simplified roots, in the order given
   * @param traces one for each pass, those that changed nothing included
   */
  public record Result(List<Node> roots, List<Trace> traces) {
    public Result {
      roots = List.copyOf(roots);
      traces = List.copyOf(traces);
    }
  }

  /** Simplifies the graph of these roots; every root keeps its dtype, shape and bits. */
  public static Result run(List<Node> roots) {
    List<Trace> traces = new ArrayList<>();
    List<Node> current = List.copyOf(roots);
    GraphVerifier.check(current);
    for (Pass pass : ALL) {
      List<Node> next = Rewriter.apply(pass, current);
      Trace trace = new Trace(pass.name(), current, next);
      if (trace.changed()) {
        GraphVerifier.check(next);
      }
      traces.add(trace);
      current = next;
    }
    return new Result(current, traces);
  }

  private static List<Pass> cumulative(Pass... subjects) {
    List<Pass> passes = new ArrayList<>();
    List<Rule> rules = new ArrayList<>();
    for (Pass subject : subjects) {
      rules.addAll(subject.rules());
      passes.add(new Pass(subject.name(), rules));
    }
    return List.copyOf(passes);
  }
}
