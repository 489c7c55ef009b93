package dev.kiln.lower;

import dev.kiln.graph.Node;
import dev.kiln.graph.Op;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * A value that is read where another node's elements lie: views cost nothing but offset and
 * strides.
 *
 * @param value what is read
 * @param memory the node whose dense elements are in memory
 * @param offset of the first element
 * @param strides of the others, one for each axis of the value
 */
public record InPlace(Node value, Node memory, long offset, List<Long> strides) {
  public InPlace {
    strides = List.copyOf(strides);
  }

  /**
   * Looks through the views of a value down to memory.
   *
   * @param available which nodes have their elements in memory; a node that is no view counts as
   *     one
   * @return empty where a reshape of a view is in the way, so that the value needs memory of its
   *     own
   */
  public static Optional<InPlace> of(Node value, Predicate<Node> available) {
    List<Integer> axes = IntStream.range(0, value.shape().rank()).boxed().toList();
    LoopSpace space = LoopSpace.over(value.shape().toArray(), axes, axes.size());
    AffineMap map = space.root();
    Node at = value;
    while (at.op().isView() && !available.test(at)) {
      // Dense elements are numbered the same under every shape.
      if (at.op() instanceof Op.Reshape && isMemory(at.input(0), available)) {
        return Optional.of(
            of(value, at.input(0), ViewMaps.Linear.of(at.shape(), map, axes.size())));
      }
      AffineMap next = ViewMaps.through(at, map, space);
      if (next == null) {
        return Optional.empty();
      }
      map = next;
      at = at.input(0);
    }
    return Optional.of(of(value, at, ViewMaps.Linear.of(at.shape(), map, axes.size())));
  }

  private static boolean isMemory(Node node, Predicate<Node> available) {
    return !node.op().isView() || available.test(node);
  }

  private static InPlace of(Node value, Node memory, ViewMaps.Linear linear) {
    return new InPlace(
        value, memory, linear.offset, Arrays.stream(linear.strides).boxed().toList());
  }
}
