package dev.kiln.schedule;

import dev.kiln.graph.Build;
import dev.kiln.graph.Digest;
import dev.kiln.graph.Graphs;
import dev.kiln.graph.Node;
import dev.kiln.graph.ResultKey;
import dev.kiln.spi.Buffer;
import dev.kiln.spi.Key;
import dev.kiln.spi.Memory;
import dev.kiln.spi.ResultStore;
import dev.kiln.spi.ResultStore.Wanted;
import dev.kiln.spi.Workers;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One computation with a result store: what is there is taken from it, and all that stands above it
 * in the graph is left out; the rest is computed, by one of all who want it, and kept.
 *
 * <p>Wanted are the values asked for and those that are marked, unless they are no work. Their keys
 * are those of the graph before any pass. What {@linkplain RowCut can be cut} into blocks of rows
 * is kept in these blocks, and not as a whole.
 */
public final class Recall {
  /** How nodes are computed without a store. */
  @FunctionalInterface
  public interface Computing {
    /** The elements of these nodes, in order. */
    List<Buffer> compute(List<Node> nodes);
  }

  /**
   * What it is done with.
   *
   * @param memory where results are put together
   * @param backend the name of the one that computes
   */
  record Means(
      ResultStore store, Workers workers, Memory memory, String backend, Computing computing) {
    Means with(Computing other) {
      return new Means(store, workers, memory, backend, other);
    }
  }

  /**
   * How results are told about in the store.
   *
   * @param parts as {@link Wanted} has it
   * @param rows which rows they are; empty where they are all
   */
  record Telling(long parts, String rows) {
    static final Telling ALL = new Telling(1, "");

    private Wanted wanted(Node node, Key key) {
      return new Wanted(key, node.dtype(), node.shape(), Graphs.label(node.op()) + rows, parts);
    }
  }

  private final List<Node> roots;
  private final List<Node> marked;
  private final Means means;
  private final ResultStore store;
  private final Workers workers;
  private final Map<Node, RowCut> cuts;
  private final Map<Node, Wanted> wanted = new HashMap<>();
  private final Map<Node, Buffer> found = new HashMap<>();

  private Recall(
      List<Node> roots,
      List<Node> marked,
      List<Node> keeping,
      Map<Node, RowCut> cuts,
      Telling telling,
      Means means) {
    this.roots = roots;
    this.marked = marked;
    this.means = means;
    this.cuts = cuts;
    this.store = means.store();
    this.workers = means.workers();
    List<Node> uncut = new ArrayList<>(keeping);
    uncut.removeIf(cuts::containsKey);
    Map<Node, Digest> digests = Digest.of(uncut, buffer -> store.contents(buffer, workers));
    ResultKey.of(uncut, digests, means.backend())
        .forEach((node, key) -> wanted.put(node, telling.wanted(node, key)));
  }

  /**
   * The roots' elements.
   *
   * @param marked values that the roots need and that are worth keeping
   * @param memory where results are put together of what is kept in blocks
   * @param backend the name of the one that computes
   */
  public static List<Buffer> run(
      List<Node> roots,
      List<Node> marked,
      ResultStore store,
      Workers workers,
      Memory memory,
      String backend,
      Computing computing) {
    List<Node> keeping = worthKeeping(roots, marked);
    Map<Node, RowCut> cuts = new HashMap<>();
    for (Node node : keeping) {
      RowCut.of(node, store.blockBytes()).ifPresent(cut -> cuts.put(node, cut));
    }
    Means means = new Means(store, workers, memory, backend, computing);
    return new Recall(roots, marked, keeping, cuts, Telling.ALL, means).run();
  }

  /** The elements of some rows of results, which are kept as they are. */
  static List<Buffer> rows(List<Node> roots, List<Node> marked, Telling telling, Means means) {
    return new Recall(roots, marked, worthKeeping(roots, marked), Map.of(), telling, means).run();
  }

  /** The elements of roots that are not kept themselves, unless they are marked. */
  static List<Buffer> unkept(List<Node> roots, List<Node> marked, Means means) {
    List<Node> keeping = ResultKey.worthKeeping(marked);
    return new Recall(roots, marked, keeping, Map.of(), Telling.ALL, means).run();
  }

  private static List<Node> worthKeeping(List<Node> roots, List<Node> marked) {
    List<Node> candidates = new ArrayList<>(roots);
    candidates.addAll(marked);
    return ResultKey.worthKeeping(candidates);
  }

