package dev.kiln.graph;

import dev.kiln.kernel.Routine;
import dev.kiln.spi.Key;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The keys that results are kept under: the digest of the graph as the user built it, inputs by
 * their contents, and the version of the numerics. Names, memory layout and threads don't count,
 * nor does the backend, unless a routine's bits are not the same everywhere.
 */
public final class ResultKey {
  /**
   * The version of what operations compute, bit by bit; whoever changes the bits of any result
   * raises it, and results kept before are not found any more.
   */
  public static final int NUMERICS = 2;

  private ResultKey() {}

  /**
   * The keys of nodes.
   *
   * @param digests of all nodes that these need
   * @param backend the name of the one that computes
   */
  public static Map<Node, Key> of(
      Collection<Node> nodes, Map<Node, Digest> digests, String backend) {
    Set<Node> bound = boundToBackend(nodes);
    Map<Node, Key> keys = new HashMap<>();
    for (Node node : nodes) {
      Digest digest = digests.get(node);
      if (digest == null) {
        throw new AssertionError("no digest of " + node);
      }
      String text = "kiln result " + NUMERICS + " " + digest;
      keys.put(node, key(bound.contains(node) ? text + " " + backend : text));
    }
    return keys;
  }

  private static Set<Node> boundToBackend(Collection<Node> nodes) {
    Set<Node> bound = new HashSet<>();
    for (Node node : Graphs.topological(nodes)) {
      boolean isBound =
          node.op() instanceof Op.Call(Routine routine) && !routine.isSameEverywhere();
      if (isBound || node.inputs().stream().anyMatch(bound::contains)) {
        bound.add(node);
      }
    }
    return bound;
  }

  private static Key key(String text) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      return new Key(HexFormat.of().formatHex(sha.digest(text.getBytes(StandardCharsets.UTF_8))));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }

  /**
   * The nodes among these that take work to compute, in their order; but for what users' own
   * kernels have a part in, whose results are the device's and the driver's own.
   */
  public static List<Node> worthKeeping(Collection<Node> nodes) {
    Set<Node> free = new HashSet<>();
    Set<Node> foreign = new HashSet<>();
    for (Node node : Graphs.topological(nodes)) {
      boolean isForeign =
          node.op() instanceof Op.Call(Routine routine) && routine instanceof Routine.Foreign;
      if (isForeign || node.inputs().stream().anyMatch(foreign::contains)) {
        foreign.add(node);
      }
      boolean isLeaf =
          node.op() instanceof Op.Source
              || node.op() instanceof Op.Scalar
              || node.op() instanceof Op.Iota;
      if (isLeaf || (node.op().isView() && free.contains(node.input(0)))) {
        free.add(node);
      }
    }
    List<Node> worth = new ArrayList<>(nodes);
    worth.removeIf(node -> free.contains(node) || foreign.contains(node));
    return worth;
  }
}
