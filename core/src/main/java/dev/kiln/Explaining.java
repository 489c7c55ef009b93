package dev.kiln;

import dev.kiln.graph.Node;
import dev.kiln.graph.ResultKey;
import dev.kiln.schedule.Compiler;
import dev.kiln.schedule.Devices;
import dev.kiln.schedule.Explain;
import dev.kiln.schedule.History;
import dev.kiln.schedule.Placement;
import dev.kiln.spi.Backend;
import dev.kiln.spi.ResultStore;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How an engine would compute graphs, in words; it computes none. */
final class Explaining {
  private final Resources resources;
  private final Computing computing;
  private final @Nullable ResultStore store;

  Explaining(Resources resources, Computing computing, EngineSettings settings) {
    this.resources = resources;
    this.computing = computing;
    this.store = settings.store;
  }

  /** What is to be said of these, after the engine itself. */
  String explain(List<Node> nodes) {
    List<Node> roots = computing.asComputed(nodes);
    StringBuilder text = new StringBuilder(Explain.graph(roots)).append('\n');
    if (store != null) {
      text.append(Explain.blocks(ResultKey.worthKeeping(roots), store.blockBytes()));
    }
    Backend compiling = resources.backend();
    if (compiling == null) {
      return text.append("the interpreter evaluates this graph node by node\n").toString();
    }
    Compiler.Compiled compiled = Compiler.compile(roots);
    // The same steps in the same order, for any arrays.
    History history = computing.history(roots);
    text.append(Explain.passes(compiled.traces()));
    text.append(Explain.plan(compiled.plan())).append("kernels:\n");
    Devices devices = resources.devices();
    Placement placement =
        devices == null ? Placement.at(compiling) : resources.use(() -> devices.explain(history));
    text.append(Explain.kernels(compiled.plan(), placement));
    text.append(Explain.times(history));
    return text.toString();
  }
}
