package dev.kiln.schedule;

import dev.kiln.DType;
import dev.kiln.Shape;
import dev.kiln.graph.Build;
import dev.kiln.graph.Graphs;
import dev.kiln.graph.Node;
import dev.kiln.graph.Op;
import dev.kiln.graph.RowLocal;
import dev.kiln.graph.RowLocal.Need;
import dev.kiln.spi.Buffer;
import dev.kiln.spi.Part;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A result cut into blocks of rows, each a graph of its own over the rows that it needs of the
 * inputs.
 *
 * <p>Only what depends on rows of mapped files, and on no such file as a whole, is cut. The blocks
 * follow from the files' rows alone, and begin anew where one array of a concatenation ends and the
 * next begins: rows that are appended, and files that are inserted, leave the blocks before and
 * after as they are.
 */
public final class RowCut {
  /** Blocks are this much smaller than wanted, on average, at most; many tiny ones don't pay. */
  private static final int SMALLER = 16;

  private final Node result;

  /** What is needed by rows, and which row of the result is its first. */
  private final Map<Node, Long> firstRows;

  private final List<Node> shared;
  private final List<Block> blocks;

  /**
   * Rows of the result.
   *
   * @param from the first
   * @param to one beyond the last
   */
  public record Block(long from, long to) {}

  private RowCut(Node result, Map<Node, Long> firstRows, List<Node> shared, List<Block> blocks) {
    this.result = result;
    this.firstRows = firstRows;
    this.shared = shared;
    this.blocks = blocks;
  }

  /** A result's cut; empty where it has none, or it is one block. */
  public static Optional<RowCut> of(Node result, long blockBytes) {
    return result.shape().rank() > 0 && result.shape().size() > 0
        ? new Search(result, blockBytes).cut()
        : Optional.empty();
  }

  /** The result. */
  public Node result() {
    return result;
  }

  /** Its blocks, in order: at least two. */
  public List<Block> blocks() {
    return blocks;
  }

  /** What all blocks need as it is. */
  public List<Node> shared() {
    return shared;
  }

  /**
   * A block's graph.
   *
   * @return for the result, and for all that the block needs by rows, the node of these rows
   */
  public Map<Node, Node> graph(Block block) {
    Map<Node, Node> made = new HashMap<>();
    ArrayDeque<Node> open = new ArrayDeque<>(List.of(result));
    while (!open.isEmpty()) {
      Node node = open.element();
      List<Node> needed = made.containsKey(node) ? List.of() : byRows(node, block);
      List<Node> missing = needed.stream().filter(input -> !made.containsKey(input)).toList();
      if (missing.isEmpty()) {
        open.pop();
        made.computeIfAbsent(node, key -> rows(key, block, made));
      } else {
        missing.forEach(open::push);
      }
    }
    return made;
  }

  /** The inputs of which a block needs rows. */
  private List<Node> byRows(Node node, Block block) {
    List<Need> needs = needs(node);
    List<Node> inputs = new ArrayList<>();
    for (int k = 0; k < needs.size(); k++) {
      Node input = node.input(k);
      boolean needed =
          switch (needs.get(k)) {
            case ROWS -> true;
            case PART -> holds(input, block);
            case WHOLE -> false;
          };
      if (needed) {
        inputs.add(input);
      }
    }
    return inputs;
  }

  private Node rows(Node node, Block block, Map<Node, Node> made) {
    long from = block.from - firstRow(node);
    long rows = block.to - block.from;
    Shape shape = withRows(node.shape(), rows);
    if (node.op() instanceof Op.Source(Buffer buffer)) {
      long rowBytes = rowBytes(node);
      Part part = new Part(buffer, from * rowBytes, rows * rowBytes);
      return Build.source(part, node.dtype(), shape);
    }
    if (node.op() instanceof Op.Iota) {
      List<Long> starts = new ArrayList<>(Collections.nCopies(shape.rank(), 0L));
      starts.set(0, from);
      Op slice = new Op.Slice(starts, Collections.nCopies(shape.rank(), 1L));
      return Node.of(slice, List.of(node), node.dtype(), shape);
    }
    if (node.op() instanceof Op.Concat(int axis) && axis == 0) {
      return made(byRows(node, block).getFirst(), made);
    }
    List<Need> needs = needs(node);
    List<Node> inputs = new ArrayList<>();
    for (int k = 0; k < needs.size(); k++) {
      Node input = node.input(k);
      inputs.add(needs.get(k) == Need.WHOLE ? input : made(input, made));
    }
    return Node.of(node.op(), inputs, node.dtype(), shape);
  }

