package dev.kiln.opencl.source;

import dev.kiln.kernel.Kernel;
import dev.kiln.kernel.Operand;
import dev.kiln.kernel.Output;
import java.util.ArrayList;
import java.util.List;

/** A kernel of stores: one function, whose units are strips of rows. */
final class StoreText {
  private final Kernel kernel;
  private final Places places;
  private final BodyText body;

  StoreText(Kernel kernel, Helpers helpers) {
    this.kernel = kernel;
    this.places = new Places(kernel);
    this.body = new BodyText(kernel.body(), helpers, k -> places.element(k, "_row", "i"));
  }

  Source source() {
    List<Argument> arguments = arguments();
    Lines lines = new Lines();
    int inner = kernel.rank() - 1;
    lines.open(Places.signature("kiln_store", arguments));
    lines.add("const INDEX first = begin + (INDEX) get_global_id(0) * chunk;");
    lines.add("const INDEX last = min(units, first + chunk);");
    lines.add("const INDEX strips = (n" + inner + " + strip - 1) / strip;");
    lines.open("for (INDEX unit = first; unit < last; unit++)");
    lines.add("INDEX row = unit / strips;");
    lines.add("const INDEX from = (unit - row * strips) * strip;");
    lines.add("const INDEX to = min(n" + inner + ", from + strip);");
    Places.indices(lines, "row", 0, inner);
    places.move(lines, "_offset", "_row", 0, inner);
    for (int o = 0; o < kernel.outputs().size(); o++) {
      lines.add(Places.moved("o" + o, "_offset", "_row", 0, inner));
    }
    new TwoPasses(body, values())
        .add(lines, "for (INDEX i = from; i < to; i++)", () -> stores(lines));
    lines.close();
    lines.close();
    Source.Function function = new Source.Function("kiln_store", arguments);
    return new Source(lines.toString(), List.of(function), List.of(), false);
  }

  private List<Argument> arguments() {
    List<Argument> arguments = new ArrayList<>();
    arguments.add(new Argument.Begin());
    arguments.add(new Argument.Units());
    arguments.add(new Argument.Chunk());
    arguments.add(new Argument.Strip());
    // Of the outermost dimension it need not know where it ends, unless it is the innermost too.
    for (int d = Math.min(1, kernel.rank() - 1); d < kernel.rank(); d++) {
      arguments.add(new Argument.Extent(d));
    }
    places.arguments(arguments);
    outputs(kernel, arguments);
    return arguments;
  }

  /** The arguments that outputs need. */
  static void outputs(Kernel kernel, List<Argument> arguments) {
    for (int o = 0; o < kernel.outputs().size(); o++) {
      Output.Store store = (Output.Store) kernel.outputs().get(o);
      arguments.add(new Argument.Output(o, store.dtype()));
      arguments.add(new Argument.OutputOffset(o));
      for (int d = 0; d < kernel.rank() - 1; d++) {
        arguments.add(new Argument.OutputStride(o, d));
      }
      if (store.access() == Operand.Access.STRIDED) {
        arguments.add(new Argument.OutputStride(o, kernel.rank() - 1));
      }
    }
  }

  private List<Integer> values() {
    return kernel.outputs().stream().map(Output::value).distinct().toList();
  }

  private void stores(Lines lines) {
    for (int o = 0; o < kernel.outputs().size(); o++) {
      Output.Store store = (Output.Store) kernel.outputs().get(o);
      String at = places.at("o" + o, store.access(), "_row", "i");
      lines.add("o" + o + "[" + at + "] = " + BodyText.value(store.value()) + ";");
    }
  }
}