  private List<Buffer> run() {
    boolean done = false;
    try {
      Missing missing = look();
      List<Buffer> results;
      if (missing.whole().isEmpty()) {
        results = compute(missing, null);
      } else {
        List<Key> keys = missing.whole().stream().map(node -> want(node).key()).toList();
        try (ResultStore.Flight flight = store.reserve(keys)) {
          // Once more: whoever was waited for has published.
          results = compute(look(), flight);
        }
      }
      done = true;
      return results;
    } finally {
      if (!done) {
        found.values().forEach(Buffer::release);
      }
    }
  }

  /**
   * What is needed and not there.
   *
   * @param whole what is to be computed and kept as a whole; roots first
   * @param cut what is kept in blocks, of which some may be there
   */
  private record Missing(List<Node> whole, List<RowCut> cut) {}

  /** Looks for what is wanted, from the roots on; what only a hit needs is not looked at. */
  private Missing look() {
    List<Node> missing = new ArrayList<>();
    List<RowCut> byRows = new ArrayList<>();
    Set<Node> seen = new HashSet<>();
    ArrayDeque<Node> open = new ArrayDeque<>(roots);
    while (!open.isEmpty()) {
      Node node = open.poll();
      if (!seen.add(node)) {
        continue;
      }
      RowCut cut = cuts.get(node);
      if (cut != null) {
        byRows.add(cut);
        continue;
      }
      Wanted want = wanted.get(node);
      if (want != null && !found.containsKey(node)) {
        store
            .find(want, workers)
            .ifPresentOrElse(buffer -> found.put(node, buffer), () -> missing.add(node));
      }
      if (!found.containsKey(node)) {
        open.addAll(node.inputs());
      }
    }
    return new Missing(missing, byRows);
  }

  private List<Buffer> compute(Missing missing, ResultStore.@Nullable Flight flight) {
    Map<List<RowCut.Block>, List<RowCut>> alike = new LinkedHashMap<>();
    for (RowCut cut : missing.cut()) {
      alike.computeIfAbsent(cut.blocks(), key -> new ArrayList<>()).add(cut);
    }
    alike.values().forEach(group -> found.putAll(RowRecall.run(group, marked, means)));
    // What blocks need is computed and kept with them, and may be wanted as a whole too.
    List<Node> whole = alike.isEmpty() ? missing.whole() : missingStill(missing.whole());
    // Roots that are no work are not missing, and have to be made all the same.
    List<Node> targets = new ArrayList<>(roots);
    targets.removeIf(found::containsKey);
    targets.addAll(whole);
    targets = targets.stream().distinct().toList();
    Map<Node, Buffer> values = new HashMap<>(found);
    if (!targets.isEmpty()) {
      long start = System.nanoTime();
      List<Buffer> computed = means.computing().compute(cut(targets));
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      for (int k = 0; k < targets.size(); k++) {
        values.put(targets.get(k), computed.get(k));
      }
      if (flight != null) {
        for (Node node : whole) {
          flight.publish(want(node), value(values, node), took, workers);
        }
      }
    }
    List<Buffer> results = roots.stream().map(root -> value(values, root)).toList();
    releaseOthers(values.values(), results);
    return results;
  }

  private List<Node> missingStill(List<Node> nodes) {
    List<Node> missing = new ArrayList<>();
    for (Node node : nodes) {
      store
          .find(want(node), workers)
          .ifPresentOrElse(buffer -> found.put(node, buffer), () -> missing.add(node));
    }
    return missing;
  }

  /** The targets computed from what was found. */
  private List<Node> cut(List<Node> targets) {
    Map<Node, Node> sources = new HashMap<>();
    found.forEach(
        (node, buffer) -> sources.put(node, Build.source(buffer, node.dtype(), node.shape())));
    return Graphs.replace(targets, sources);
  }

  /** A root that is a view of a marked value may share its memory, which then stays. */
  private static void releaseOthers(Collection<Buffer> values, List<Buffer> results) {
    Set<Buffer> kept = new HashSet<>();
    kept.addAll(results);
    values.stream().filter(value -> !kept.contains(value)).forEach(Buffer::release);
  }

  private Wanted want(Node node) {
    Wanted result = wanted.get(node);
    if (result == null) {
      throw new AssertionError("not wanted: " + node);
    }
    return result;
  }

  private static Buffer value(Map<Node, Buffer> values, Node node) {
    Buffer value = values.get(node);
    if (value == null) {
      throw new AssertionError("not computed: " + node);
    }
    return value;
  }
}
