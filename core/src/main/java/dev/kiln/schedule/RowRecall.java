package dev.kiln.schedule;

import dev.kiln.graph.Graphs;
import dev.kiln.graph.Node;
import dev.kiln.graph.Op;
import dev.kiln.graph.ResultKey;
import dev.kiln.spi.Buffer;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Results that are kept in blocks of rows, put together in memory: each block is taken from the
 * store, or computed and kept, as a result of its own.
 *
 * <p>What all blocks need as it is, such as the product of two small matrices, is computed once,
 * and only if a block is missing.
 */
final class RowRecall implements AutoCloseable {
  private final List<RowCut> cuts;
  private final List<Node> marked;
  private final Recall.Means means;
  private final List<Node> shared;
  private final Map<Node, Node> sources = new HashMap<>();
  private final List<Buffer> made = new ArrayList<>();

  private RowRecall(List<RowCut> cuts, List<Node> marked, Recall.Means means) {
    this.cuts = cuts;
    this.marked = marked;
    this.means = means;
    this.shared = worthSharing(cuts);
  }

  /**
   * The elements of results that are cut alike.
   *
   * @param marked values that are worth keeping, whether these results need them or not
   */
  static Map<Node, Buffer> run(List<RowCut> cuts, List<Node> marked, Recall.Means means) {
    Map<Node, Buffer> results = new HashMap<>();
    boolean done = false;
    try (RowRecall recall = new RowRecall(cuts, marked, means)) {
      for (RowCut cut : cuts) {
        Node node = cut.result();
        results.put(node, means.memory().allocate(node.bytes()));
      }
      for (RowCut.Block block : cuts.getFirst().blocks()) {
        recall.fill(block, results);
      }
      done = true;
      return results;
    } finally {
      if (!done) {
        results.values().forEach(Buffer::release);
      }
    }
  }

  /** What takes work, the same for all blocks; scalars are left to the passes. */
  private static List<Node> worthSharing(List<RowCut> cuts) {
    Set<Node> shared = new LinkedHashSet<>();
    cuts.forEach(cut -> shared.addAll(cut.shared()));
    Set<Node> arrays = new HashSet<>();
    for (Node node : Graphs.topological(shared)) {
      boolean isArray = node.op() instanceof Op.Source || node.op() instanceof Op.Iota;
      if (isArray || node.inputs().stream().anyMatch(arrays::contains)) {
        arrays.add(node);
      }
    }
    List<Node> worth = new ArrayList<>(ResultKey.worthKeeping(shared));
    worth.retainAll(arrays);
    return worth;
  }

  private void fill(RowCut.Block block, Map<Node, Buffer> results) {
    List<Node> roots = new ArrayList<>();
    Set<Node> worth = new LinkedHashSet<>();
    for (RowCut cut : cuts) {
      Map<Node, Node> rows = cut.graph(block);
      roots.add(rows.getOrDefault(cut.result(), cut.result()));
      for (Node node : marked) {
        Node part = rows.get(node);
        if (part != null) {
          worth.add(part);
        }
      }
    }
    long all = cuts.getFirst().result().shape().extent(0);
    Recall.Telling telling =
        new Recall.Telling(
            cuts.getFirst().blocks().size(),
            ", rows " + block.from() + " to " + (block.to() - 1) + " of " + all);
    List<Buffer> values =
        Recall.rows(roots, List.copyOf(worth), telling, means.with(this::compute));
    try {
      for (int k = 0; k < cuts.size(); k++) {
        Node result = cuts.get(k).result();
        long rowBytes = result.shape().size() / all * result.dtype().bytes();
        MemorySegment place = place(results, result).segment();
        Copying.copy(values.get(k).contents(), place, block.from() * rowBytes, means.workers());
      }
    } finally {
      values.forEach(Buffer::release);
    }
  }

  private static Buffer place(Map<Node, Buffer> results, Node result) {
    Buffer place = results.get(result);
    if (place == null) {
      throw new AssertionError("no place for " + result);
    }
    return place;
  }

  /** Computes what is missing of a block. */
  private List<Buffer> compute(List<Node> nodes) {
    if (sources.isEmpty() && !shared.isEmpty()) {
      List<Node> needed = Graphs.topological(shared);
      List<Node> inside = marked.stream().filter(new HashSet<>(needed)::contains).toList();
      made.addAll(Recall.unkept(shared, inside, means));
      for (int k = 0; k < shared.size(); k++) {
        Node node = shared.get(k);
        Op source = new Op.Source(made.get(k));
        sources.put(node, Node.of(source, List.of(), node.dtype(), node.shape()));
      }
    }
    return means.computing().compute(Graphs.replace(nodes, sources));
  }

  @Override
  public void close() {
    made.forEach(Buffer::release);
  }
}
