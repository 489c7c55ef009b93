package dev.kiln.schedule;

import dev.kiln.graph.GraphText;
import dev.kiln.graph.Graphs;
import dev.kiln.graph.Node;
import dev.kiln.kernel.KernelText;
import dev.kiln.lower.Lowered;
import dev.kiln.rewrite.Passes;
import dev.kiln.spi.Backend;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A computation in words: the graph, what each pass changed, the kernels with their bytes and
 * flops.
 */
public final class Explain {
  private Explain() {}

  /** The graph as the user built it. */
  public static String graph(List<Node> roots) {
    return "graph: " + count(Graphs.topological(roots).size(), "node") + "\n" + GraphText.of(roots);
  }

  /** Which of these results a store keeps in blocks of rows, a line each. */
  public static String blocks(List<Node> results, long blockBytes) {
    StringBuilder text = new StringBuilder();
    for (Node result : results) {
      RowCut.of(result, blockBytes)
          .ifPresent(
              cut ->
                  text.append(result)
                      .append(": kept in ")
                      .append(cut.blocks().size())
                      .append(" blocks of rows\n"));
    }
    return text.toString();
  }

  /** What each pass did. */
  public static String passes(List<Passes.Trace> traces) {
    StringBuilder text = new StringBuilder("passes:\n");
    for (Passes.Trace trace : traces) {
      text.append("  ").append(trace.pass());
      if (trace.changed()) {
        text.append(": ")
            .append(Graphs.topological(trace.before()).size())
            .append(" -> ")
            .append(count(Graphs.topological(trace.after()).size(), "node"))
            .append('\n')
            .append(GraphText.of(trace.after()).indent(4));
      } else {
        text.append(" (unchanged)\n");
      }
    }
    return text.toString();
  }

  /** The steps, a line each, and the groups among them. */
  public static String plan(Plan plan) {
    StringBuilder text = new StringBuilder();
    text.append("plan: ").append(count(plan.steps().size(), "step")).append('\n');
    for (int i = 0; i < plan.steps().size(); i++) {
      text.append(summary(i, plan.steps().get(i))).append('\n');
    }
    for (RowGroup group : plan.groups()) {
      text.append(
          String.format(
              Locale.ROOT,
              "  steps %d to %d by blocks of rows, %,d rows: %,d bytes%n",
              group.from(),
              group.to() - 1,
              group.rows(),
              bytes(group)));
    }
    return text.toString();
  }

  /** What a group moves between cache and memory: what is outside it, each array once. */
  private static long bytes(RowGroup group) {
    Set<Node> outside = new HashSet<>();
    for (Step step : group.steps()) {
      outside.addAll(step.targets());
      outside.addAll(step.reads());
    }
    outside.removeAll(group.inside());
    return Graphs.bytes(outside);
  }

  /**
   * The kernels of all steps, where they run and why there, which run side by side, and what a
   * backend makes of them.
   */
  public static String kernels(Plan plan, Placement placement) {
    StringBuilder text = new StringBuilder();
    Optional<List<BitSet>> beside =
        placement.isMixed()
            ? Optional.of(new Needs(plan.steps()).beside(placement))
            : Optional.empty();
    for (int i = 0; i < plan.steps().size(); i++) {
      Backend backend = placement.backend(i);
      text.append(summary(i, plan.steps().get(i))).append('\n');
      if (!placement.choices().isEmpty()) {
        text.append("    on ").append(placement.choices().get(i).inWords());
        int step = i;
        beside.ifPresent(others -> text.append(beside(others.get(step))));
        text.append('\n');
      }
      switch (plan.steps().get(i)) {
        case Step.Kernels kernels -> {
          for (Lowered piece : kernels.pieces()) {
            text.append(KernelText.of(piece.kernel()).indent(4));
            text.append("    ")
                .append(backend.name())
                .append(": ")
                .append(backend.compile(piece.kernel()).describe())
                .append('\n');
          }
        }
        case Step.Call call ->
            text.append("    ").append(ReadyCall.describe(call, backend)).append('\n');
      }
    }
    if (placement.nanos() > 0) {
      String all =
          String.format(Locale.ROOT, "  all steps: %,d us%n", Math.round(placement.nanos() / 1000));
      text.append(all);
    }
    return text.toString();
  }

  private static String beside(BitSet others) {
    String steps = others.stream().mapToObj(String::valueOf).collect(Collectors.joining(", "));
    return steps.isEmpty()
        ? ""
        : "; beside step" + (others.cardinality() == 1 ? " " : "s ") + steps;
  }

  /** How long the steps took when a plan was run last; nothing where nobody measured. */
  public static String times(History history) {
    StringBuilder text = new StringBuilder();
    for (StepTime time : history.times()) {
      boolean several = time.to() > time.from() + 1;
      String steps = several ? "steps " + time.from() + " to " : "step ";
      text.append("  ")
          .append(steps)
          .append(time.to() - 1)
          .append(": ")
          .append(time.inWords())
          .append('\n');
    }
    return text.isEmpty() ? "" : "measured when it ran last:\n" + text;
  }

  private static String summary(int number, Step step) {
    Cost cost = Cost.of(step);
    return String.format(
        Locale.ROOT,
        "  step %d: %s, %s, %,d bytes, %,d flops",
        number,
        step.targets().stream().map(Node::toString).collect(Collectors.joining(" and ")),
        form(step),
        cost.bytes(),
        cost.flops());
  }

  private static String form(Step step) {
    return switch (step) {
      case Step.Kernels kernels -> {
        List<Lowered> pieces = kernels.pieces();
        String extents = pieces.isEmpty() ? "empty" : "loops " + pieces.getFirst().extents();
        yield extents + (pieces.size() == 1 ? "" : ", " + count(pieces.size(), "kernel"));
      }
      case Step.Call call -> "a routine";
    };
  }

  private static String count(int number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }
}
