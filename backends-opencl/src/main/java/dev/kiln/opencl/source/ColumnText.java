package dev.kiln.opencl.source;

import dev.kiln.kernel.Kernel;
import dev.kiln.kernel.Operand;
import dev.kiln.kernel.Output;
import java.util.ArrayList;
import java.util.List;

/**
 * Reductions of sequences whose elements lie far from each other, but beside those of neighbouring
 * sequences: columns. A unit is a block of several of them, so that each line of memory is read
 * once; values are computed along the lines, and laid down sequence by sequence, where they are
 * folded as any others.
 */
public final class ColumnText {
  /** Elements of a block that are turned at a time, and the most sequences of a unit. */
  private static final int SQUARE = 16;

  /** A line of memory. */
  private static final int LINE_BYTES = 64;

  /** What a unit's values may take. */
  private static final long MOST_BYTES = 1 << 19;

  /** Elements from one sequence's values to the next's, which keep out of each other's sets. */
  private static final int PITCH = Renderer.BLOCK + SQUARE;

  private final Kernel kernel;
  private final Helpers helpers;
  private final List<Integer> beside;
  private final ReduceText plain;
  private final Places places;
  private final int columns;

  ColumnText(Kernel kernel, Helpers helpers, List<Integer> beside) {
    this.kernel = kernel;
    this.helpers = helpers;
    this.beside = beside;
    this.plain = new ReduceText(kernel, helpers);
    this.places = new Places(kernel);
    this.columns = columns(kernel, beside);
  }

  /** The sequences of a unit. */
  public static int columns(Kernel kernel, List<Integer> beside) {
    int element =
        beside.stream().mapToInt(k -> kernel.operands().get(k).dtype().bytes()).max().orElseThrow();
    long bytes =
        values(kernel).stream()
            .mapToLong(value -> (long) PITCH * kernel.body().get(value).dtype().bytes())
            .sum();
    int columns = Math.min(SQUARE, LINE_BYTES / element);
    while (columns > 1 && columns * bytes > MOST_BYTES) {
      columns /= 2;
    }
    return columns;
  }

  private static List<Integer> values(Kernel kernel) {
    return kernel.outputs().stream().map(Output::value).distinct().toList();
  }

  Source source() {
    Lines lines = new Lines();
    return plain.source(lines, List.of(blocks(lines), plain.combine(lines)));
  }

  private Source.Function blocks(Lines lines) {
    int side = kernel.keptRank() - 1;
    List<Argument> arguments = new ArrayList<>();
    arguments.add(new Argument.Begin());
    arguments.add(new Argument.Units());
    arguments.add(new Argument.Chunk());
    arguments.add(new Argument.Blocks());
    arguments.add(new Argument.Count());
    for (int d = 1; d < side; d++) {
      arguments.add(new Argument.Extent(d));
    }
    arguments.add(new Argument.Extent(side));
    places.arguments(arguments);
    arguments.addAll(plain.partArguments());

    lines.open(Places.signature("kiln_columns", arguments));
    for (int value : values(kernel)) {
      String type = CType.memory(kernel.body().get(value).dtype());
      lines.add(type + " s" + value + "[" + SQUARE * columns + "];");
      lines.add(type + " t" + value + "[" + columns * PITCH + "];");
    }
    lines.add("const INDEX first = begin + (INDEX) get_global_id(0) * chunk;");
    lines.add("const INDEX last = min(units, first + chunk);");
    lines.add("const INDEX groups = (n" + side + " + " + (columns - 1) + ") / " + columns + ";");
    lines.open("for (INDEX task = first; task < last; task++)");
    lines.add("const INDEX group = task / blocks;");
    lines.add("const INDEX block = task - group * blocks;");
    lines.add("INDEX line = group / groups;");
    lines.add("const INDEX i" + side + " = (group - line * groups) * " + columns + ";");
    lines.add("const INDEX row = line * n" + side + " + i" + side + ";");
    lines.add(
        "const int columns = (int) min((INDEX) " + columns + ", n" + side + " - i" + side + ");");
    lines.add("const INDEX from = block * " + Renderer.BLOCK + ";");
    lines.add("const int length = (int) min((INDEX) " + Renderer.BLOCK + ", count - from);");
    Places.indices(lines, "line", 0, side);
    places.move(lines, "_offset", "_tile", 0, kernel.keptRank());
    fill(lines);
    lines.open("for (int c = 0; c < columns; c++)");
    lines.add("const INDEX unit = (row + c) * blocks + block;");
    for (int value : values(kernel)) {
      String type = CType.memory(kernel.body().get(value).dtype());
      lines.add(type + " *x" + value + " = t" + value + " + c * " + PITCH + ";");
    }
    plain.folds(lines);
    lines.close();
    lines.close();
    lines.close();
    lines.add("");
    return new Source.Function("kiln_columns", arguments);
  }

  private void fill(Lines lines) {
    lines.open("for (int done = 0; done < length; done += " + SQUARE + ")");
    lines.add("const int part = min(" + SQUARE + ", length - done);");
    lines.open("for (int r = 0; r < part; r++)");
    BodyText body = new BodyText(kernel.body(), helpers, this::element);
    new TwoPasses(body, values(kernel))
        .add(
            lines,
            "for (int c = 0; c < columns; c++)",
            () -> {
              for (int value : values(kernel)) {
                lines.add(
                    "s" + value + "[r * " + columns + " + c] = " + BodyText.value(value) + ";");
              }
            });
    lines.close();
    lines.open("if (part == " + SQUARE + " && columns == " + columns + ")");
    turn(lines, "" + columns, "" + SQUARE);
    lines.close();
    lines.open("else");
    turn(lines, "columns", "part");
    lines.close();
    lines.close();
  }

  private void turn(Lines lines, String width, String height) {
    lines.open("for (int c = 0; c < " + width + "; c++)");
    lines.open("for (int r = 0; r < " + height + "; r++)");
    for (int value : values(kernel)) {
      String from = "s" + value + "[r * " + columns + " + c]";
      lines.add("t" + value + "[c * " + PITCH + " + done + r] = " + from + ";");
    }
    lines.close();
    lines.close();
  }

  private String element(int k) {
    Operand operand = kernel.operands().get(k);
    boolean isBeside = operand.source() == Operand.Source.MEMORY && beside.contains(k);
    String step = isBeside ? "" : " * a" + k + "_stride" + (kernel.keptRank() - 1);
    return places.element(k, "_tile + c" + step, "(from + done + r)");
  }
}
