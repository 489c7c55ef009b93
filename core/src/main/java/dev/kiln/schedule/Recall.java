package dev.kiln.schedule;

import dev.kiln.graph.Build;
import dev.kiln.graph.Digest;
import dev.kiln.graph.Graphs;
import dev.kiln.graph.Node;
import dev.kiln.graph.ResultKey;
import dev.kiln.spi.Buffer;
import dev.kiln.spi.Key;
import dev.kiln.spi.ResultStore;
import dev.kiln.spi.ResultStore.Wanted;
import dev.kiln.spi.Workers;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One computation with a result store: what is there is taken from it, and all that stands above it
 * in the graph is left out; the rest is computed, by one of all who want it, and kept.
 *
 * <p>Wanted are the values asked for and those that are marked, unless they are no work. Their keys
 * are those of the graph before any pass.
 */
public final class Recall {
  /** How nodes are computed without a store. */
  @FunctionalInterface
  public interface Computing {
    /** The elements of these nodes, in order. */
    List<Buffer> compute(List<Node> nodes);
  }

  private final List<Node> roots;
  private final ResultStore store;
  private final Workers workers;
  private final Map<Node, Wanted> wanted = new HashMap<>();
  private final Map<Node, Buffer> found = new HashMap<>();

  private Recall(
      List<Node> roots, List<Node> marked, ResultStore store, Workers workers, String backend) {
    this.roots = roots;
    this.store = store;
    this.workers = workers;
    List<Node> candidates = new ArrayList<>(roots);
    candidates.addAll(marked);
    List<Node> worth = ResultKey.worthKeeping(candidates);
    Map<Node, Digest> digests = Digest.of(worth, buffer -> store.contents(buffer, workers));
    ResultKey.of(worth, digests, backend)
        .forEach(
            (node, key) ->
                wanted.put(
                    node, new Wanted(key, node.dtype(), node.shape(), Graphs.label(node.op()))));
  }

  /**
   * The roots' elements.
   *
   * @param marked values that the roots need and that are worth keeping
   * @param backend the name of the one that computes
   */
  public static List<Buffer> run(
      List<Node> roots,
      List<Node> marked,
      ResultStore store,
      Workers workers,
      String backend,
      Computing computing) {
    Recall recall = new Recall(roots, marked, store, workers, backend);
    List<Node> missing = recall.look();
    if (missing.isEmpty()) {
      return recall.compute(missing, null, computing);
    }
    List<Key> keys = missing.stream().map(node -> recall.want(node).key()).toList();
    try (ResultStore.Flight flight = store.reserve(keys)) {
      // Once more: whoever was waited for has published.
      return recall.compute(recall.look(), flight, computing);
    }
  }

  /**
   * Looks for what is wanted, from the roots on; what only a hit needs is not looked at.
   *
   * @return what is wanted, needed and not there; roots first
   */
  private List<Node> look() {
    List<Node> missing = new ArrayList<>();
    Set<Node> seen = new HashSet<>();
    ArrayDeque<Node> open = new ArrayDeque<>(roots);
    while (!open.isEmpty()) {
      Node node = open.poll();
      if (!seen.add(node)) {
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
    return missing;
  }

  private List<Buffer> compute(
      List<Node> missing, ResultStore.@Nullable Flight flight, Computing computing) {
    // Roots that are no work are not missing, and have to be made all the same.
    List<Node> targets = new ArrayList<>(roots);
    targets.removeIf(found::containsKey);
    targets.addAll(missing);
    targets = targets.stream().distinct().toList();
    Map<Node, Buffer> values = new HashMap<>(found);
    if (!targets.isEmpty()) {
      long start = System.nanoTime();
      List<Buffer> computed = computing.compute(cut(targets));
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      for (int k = 0; k < targets.size(); k++) {
        values.put(targets.get(k), computed.get(k));
      }
      if (flight != null) {
        for (Node node : missing) {
          flight.publish(want(node), value(values, node), took, workers);
        }
      }
    }
    List<Buffer> results = roots.stream().map(root -> value(values, root)).toList();
    releaseOthers(values.values(), results);
    return results;
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
