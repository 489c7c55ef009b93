package dev.kiln.opencl.source;

import dev.kiln.DType;
import dev.kiln.kernel.Kernel;
import dev.kiln.kernel.Output;
import java.util.ArrayList;
import java.util.List;

/**
 * A kernel of reductions: one function reduces blocks of sequences, each computed into private
 * memory first; a second one combines the blocks of a sequence.
 *
 * <p>This form suits processors, whose private memory is their cache: a block is folded with two
 * vectors of lanes, in the canonical order.
 */
final class ReduceText {
  private final Kernel kernel;
  private final Helpers helpers;
  private final int longest;
  private final Places places;
  private final List<Partial> partials;
  private final List<Source.Part> parts = new ArrayList<>();
  private final List<Argument> partArguments = new ArrayList<>();

  ReduceText(Kernel kernel, Helpers helpers) {
    this(kernel, helpers, Renderer.BLOCK);
  }

  /**
   * The same for sequences that are shorter than a block.
   *
   * @param longest elements that one has at most, a multiple of all lanes
   */
  ReduceText(Kernel kernel, Helpers helpers, int longest) {
    this.kernel = kernel;
    this.helpers = helpers;
    this.longest = longest;
    this.places = new Places(kernel);
    this.partials = Partials.of(kernel);
    for (Partial partial : partials) {
      for (Partial.Array array : partial.arrays()) {
        partArguments.add(new Argument.Part(parts.size(), array.dtype()));
        parts.add(new Source.Part(array.dtype().bytes(), array.output()));
      }
    }
  }

  Source source() {
    Lines lines = new Lines();
    return source(lines, List.of(blocks(lines), combine(lines)));
  }

  /** The program of a function for blocks, and the one that combines them. */
  Source source(Lines lines, List<Source.Function> functions) {
    boolean done = partials.stream().noneMatch(MomentsFold.class::isInstance);
    return new Source(lines.toString(), functions, parts, done);
  }

  /** Adds the function that reduces blocks. */
  Source.Function blocks(Lines lines) {
    int kept = kernel.keptRank();
    int inner = kernel.rank() - 1;
    List<Argument> arguments = new ArrayList<>();
    arguments.add(new Argument.Begin());
    arguments.add(new Argument.Units());
    arguments.add(new Argument.Chunk());
    arguments.add(new Argument.FirstBlock());
    arguments.add(new Argument.BlocksHere());
    arguments.add(new Argument.Blocks());
    arguments.add(new Argument.Count());
    for (int d = 1; d < kernel.rank(); d++) {
      if (d != kept) {
        arguments.add(new Argument.Extent(d));
      }
    }
    places.arguments(arguments);
    arguments.addAll(partArguments);

    lines.open(Places.signature("kiln_blocks", arguments));
    for (int value : values()) {
      lines.add(CType.memory(dtype(value)) + " x" + value + "[" + longest + "];");
    }
    lines.add("const INDEX first = begin + (INDEX) get_global_id(0) * chunk;");
    lines.add("const INDEX last = min(units, first + chunk);");
    lines.open("for (INDEX task = first; task < last; task++)");
    lines.add("INDEX row = task / blocks_here;");
    lines.add("const INDEX block = first_block + (task - row * blocks_here);");
    lines.add("const INDEX unit = row * blocks + block;");
    lines.add("const INDEX from = block * " + Renderer.BLOCK + ";");
    lines.add("const int length = (int) min((INDEX) " + Renderer.BLOCK + ", count - from);");
    Places.indices(lines, "row", 0, kept);
    places.move(lines, "_offset", "_row", 0, kept);
    if (kernel.reducedRank() == 1) {
      places.move(lines, "_row", "_run", inner, inner);
      fill(lines, "length", "from + k", "k");
    } else {
      runs(lines, kept, inner);
    }
    folds(lines);
    lines.close();
    lines.close();
    lines.add("");
    return new Source.Function("kiln_blocks", arguments);
  }

  /** Adds what becomes of a block. */
  void folds(Lines lines) {
    int part = 0;
    for (Partial partial : partials) {
      partial.block(lines, helpers, part);
      part += partial.arrays().size();
    }
  }

  /** The arguments that the scratch needs. */
  List<Argument> partArguments() {
    return partArguments;
  }

  /** A block of several dimensions: pieces that lie along the innermost one. */
  private void runs(Lines lines, int kept, int inner) {
    lines.add("int run = 0;");
    lines.open("for (int done = 0; done < length; done += run)");
    lines.add("INDEX point = from + done;");
    Places.indices(lines, "point", kept, inner + 1);
    lines.add("run = (int) min((INDEX) (length - done), n" + inner + " - i" + inner + ");");
    places.move(lines, "_row", "_run", kept, inner);
    fill(lines, "run", "i" + inner + " + k", "done + k");
    lines.close();
  }

  private void fill(Lines lines, String length, String index, String place) {
    BodyText body =
        new BodyText(kernel.body(), helpers, k -> places.element(k, "_run", "(" + index + ")"));
    new TwoPasses(body, values())
        .add(
            lines,
            "for (int k = 0; k < " + length + "; k++)",
            () -> {
              for (int value : values()) {
                lines.add("x" + value + "[" + place + "] = " + BodyText.value(value) + ";");
              }
            });
  }

  /** Adds the function that combines blocks. */
  Source.Function combine(Lines lines) {
    List<Argument> arguments = new ArrayList<>();
    arguments.add(new Argument.Units());
    arguments.add(new Argument.Chunk());
    arguments.add(new Argument.Blocks());
    arguments.add(new Argument.Count());
    arguments.addAll(partArguments);
    for (int o = 0; o < kernel.outputs().size(); o++) {
      arguments.add(new Argument.Output(o, kernel.outputs().get(o).dtype()));
      arguments.add(new Argument.OutputOffset(o));
    }
    lines.open(Places.signature("kiln_combine", arguments));
    lines.add("const INDEX first = (INDEX) get_global_id(0) * chunk;");
    lines.add("const INDEX last = min(units, first + chunk);");
    lines.open("for (INDEX row = first; row < last; row++)");
    lines.add("const INDEX at = row * blocks;");
    int part = 0;
    for (Partial partial : partials) {
      lines.open("");
      partial.combine(lines, helpers, part);
      lines.close();
      part += partial.arrays().size();
    }
    lines.close();
    lines.close();
    return new Source.Function("kiln_combine", arguments);
  }

  private List<Integer> values() {
    return kernel.outputs().stream().map(Output::value).distinct().toList();
  }

  private DType dtype(int value) {
    return kernel.body().get(value).dtype();
  }
}
