package dev.kiln.opencl.source;

import dev.kiln.DType;
import dev.kiln.kernel.Kernel;
import dev.kiln.kernel.Output;
import java.util.ArrayList;
import java.util.List;

/**
 * A kernel of stores some of whose operands are read against the grain: one function, whose units
 * are tiles of the two innermost dimensions. Those operands are copied for each tile, so that each
 * line of memory is read once, and the loop finds their elements side by side.
 *
 * <p>On processors a work-item has tiles to itself, in its cache. On GPUs a group shares a tile in
 * local memory, where rows are one element longer, so that a column's elements lie in different
 * banks.
 */
public final class TileText {
  /** Rows of a processor's tile: a line of its cache has as many elements of four bytes. */
  public static final int ROWS = 16;

  /** Rows and columns of a GPU's tile. */
  public static final int SQUARE = 32;

  /** Work-items of a GPU's group. */
  public static final int GROUP = 256;

  /** What a processor's tile may take of its cache. */
  private static final int TILE_BYTES = 32 << 10;

  /** Keeps a tile's rows out of each other's sets in the cache. */
  private static final int GAP_BYTES = 64;

  private final Kernel kernel;
  private final Helpers helpers;
  private final List<Tiled> tiled;
  private final boolean processor;
  private final Places places;
  private final int columns;
  private final int down;
  private final int across;

  TileText(Kernel kernel, Helpers helpers, List<Tiled> tiled, boolean processor) {
    this.kernel = kernel;
    this.helpers = helpers;
    this.tiled = tiled;
    this.processor = processor;
    this.places = new Places(kernel);
    this.columns = columns(kernel, tiled, processor);
    this.down = kernel.rank() - 2;
    this.across = kernel.rank() - 1;
  }

  /** The rows of a tile. */
  public static int rows(boolean processor) {
    return processor ? ROWS : SQUARE;
  }

  /** The columns of a tile. */
  public static int columns(Kernel kernel, List<Tiled> tiled, boolean processor) {
    if (!processor) {
      return SQUARE;
    }
    int bytes =
        tiled.stream()
            .mapToInt(one -> dtype(kernel, one).bytes() * (one.repeated() ? 1 : ROWS))
            .sum();
    return Math.clamp(Integer.highestOneBit(TILE_BYTES / bytes), ROWS, 512);
  }

  private static DType dtype(Kernel kernel, Tiled one) {
    return kernel.operands().get(one.operand()).dtype();
  }

  Source source() {
    List<Argument> arguments = new ArrayList<>(List.of(new Argument.Begin(), new Argument.Units()));
    if (processor) {
      arguments.add(new Argument.Chunk());
    }
    for (int d = 1; d < down; d++) {
      arguments.add(new Argument.Extent(d));
    }
    arguments.add(new Argument.Extent(down));
    arguments.add(new Argument.Extent(across));
    places.arguments(arguments);
    StoreText.outputs(kernel, arguments);
    Lines lines = new Lines();
    lines.open(Places.signature("kiln_tiles", arguments));
    if (processor) {
      tiled.forEach(one -> lines.add(declaration("", one)));
      lines.add("const INDEX first = begin + (INDEX) get_global_id(0) * chunk;");
      lines.add("const INDEX last = min(units, first + chunk);");
      lines.open("for (INDEX unit = first; unit < last; unit++)");
      tile(lines);
      copies(lines);
      lines.open("for (int r = 0; r < rows; r++)");
      loop(lines, "for (int c = 0; c < columns; c++)");
      lines.close();
      lines.close();
    } else {
      tiled.forEach(one -> lines.add(declaration("local ", one)));
      lines.add("const int x = (int) get_local_id(0) % " + SQUARE + ";");
      lines.add("const int y = (int) get_local_id(0) / " + SQUARE + ";");
      lines.add("const INDEX unit = begin + (INDEX) get_group_id(0);");
      tile(lines);
      sharedCopies(lines);
      lines.add("barrier(CLK_LOCAL_MEM_FENCE);");
      lines.add("const int c = x;");
      lines.open("if (c < columns)");
      loop(lines, "for (int r = y; r < rows; r += " + GROUP / SQUARE + ")");
      lines.close();
    }
    lines.close();
    Source.Function function = new Source.Function("kiln_tiles", arguments);
    return new Source(lines.toString(), List.of(function), List.of(), false);
  }

