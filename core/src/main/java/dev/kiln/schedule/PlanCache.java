package dev.kiln.schedule;

import dev.kiln.graph.Node;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * What became of the graphs compiled last. Nodes are interned, so an expression that is built again
 * is the same node and needs no compiling. Safe for many threads at once.
 *
 * <p>Plans hold nodes and these hold arrays: so plans are held weakly, and one that nobody uses
 * lasts until the garbage collector runs.
 */
public final class PlanCache {
  private static final int PLACES = 64;

  private final AtomicReferenceArray<@Nullable WeakReference<Entry>> entries =
      new AtomicReferenceArray<>(PLACES);

  private record Entry(List<Node> roots, Compiler.Compiled compiled) {}

  /** What becomes of a graph, compiled now or before. */
  public Compiler.Compiled compile(List<Node> roots) {
    int place = roots.hashCode() & (PLACES - 1);
    WeakReference<Entry> held = entries.get(place);
    Entry entry = held == null ? null : held.get();
    if (entry == null || !entry.roots().equals(roots)) {
      entry = new Entry(List.copyOf(roots), Compiler.compile(roots));
      entries.set(place, new WeakReference<>(entry));
    }
    return entry.compiled();
  }
}
