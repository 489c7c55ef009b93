package dev.kiln.rewrite;

import static dev.kiln.contract.TestGraphs.cast;
import static dev.kiln.contract.TestGraphs.concat;
import static dev.kiln.contract.TestGraphs.flip;
import static dev.kiln.contract.TestGraphs.floats;
import static dev.kiln.contract.TestGraphs.integers;
import static dev.kiln.contract.TestGraphs.map;
import static dev.kiln.contract.TestGraphs.scalar;
import static dev.kiln.graph.ElementOp.ADD;
import static dev.kiln.graph.ElementOp.EXP;
import static dev.kiln.graph.ElementOp.MULTIPLY;
import static dev.kiln.graph.ElementOp.NEGATIVE;
import static dev.kiln.graph.ElementOp.SQRT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.DType;
import dev.kiln.graph.Graphs;
import dev.kiln.graph.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RewriterTest {
  @Test
  void untouchedGraphIsTheSameObject() {
    Node x = floats(1, 2, 3);
    Node root = map(EXP, map(ADD, x, map(SQRT, x)));
    Passes.Result result = Passes.run(List.of(root, x));
    assertThat(result.roots()).containsExactly(root, x);
    assertThat(result.traces()).hasSameSizeAs(Passes.ALL).noneMatch(Passes.Trace::changed);
  }

  @Test
  void tracesTellEveryPassInOrder() {
    Node root = map(NEGATIVE, map(NEGATIVE, flip(flip(integers(DType.INT32, 1, 2), 0), 0)));
    Passes.Result result = Passes.run(List.of(root));
    assertThat(result.traces().stream().map(Passes.Trace::pass))
        .containsExactlyElementsOf(Passes.ALL.stream().map(Pass::name).toList());
    assertThat(result.traces().stream().filter(Passes.Trace::changed).map(Passes.Trace::pass))
        .containsExactly("views", "arithmetic");
    assertThat(result.traces().getFirst().before()).containsExactly(root);
    assertThat(result.traces().getLast().after()).isEqualTo(result.roots());
  }

  @Test
  void sharedNodesAreRewrittenOnce() {
    AtomicInteger seen = new AtomicInteger();
    Pass counting =
        new Pass(
            "counting",
            List.of(
                Rule.any(
                    "counts",
                    node -> {
                      seen.incrementAndGet();
                      return null;
                    })));
    Node node = integers(DType.INT32, 1, 2);
    for (int i = 0; i < 200; i++) {
      node = map(ADD, node, node);
    }
    Rewriter.apply(counting, List.of(node, node.input(0), node));
    assertThat(seen).hasValue(201);
  }

  @Test
  void newNodesInsideAResultAreSimplifiedToo() {
    Node x = integers(DType.INT32, 1, 2);
    // x - -(-5) is x + -5 only after the constants inside are folded.
    Node root =
        map(
            dev.kiln.graph.ElementOp.SUBTRACT,
            x,
            map(NEGATIVE, map(NEGATIVE, scalar(DType.INT32, 5))));
    Node expected = map(ADD, x, scalar(DType.INT32, -5));
    assertThat(Passes.run(List.of(root)).roots()).containsExactly(expected);
  }

  @Test
  void rulesThatChaseEachOtherAreAnError() {
    Rule there = Rule.unary(EXP, "exp -> sqrt", (node, x) -> map(SQRT, x));
    Rule back = Rule.unary(SQRT, "sqrt -> exp", (node, x) -> map(EXP, x));
    Node root = map(EXP, floats(1));
    assertThatThrownBy(
            () -> Rewriter.apply(new Pass("circle", List.of(there, back)), List.of(root)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("does not end")
        .hasMessageContaining("circle")
        .hasMessageContaining("sqrt -> exp");
  }

  @Test
  void rulesThatGrowForEverAreAnError() {
    Rule inside = Rule.unary(EXP, "exp(x) -> exp(sqrt(x))", (node, x) -> map(EXP, map(SQRT, x)));
    Rule outside = Rule.unary(EXP, "exp(x) -> sqrt(exp(x))", (node, x) -> map(SQRT, map(EXP, x)));
    Node root = map(EXP, floats(1));
    for (Rule rule : List.of(inside, outside)) {
      assertThatThrownBy(() -> Rewriter.apply(new Pass("growth", List.of(rule)), List.of(root)))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("does not end")
          .hasMessageContaining(rule.law());
    }
  }

  @Test
  void rulesThatChangeTheTypeAreAnError() {
    Rule rule = Rule.unary(EXP, "exp -> int32", (node, x) -> cast(x, DType.INT32));
    assertThatThrownBy(
            () -> Rewriter.apply(new Pass("types", List.of(rule)), List.of(map(EXP, floats(1)))))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("changes the type");
  }

  @Test
  void deepChainsOfEveryKindFinish() {
    int depth = 50_000;
    Node floats = floats(1, 2);
    Node one = scalar(DType.INT32, 1);
    Node integers = integers(DType.INT32, 1, 2);
    List<Function<Node, Node>> growths =
        List.of(
            node -> map(MULTIPLY, node, node), // nothing to simplify
            node -> map(NEGATIVE, node), // all of it vanishes
            node -> flip(node, 0),
            node -> concat(0, node, integers).shape().size() > 0 ? map(ADD, node, one) : node);
    for (Function<Node, Node> growth : growths) {
      Node node = growth == growths.getFirst() ? floats : integers;
      for (int i = 0; i < depth; i++) {
        node = growth.apply(node);
      }
      List<Node> simplified = Passes.run(List.of(node)).roots();
      assertThat(Graphs.topological(simplified).size())
          .isEqualTo(
              growth == growths.getFirst() ? depth + 1 : growth == growths.getLast() ? 4 : 1);
    }
  }

  @Test
  void longChainsOfConcatenationsFinish() {
    Node part = integers(DType.INT32, 1, 2);
    Node node = part;
    for (int i = 0; i < 20_000; i++) {
      node = concat(0, node, part);
    }
    Node simplified = Passes.run(List.of(node)).roots().getFirst();
    assertThat(simplified.shape()).isEqualTo(node.shape());
    assertThat(Graphs.topological(List.of(simplified)).size()).isLessThan(400);
  }

  @ParameterizedTest
  @ValueSource(ints = {1_000, 10_000, 100_000})
  void growthIsLinear(int size) {
    Node x = floats(1, 2, 3);
    List<Node> wide = new ArrayList<>();
    for (int i = 0; i < size / 4; i++) {
      wide.add(map(SQRT, map(ADD, x, scalar(DType.FLOAT32, i + 1L))));
    }
    Node deep = x;
    for (int i = 0; i < size; i++) {
      deep = map(ADD, deep, x);
    }
    long start = System.nanoTime();
    Passes.Result wideResult = Passes.run(wide);
    long middle = System.nanoTime();
    Passes.Result deepResult = Passes.run(List.of(deep));
    long end = System.nanoTime();
    System.out.printf(
        java.util.Locale.ROOT,
        "rewriting %d nodes: wide %.1f ms, deep %.1f ms%n",
        size,
        (middle - start) / 1e6,
        (end - middle) / 1e6);
    assertThat(wideResult.roots()).isEqualTo(wide);
    assertThat(deepResult.roots()).containsExactly(deep);
  }
}
