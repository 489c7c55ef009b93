package dev.kiln.opencl.source;

import dev.kiln.kernel.Kernel;
import dev.kiln.kernel.Output;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A kernel of reductions for GPUs: a {@link Team} folds a block, each lane in a register, and
 * neighbouring work-items read neighbouring elements. Values that are needed twice are computed
 * twice.
 */
public final class TeamText {
  /** Bytes of a block's lanes. */
  private static final int LANE_BYTES = 128;

  /** Lanes of reductions whose order does not matter. */
  private static final int ANY_LANES = 32;

  /** Instructions of a body that is worth several copies, so that loads don't wait in turn. */
  private static final int SHORT = 16;

  /** Elements of a sequence that a team is not too many for. */
  public static final int LONG_SEQUENCE = 64;

  private final Kernel kernel;
  private final Helpers helpers;
  private final Team team;
  private final ReduceText plain;
  private final Places places;
  private final List<Partial> partials;

  TeamText(Kernel kernel, Helpers helpers, boolean across) {
    this.kernel = kernel;
    this.helpers = helpers;
    this.team = new Team(lanes(kernel).orElseThrow(), across);
    this.plain = new ReduceText(kernel, helpers);
    this.places = new Places(kernel);
    this.partials = Partials.of(kernel);
  }

  /** The lanes that all of a kernel's reductions have; empty where they differ. */
  public static OptionalInt lanes(Kernel kernel) {
    Set<Integer> lanes = new HashSet<>();
    for (Partial partial : Partials.of(kernel)) {
      switch (partial) {
        case CanonicalFold fold -> lanes.add(LANE_BYTES / fold.dtype().bytes());
        case MomentsFold fold -> lanes.add(LANE_BYTES / fold.dtype().bytes());
        case PlainFold _, ArgFold _ -> {}
      }
    }
    return switch (lanes.size()) {
      case 0 -> OptionalInt.of(ANY_LANES);
      case 1 -> OptionalInt.of(lanes.iterator().next());
      default -> OptionalInt.empty();
    };
  }

  /** Work-items for so many units: whole groups. */
  public static long workItems(Kernel kernel, long units) {
    int teams = Team.GROUP / lanes(kernel).orElseThrow();
    return (units + teams - 1) / teams * Team.GROUP;
  }

  /** The work-items of a group. */
  public static int group() {
    return Team.GROUP;
  }

  /** A program for sequences shorter than that: a work-item reduces one, teams combine. */
  Source alone() {
    Lines lines = new Lines();
    ReduceText plain = new ReduceText(kernel, helpers, LONG_SEQUENCE);
    return plain.source(lines, List.of(plain.blocks(lines), combine(lines)));
  }

  Source source() {
    Lines lines = new Lines();
    return plain.source(lines, List.of(blocks(lines), combine(lines)));
  }

  private Source.Function blocks(Lines lines) {
    int kept = kernel.keptRank();
    List<Argument> arguments = new ArrayList<>();
    arguments.add(new Argument.Units());
    arguments.add(new Argument.Blocks());
    arguments.add(new Argument.Count());
    for (int d = 1; d < kernel.rank(); d++) {
      if (d != kept) {
        arguments.add(new Argument.Extent(d));
      }
    }
    places.arguments(arguments);
    arguments.addAll(plain.partArguments());

    lines.open(Places.signature("kiln_teams", arguments));
    team.begin(lines);
    if (team.across()) {
      lines.add("const INDEX rows = units / blocks;");
      lines.add("const INDEX block = task / rows;");
      lines.add("INDEX row = task - block * rows;");
    } else {
      lines.add("INDEX row = task / blocks;");
      lines.add("const INDEX block = task - row * blocks;");
    }
    lines.add("const INDEX unit = row * blocks + block;");
    lines.add("const INDEX from = block * " + Renderer.BLOCK + ";");
    lines.add(
        "const int length = here ? (int) min((INDEX) " + Renderer.BLOCK + ", count - from) : 0;");
    Places.indices(lines, "row", 0, kept);
    places.move(lines, "_offset", "_row", 0, kept);
    rounds(lines);
    lines.close();
    lines.add("");
    return new Source.Function("kiln_teams", arguments);
  }

  private void rounds(Lines lines) {
    List<List<Partial.Round>> rounds = new ArrayList<>();
    int part = 0;
    for (Partial partial : partials) {
      rounds.add(partial.rounds(team, helpers, part));
      part += partial.arrays().size();
    }
    for (int r = 0; r < 2; r++) {
      List<Partial.Round> now = new ArrayList<>();
      Set<Integer> values = new HashSet<>();
      for (int p = 0; p < partials.size(); p++) {
        if (r < rounds.get(p).size()) {
          now.add(rounds.get(p).get(r));
          values.add(partials.get(p).value());
        }
      }
      if (!now.isEmpty()) {
        round(lines, now, values.stream().sorted().toList());
      }
    }
  }

  private void round(Lines lines, List<Partial.Round> rounds, List<Integer> values) {
    rounds.forEach(round -> round.declare().accept(lines));
    if (kernel.body().size() <= SHORT) {
      lines.add("#pragma unroll 8");
    }
    lines.open("for (int k = lane; k < length; k += " + team.lanes() + ")");
    element(lines, values);
    rounds.forEach(round -> round.fold().accept(lines));
    lines.close();
    rounds.forEach(round -> round.finish().accept(lines));
  }

  /** Adds the values of an element, x5 and so on. */
  private void element(Lines lines, List<Integer> values) {
    int kept = kernel.keptRank();
    int inner = kernel.rank() - 1;
    boolean run = kernel.reducedRank() > 1;
    if (run) {
      lines.add("INDEX point = from + k;");
      Places.indices(lines, "point", kept, inner + 1);
      places.move(lines, "_row", "_run", kept, inner);
    }
    String index = run ? "i" + inner : "(from + k)";
    BodyText body =
        new BodyText(kernel.body(), helpers, k -> places.element(k, run ? "_run" : "_row", index));
    new LoneElement(body, kernel.body(), values).add(lines);
  }

  private Source.Function combine(Lines lines) {
    List<Argument> arguments = new ArrayList<>();
    arguments.add(new Argument.Units());
    arguments.add(new Argument.Blocks());
    arguments.add(new Argument.Count());
    arguments.addAll(plain.partArguments());
    for (int o = 0; o < kernel.outputs().size(); o++) {
      Output output = kernel.outputs().get(o);
      arguments.add(new Argument.Output(o, output.dtype()));
      arguments.add(new Argument.OutputOffset(o));
    }
    lines.open(Places.signature("kiln_combine", arguments));
    team.begin(lines);
    lines.add("const INDEX row = task;");
    lines.add("const INDEX at = row * blocks;");
    lines.add("const INDEX mine = here ? blocks : 0;");
    int part = 0;
    for (Partial partial : partials) {
      lines.open("");
      partial.combine(lines, helpers, team, part);
      lines.close();
      part += partial.arrays().size();
    }
    lines.close();
    return new Source.Function("kiln_combine", arguments);
  }
}