  private static Node made(Node node, Map<Node, Node> made) {
    Node rows = made.get(node);
    if (rows == null) {
      throw new AssertionError("no rows of " + node);
    }
    return rows;
  }

  private static List<Need> needs(Node node) {
    return RowLocal.needs(node).orElseThrow(() -> new AssertionError("not by rows: " + node));
  }

  private long firstRow(Node node) {
    Long first = firstRows.get(node);
    if (first == null) {
      throw new AssertionError("not by rows: " + node);
    }
    return first;
  }

  /** Whether a part has these rows; one without any has no place. */
  private boolean holds(Node part, Block block) {
    Long first = firstRows.get(part);
    return first != null && first <= block.from && block.to <= first + part.shape().extent(0);
  }

  private static Shape withRows(Shape shape, long rows) {
    long[] extents = shape.toArray();
    extents[0] = rows;
    return Shape.of(extents);
  }

  private static long rowBytes(Node source) {
    DType dtype = source.dtype();
    return withRows(source.shape(), 1).size() * dtype.bytes();
  }

  /** Finds out what is needed how. */
  private static final class Search {
    private final Node result;
    private final long blockBytes;
    private final Map<Node, Long> firstRows = new HashMap<>();
    private final Set<Node> whole = new HashSet<>();
    private final Set<Node> shared = new LinkedHashSet<>();
    private final TreeSet<Long> bounds = new TreeSet<>();
    private long fewestRows = 1;

    /** Of one row of the mapped array with the largest; 0 where none is mapped. */
    private long rowBytes;

    Search(Node result, long blockBytes) {
      this.result = result;
      this.blockBytes = blockBytes;
    }

    Optional<RowCut> cut() {
      List<Node> order = Graphs.topological(List.of(result));
      if (order.stream().noneMatch(Search::isMapped)) {
        return Optional.empty();
      }
      bounds.add(0L);
      bounds.add(result.shape().extent(0));
      firstRows.put(result, 0L);
      for (Node node : order.reversed()) {
        if (!visit(node)) {
          return Optional.empty();
        }
      }
      if (rowBytes == 0) {
        return Optional.empty();
      }
      List<Block> blocks = blocks(Math.max(fewestRows, blockBytes / rowBytes));
      double wanted = (double) result.shape().extent(0) * rowBytes / blockBytes;
      boolean pays =
          blocks.size() > 1
              && wanted > 1
              && blocks.size() <= SMALLER * wanted
              && blocks.stream().allMatch(block -> block.to - block.from >= fewestRows);
      return pays
          ? Optional.of(new RowCut(result, Map.copyOf(firstRows), List.copyOf(shared), blocks))
          : Optional.empty();
    }

    private static boolean isMapped(Node node) {
      return node.op() instanceof Op.Source(Buffer buffer) && buffer.origin().isPresent();
    }

    /** Notes what a node needs, whose users were all visited; false where there is no cut. */
    private boolean visit(Node node) {
      if (whole.contains(node)) {
        whole.addAll(node.inputs());
      }
      Long first = firstRows.get(node);
      if (first == null) {
        return true;
      }
      Optional<List<Need>> needs = RowLocal.needs(node);
      if (needs.isEmpty() || (isMapped(node) && whole.contains(node))) {
        return false;
      }
      fewestRows = Math.max(fewestRows, RowLocal.fewestRows(node));
      if (isMapped(node)) {
        rowBytes = Math.max(rowBytes, RowCut.rowBytes(node));
      }
      long next = first;
      for (int k = 0; k < node.inputs().size(); k++) {
        Node input = node.input(k);
        boolean placed =
            switch (needs.get().get(k)) {
              case ROWS -> place(input, first);
              case PART -> {
                long at = next;
                next += input.shape().extent(0);
                bounds.add(at);
                yield at == next || place(input, at);
              }
              case WHOLE -> {
                whole.add(input);
                shared.add(input);
                yield true;
              }
            };
        if (!placed) {
          return false;
        }
      }
      return true;
    }

    /** Where a node's rows lie; false where they lie elsewhere too. */
    private boolean place(Node node, long first) {
      Long before = firstRows.putIfAbsent(node, first);
      return before == null || before == first;
    }

    private List<Block> blocks(long rows) {
      List<Block> blocks = new ArrayList<>();
      long from = bounds.first();
      for (long end : bounds.tailSet(from, false)) {
        while (from < end) {
          // What is left may be too little for a block of its own.
          long to = end - from < rows + fewestRows ? end : from + rows;
          blocks.add(new Block(from, to));
          from = to;
        }
      }
      return List.copyOf(blocks);
    }
  }
}