  /** Which tile a unit is, and where its first point lies in each array. */
  private void tile(Lines lines) {
    String n = "n" + across;
    lines.add("const INDEX strips = (" + n + " + " + (columns - 1) + ") / " + columns + ";");
    lines.add("const INDEX bands = (n" + down + " + " + (rows() - 1) + ") / " + rows() + ";");
    lines.add("const INDEX band = unit / strips;");
    lines.add("const INDEX from = (unit - band * strips) * " + columns + ";");
    lines.add("const int columns = (int) min((INDEX) " + columns + ", " + n + " - from);");
    lines.add("INDEX plane = band / bands;");
    lines.add("const INDEX i" + down + " = (band - plane * bands) * " + rows() + ";");
    lines.add("const int rows = (int) min((INDEX) " + rows() + ", n" + down + " - i" + down + ");");
    Places.indices(lines, "plane", 0, down);
    places.move(lines, "_offset", "_tile", 0, across);
    for (int o = 0; o < kernel.outputs().size(); o++) {
      lines.add(Places.moved("o" + o, "_offset", "_tile", 0, across));
    }
  }

  private int rows() {
    return rows(processor);
  }

  /** Elements from one row of a copy to the next. */
  private int pitch(Tiled one) {
    if (one.repeated()) {
      return 0;
    }
    return processor ? columns + GAP_BYTES / dtype(kernel, one).bytes() : SQUARE + 1;
  }

  private String declaration(String space, Tiled one) {
    int size = one.repeated() ? columns : rows() * pitch(one);
    return space + CType.memory(dtype(kernel, one)) + " t" + one.operand() + "[" + size + "];";
  }

  /**
   * Adds a processor's copies: lines of memory one after another, of full height without a test.
   */
  private void copies(Lines lines) {
    for (Tiled one : tiled) {
      String a = "a" + one.operand();
      String column = a + "[" + a + "_tile + (from + c) * " + a + "_stride" + across;
      String t = "t" + one.operand();
      if (one.repeated()) {
        lines.open("for (int c = 0; c < columns; c++)");
        lines.add(t + "[c] = " + column + "];");
        lines.close();
        continue;
      }
      String statement = t + "[r * " + pitch(one) + " + c] = " + column + " + r];";
      lines.open("if (rows == " + ROWS + ")");
      copy(lines, "" + ROWS, statement);
      lines.close();
      lines.open("else");
      copy(lines, "rows", statement);
      lines.close();
    }
  }

  private static void copy(Lines lines, String rows, String statement) {
    lines.open("for (int c = 0; c < columns; c++)");
    lines.open("for (int r = 0; r < " + rows + "; r++)");
    lines.add(statement);
    lines.close();
    lines.close();
  }

  /** Adds a group's copies: neighbouring work-items read neighbouring elements. */
  private void sharedCopies(Lines lines) {
    for (Tiled one : tiled) {
      String a = "a" + one.operand();
      lines.open("for (int c = y; c < columns; c += " + GROUP / SQUARE + ")");
      lines.open("if (x < rows)");
      lines.add(
          "t"
              + one.operand()
              + "[x * "
              + pitch(one)
              + " + c] = "
              + a
              + "["
              + a
              + "_tile + (from + c) * "
              + a
              + "_stride"
              + across
              + " + x];");
      lines.close();
      lines.close();
    }
  }

  private void loop(Lines lines, String head) {
    List<Integer> values = kernel.outputs().stream().map(Output::value).distinct().toList();
    BodyText body = new BodyText(kernel.body(), helpers, this::element);
    new TwoPasses(body, values).add(lines, head, () -> stores(lines));
  }

  private String element(int k) {
    for (Tiled one : tiled) {
      if (one.operand() == k) {
        String at = one.repeated() ? "c" : "r * " + pitch(one) + " + c";
        return "t" + k + "[" + at + "]" + (dtype(kernel, one) == DType.BOOL ? " != 0" : "");
      }
    }
    return places.element(k, row("a" + k), "(from + c)");
  }

  private String row(String array) {
    return "_tile + r * " + array + "_stride" + down;
  }

  private void stores(Lines lines) {
    for (int o = 0; o < kernel.outputs().size(); o++) {
      Output.Store store = (Output.Store) kernel.outputs().get(o);
      String at = places.at("o" + o, store.access(), row("o" + o), "(from + c)");
      lines.add("o" + o + "[" + at + "] = " + BodyText.value(store.value()) + ";");
    }
  }
}
