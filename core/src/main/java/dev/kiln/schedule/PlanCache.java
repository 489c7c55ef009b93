package dev.kiln.schedule;

import dev.kiln.graph.Graphs;
import dev.kiln.graph.Node;
import dev.kiln.graph.Op;
import dev.kiln.spi.Buffer;
import java.lang.ref.SoftReference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * What became of the graphs compiled last. Arrays are replaced by {@link Placeholder}s first; nodes
 * are interned; so an expression that is built again, of the same or of other arrays, is the same
 * node and needs no compiling. Safe for many threads at once.
 *
 * <p>Plans hold no array, and are given up where the JVM runs out of memory.
 */
public final class PlanCache {
  private static final int PLACES = 256;

  private final AtomicReferenceArray<@Nullable SoftReference<Entry>> entries =
      new AtomicReferenceArray<>(PLACES);

  /** By place; they grow, and are replaced as a whole. */
  private volatile List<Placeholder> placeholders = List.of();

  /**
   * The graph that was asked for last, which is asked for again by whoever computes the same anew.
   * Nothing else holds it, so the next collection of garbage takes it, and it keeps no array.
   */
  private volatile WeakReference<@Nullable Last> last = new WeakReference<>(null);

  private record Last(List<Node> roots, Bound bound) {}

  private record Entry(List<Node> roots, Compiler.Compiled compiled, History history) {}

  /**
   * A plan, and what is to be put in the place of its placeholders.
   *
   * @param history of the plan since it was compiled
   * @param inputs by place
   */
  public record Bound(Compiler.Compiled compiled, History history, List<Buffer> inputs) {
    public Bound {
      inputs = List.copyOf(inputs);
    }
  }

  /** What becomes of a graph, compiled now or before. */
  public Bound compile(List<Node> roots) {
    Last known = last.get();
    if (known != null && known.roots().equals(roots)) {
      return known.bound();
    }
    Bound bound = find(roots);
    last = new WeakReference<>(new Last(List.copyOf(roots), bound));
    return bound;
  }

  private Bound find(List<Node> roots) {
    List<Buffer> inputs = new ArrayList<>();
    List<Node> structure = withoutArrays(roots, inputs);
    int hash = structure.hashCode();
    int place = (hash ^ hash >>> 16) & (PLACES - 1);
    SoftReference<Entry> held = entries.get(place);
    Entry entry = held == null ? null : held.get();
    if (entry == null || !entry.roots().equals(structure)) {
      Compiler.Compiled compiled = Compiler.compile(structure);
      entry = new Entry(structure, compiled, new History(compiled.plan()));
      entries.set(place, new SoftReference<>(entry));
    }
    return new Bound(entry.compiled(), entry.history(), inputs);
  }

  private List<Node> withoutArrays(List<Node> roots, List<Buffer> inputs) {
    Map<Node, Node> replaced = new HashMap<>();
    for (Node node : Graphs.topological(roots)) {
      if (node.op() instanceof Op.Source(Buffer buffer)) {
        Placeholder placeholder = placeholder(inputs.size());
        inputs.add(buffer);
        Op.Source any = new Op.Source(placeholder);
        replaced.put(node, Node.of(any, List.of(), node.dtype(), node.shape()));
      }
    }
    return Graphs.replace(roots, replaced);
  }

  private Placeholder placeholder(int place) {
    List<Placeholder> known = placeholders;
    return place < known.size() ? known.get(place) : morePlaceholders(place);
  }

  private synchronized Placeholder morePlaceholders(int place) {
    if (place >= placeholders.size()) {
      List<Placeholder> more = new ArrayList<>(placeholders);
      while (more.size() < Math.max(8, 2 * place)) {
        more.add(new Placeholder(more.size()));
      }
      placeholders = List.copyOf(more);
    }
    return placeholders.get(place);
  }
}
