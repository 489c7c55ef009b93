package dev.kiln.rewrite;

import dev.kiln.graph.Graphs;
import dev.kiln.graph.Node;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The one driver of rewriting: simplifies a graph from its leaves upwards until no rule of a pass
 * fires anywhere.
 *
 * <p>A rule sees a node whose inputs are simplified already, and what it returns is simplified in
 * turn, with any new nodes inside it. Every node is done once, without recursion, in time linear in
 * the nodes and firings.
 */
public final class Rewriter {
  /** More firings than this for each node given mean that the rules never come to an end. */
  private static final int MOST_FIRINGS_PER_NODE = 100;

  private final Pass pass;

  /** Nodes that are done, with what became of them; every result is done itself. */
  private final IdentityHashMap<Node, Node> done = new IdentityHashMap<>();

  /** Nodes under way that wait for the simplification of another node of the same meaning. */
  private final IdentityHashMap<Node, Replacement> forward = new IdentityHashMap<>();

  private final Deque<Node> work = new ArrayDeque<>();
  private long firingsLeft;

  /**
   * Another node of the same meaning, by a rule or, without one, because inputs were simplified.
   */
  private record Replacement(Node node, @Nullable Rule rule) {}

  private Rewriter(Pass pass, long nodes) {
    this.pass = pass;
    this.firingsLeft = MOST_FIRINGS_PER_NODE * (nodes + 1);
  }

  /**
   * The roots, simplified by the rules of one pass; a root that no rule touches is the same object.
   *
   * @throws AssertionError where the rules contradict each other and would go on for ever
   */
  public static List<Node> apply(Pass pass, List<Node> roots) {
    Rewriter rewriter = new Rewriter(pass, Graphs.topological(roots).size());
    List<Node> simplified = new ArrayList<>(roots.size());
    for (Node root : roots) {
      simplified.add(rewriter.simplify(root));
    }
    return List.copyOf(simplified);
  }

  private Node simplify(Node root) {
    work.push(root);
    while (!work.isEmpty()) {
      step(work.element());
    }
    return result(root);
  }

  /** Takes the node one step further: waits for what it needs, or is done and leaves the stack. */
  private void step(Node node) {
    if (done.containsKey(node)) {
      work.pop();
      return;
    }
    Replacement replacement = forward.get(node);
    if (replacement != null) {
      finish(node, result(replacement.node()));
      return;
    }
    if (waitForInputs(node)) {
      return;
    }
    Node rebuilt = withSimplifiedInputs(node);
    if (rebuilt != node) {
      become(node, rebuilt, null);
      return;
    }
    for (Rule rule : pass.rulesFor(node)) {
      Node simpler = rule.apply(node);
      if (simpler != null) {
        become(node, simpler, rule);
        return;
      }
    }
    finish(node, node);
  }

  private void finish(Node node, Node result) {
    forward.remove(node);
    done.put(node, result);
    work.pop();
  }

  private boolean waitForInputs(Node node) {
    boolean waiting = false;
    for (Node input : node.inputs()) {
      if (!done.containsKey(input)) {
        Replacement started = forward.get(input);
        if (started != null) {
          throw endless(started.rule(), input, started.node());
        }
        work.push(input);
        waiting = true;
      }
    }
    return waiting;
  }

  /** From now on the node means another one, which is simplified first. */
  private void become(Node node, Node target, @Nullable Rule rule) {
    if (target == node || forward.containsKey(target)) {
      throw endless(rule, node, target);
    }
    if (target.dtype() != node.dtype() || !target.shape().equals(node.shape())) {
      throw new AssertionError("rule changes the type: " + describe(rule, node, target));
    }
    if (rule != null && firingsLeft-- == 0) {
      throw endless(rule, node, target);
    }
    Node finished = done.get(target);
    if (finished != null) {
      finish(node, finished);
    } else {
      forward.put(node, new Replacement(target, rule));
      work.push(target);
    }
  }

  private Node withSimplifiedInputs(Node node) {
    List<Node> inputs = node.inputs();
    boolean same = true;
    for (Node input : inputs) {
      same &= result(input) == input;
    }
    if (same) {
      return node;
    }
    List<Node> simplified = new ArrayList<>(inputs.size());
    for (Node input : inputs) {
      simplified.add(result(input));
    }
    return Node.of(node.op(), simplified, node.dtype(), node.shape());
  }

  private Node result(Node node) {
    Node result = done.get(node);
    if (result == null) {
      throw new AssertionError("not simplified yet: " + node);
    }
    return result;
  }

  private AssertionError endless(@Nullable Rule rule, Node node, Node target) {
    return new AssertionError("rewriting does not end: " + describe(rule, node, target));
  }

  private String describe(@Nullable Rule rule, Node node, Node target) {
    String law = rule == null ? "simplified inputs" : rule.law();
    return "pass " + pass.name() + ", " + law + ", from " + node + " to " + target;
  }
}
