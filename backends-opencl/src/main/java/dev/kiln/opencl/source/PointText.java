package dev.kiln.opencl.source;

import dev.kiln.kernel.Kernel;
import dev.kiln.kernel.Output;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A kernel of stores for GPUs: a work-item has a point, or of short bodies a few, which are as far
 * apart as the group is wide, so that neighbouring work-items have neighbouring points. Its first
 * dimension is the innermost one, its second is the rows: no index needs a division but those of
 * the rows'.
 */
public final class PointText {
  /** Work-items of a group. */
  private static final int GROUP = 256;

  /** Work-items of a group that share a row, where rows are short. */
  private static final int NARROW = 32;

  /** Groups that devices take at least in dimensions but the first. */
  private static final long MOST_GROUPS = 1 << 15;

  /** Instructions of a body that waits for memory more than it computes. */
  private static final int SHORT = 16;

  /** Bytes of each array that a work-item of such a body has on their way at a time. */
  private static final int BYTES = 16;

  private final Kernel kernel;
  private final Places places;
  private final BodyText body;

  PointText(Kernel kernel, Helpers helpers) {
    this.kernel = kernel;
    this.places = new Places(kernel);
    this.body = new BodyText(kernel.body(), helpers, k -> places.element(k, "_row", "i"));
  }

  /** Whether rows are long enough for this. */
  public static boolean suits(long inner) {
    return inner >= NARROW;
  }

  /** The work-items of a group, along a row and across rows. */
  public static long[] group(long inner) {
    return inner < GROUP ? new long[] {NARROW, GROUP / NARROW} : new long[] {GROUP, 1};
  }

  /** The work-items for so many rows. */
  public static long[] workItems(Kernel kernel, long rows, long inner) {
    long[] group = group(inner);
    long across = parts(inner, group[0] * points(kernel)) * group[0];
    long down = Math.min(MOST_GROUPS, parts(rows, group[1])) * group[1];
    return new long[] {across, down};
  }

  private static long parts(long whole, long part) {
    return (whole + part - 1) / part;
  }

  /** The points of a work-item. */
  private static int points(Kernel kernel) {
    if (kernel.body().size() > SHORT) {
      return 1;
    }
    int widest =
        Stream.concat(
                kernel.operands().stream().map(operand -> operand.dtype().bytes()),
                kernel.outputs().stream().map(output -> output.dtype().bytes()))
            .max(Integer::compare)
            .orElseThrow();
    return Math.clamp(BYTES / widest, 1, 4);
  }

  Source source() {
    List<Argument> arguments = arguments();
    Lines lines = new Lines();
    int inner = kernel.rank() - 1;
    int points = points(kernel);
    String n = "n" + inner;
    lines.open(Places.signature("kiln_points", arguments));
    lines.add("const INDEX width = (INDEX) get_local_size(0);");
    String tile = points == 1 ? "width" : "(width * " + points + ")";
    lines.add("const INDEX group = (INDEX) get_group_id(0);");
    lines.add("const INDEX from = group * " + tile + " + (INDEX) get_local_id(0);");
    lines.add("const INDEX step = (INDEX) get_global_size(1);");
    lines.open("for (INDEX point = (INDEX) get_global_id(1); point < units; point += step)");
    lines.add("INDEX row = point;");
    Places.indices(lines, "row", 0, inner);
    places.move(lines, "_offset", "_row", 0, inner);
    for (int o = 0; o < kernel.outputs().size(); o++) {
      lines.add(Places.moved("o" + o, "_offset", "_row", 0, inner));
    }
    if (points == 1) {
      lines.add("const INDEX i = from;");
      lines.open("if (i < " + n + ")");
      point(lines);
      lines.close();
    } else {
      // Without a test in between, all that the points need is on its way together.
      lines.open("if (from + " + (points - 1) + " * width < " + n + ")");
      lines.add("#pragma unroll");
      lines.open("for (int p = 0; p < " + points + "; p++)");
      lines.add("const INDEX i = from + p * width;");
      point(lines);
      lines.close();
      lines.close();
      lines.open("else");
      lines.open("for (INDEX i = from; i < " + n + "; i += width)");
      point(lines);
      lines.close();
      lines.close();
    }
    lines.close();
    lines.close();
    Source.Function function = new Source.Function("kiln_points", arguments);
    return new Source(lines.toString(), List.of(function), List.of(), false);
  }

  private List<Argument> arguments() {
    List<Argument> arguments = new ArrayList<>();
    arguments.add(new Argument.Units());
    // Of the outermost dimension it need not know where it ends, unless it is the innermost too.
    IntStream.range(Math.min(1, kernel.rank() - 1), kernel.rank())
        .forEach(d -> arguments.add(new Argument.Extent(d)));
    places.arguments(arguments);
    StoreText.outputs(kernel, arguments);
    return arguments;
  }

  private void point(Lines lines) {
    List<Integer> values = kernel.outputs().stream().map(Output::value).distinct().toList();
    new LoneElement(body, kernel.body(), values).add(lines);
    for (int o = 0; o < kernel.outputs().size(); o++) {
      Output.Store store = (Output.Store) kernel.outputs().get(o);
      String at = places.at("o" + o, store.access(), "_row", "i");
      lines.add("o" + o + "[" + at + "] = x" + store.value() + ";");
    }
  }
}
