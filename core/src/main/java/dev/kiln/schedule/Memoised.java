package dev.kiln.schedule;

import dev.kiln.graph.Node;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * The values that users marked as worth keeping. A mark belongs to what a node means, since nodes
 * are interned; it keeps nothing alive. Safe for many threads at once.
 */
public final class Memoised {
  private final Set<Node> marked =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

  /** Nothing marked. */
  public Memoised() {}

  /** Marks a value. */
  public void mark(Node node) {
    marked.add(node);
  }

  /** Those of the nodes that are marked, in their order. */
  public List<Node> among(Collection<Node> nodes) {
    return marked.isEmpty() ? List.of() : nodes.stream().filter(marked::contains).toList();
  }
}
