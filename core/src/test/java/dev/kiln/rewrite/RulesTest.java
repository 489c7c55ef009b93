package dev.kiln.rewrite;

import static dev.kiln.contract.TestGraphs.broadcast;
import static dev.kiln.contract.TestGraphs.cast;
import static dev.kiln.contract.TestGraphs.concat;
import static dev.kiln.contract.TestGraphs.doubles;
import static dev.kiln.contract.TestGraphs.floats;
import static dev.kiln.contract.TestGraphs.integers;
import static dev.kiln.contract.TestGraphs.iota;
import static dev.kiln.contract.TestGraphs.map;
import static dev.kiln.contract.TestGraphs.permute;
import static dev.kiln.contract.TestGraphs.reduce;
import static dev.kiln.contract.TestGraphs.reshape;
import static dev.kiln.contract.TestGraphs.scalar;
import static dev.kiln.contract.TestGraphs.slice;
import static dev.kiln.graph.ElementOp.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.DType;
import dev.kiln.Shape;
import dev.kiln.contract.Agreement;
import dev.kiln.contract.TestBuffer;
import dev.kiln.graph.GraphVerifier;
import dev.kiln.graph.Node;
import dev.kiln.graph.Op;
import dev.kiln.interpret.Interpreter;
import dev.kiln.kernel.Bits;
import dev.kiln.kernel.ReduceOp;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RulesTest {
  private static final Map<String, List<Node>> EXAMPLES = RuleExamples.all();

  static Stream<Rule> rules() {
    return Passes.ALL.getLast().rules().stream();
  }

  static Stream<Node> kept() {
    Node x = floats(1, -0.0, Double.NaN);
    Node y = floats(2, 3, 4);
    Node computed = map(SQRT, x);
    Node zero = scalar(DType.FLOAT32, 0);
    Node one = scalar(DType.FLOAT32, Bits.of(1f));
    Node infinite = scalar(DType.FLOAT32, Bits.of(Float.POSITIVE_INFINITY));
    return Stream.of(
        // -0 + 0 is +0, and an infinity minus itself is NaN.
        map(ADD, computed, zero),
        map(SUBTRACT, computed, computed),
        map(SUBTRACT, broadcast(zero, x.shape()), computed),
        map(MULTIPLY, computed, zero),
        map(NEGATIVE, map(SUBTRACT, x, y)),
        map(ADD, map(SUBTRACT, x, y), y),
        // Loaded NaNs keep their payload, those of arithmetic do not.
        map(MULTIPLY, x, one),
        map(NEGATIVE, map(NEGATIVE, x)),
        map(MAXIMUM, x, x),
        map(WHERE, integers(DType.BOOL, 1, 0, 1), x, x),
        cast(x, DType.FLOAT32),
        cast(cast(x, DType.FLOAT64), DType.FLOAT32),
        reduce(ReduceOp.SUM, reshape(x, 3, 1), 1),
        // Nothing is regrouped, reciprocals are not exact, and 2^-127 is no normal number.
        map(ADD, map(ADD, computed, one), one),
        map(MULTIPLY, map(MULTIPLY, computed, y), y),
        map(DIVIDE, y, scalar(DType.FLOAT32, Bits.of(3f))),
        map(DIVIDE, y, scalar(DType.FLOAT32, Bits.of(0x1p127f))),
        map(DIVIDE, y, zero),
        map(DIVIDE, y, infinite),
        // NaN is not highest, unordered and unequal to itself.
        map(MAXIMUM, computed, infinite),
        map(BITWISE_INVERT, map(LESS, x, y)),
        map(EQUAL, x, x),
        map(LESS_EQUAL, x, x),
        // Something is lost between.
        cast(cast(doubles(1e-300, 1.5), DType.FLOAT32), DType.FLOAT64),
        cast(cast(integers(DType.INT64, 1L << 53 | 1), DType.FLOAT64), DType.INT64),
        cast(cast(integers(DType.INT16, 300), DType.FLOAT32), DType.INT8),
        cast(cast(integers(DType.INT16, 300), DType.UINT8), DType.INT32),
        cast(cast(integers(DType.INT8, -1), DType.UINT16), DType.INT64),
        cast(cast(integers(DType.INT16, 256), DType.INT8), DType.BOOL),
        cast(cast(doubles(0.5), DType.INT32), DType.BOOL),
        // The canonical order, and the moments of an infinity.
        reduce(
            ReduceOp.SUM, reduce(ReduceOp.SUM, cast(iota(Shape.of(2, 3, 4)), DType.FLOAT32), 2), 1),
        reduce(ReduceOp.MEAN, reshape(computed, 3, 1), 1),
        reduce(ReduceOp.ARGMAX, reduce(ReduceOp.MAX, iota(Shape.of(2, 3)), 0), 0),
        // Views that are real.
        permute(reshape(iota(Shape.of(6)), 2, 3), 1, 0),
        slice(
            reshape(iota(Shape.of(6)), 2, 3),
            new long[] {0, 1},
            new long[] {1, 1},
            new long[] {2, 2}),
        slice(concat(0, x, y), new long[] {1}, new long[] {2}, new long[] {3}),
        slice(concat(0, x, y), new long[] {4}, new long[] {-2}, new long[] {3}));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void everyRuleFiresAndKeepsEveryBit(Rule rule) {
    List<Node> examples = EXAMPLES.getOrDefault(rule.law(), List.of());
    assertThat(examples).as("examples of %s", rule.law()).isNotEmpty();
    for (Node example : examples) {
      GraphVerifier.check(List.of(example));
      Node simpler = rule.apply(example);
      assertThat(simpler).as("%s applied to %s", rule.law(), example).isNotNull();
      assertThat(simpler).isNotSameAs(example);
      assertThat(simpler.dtype()).isEqualTo(example.dtype());
      assertThat(simpler.shape()).isEqualTo(example.shape());
      GraphVerifier.check(List.of(simpler));
      new Agreement(roots -> Interpreter.evaluate(List.of(simpler), TestBuffer.memory()))
          .check(rule.law() + " applied to " + example, example);
    }
  }

  @Test
  void everyExampleBelongsToARule() {
    assertThat(EXAMPLES.keySet())
        .containsExactlyInAnyOrderElementsOf(rules().map(Rule::law).toList());
  }

  @ParameterizedTest
  @MethodSource("kept")
  void whatLooksSimplerButIsNotStays(Node node) {
    Node kept = Passes.run(List.of(node)).roots().getFirst();
    assertThat(kept).isSameAs(node);
  }

  @Test
  void wholeExpressionsCollapse() {
    Node x = integers(DType.INT32, 5, -7, 9, 0);
    Node one = scalar(DType.INT32, 1);
    Node zero = scalar(DType.INT32, 0);
    Node sum = map(ADD, map(MULTIPLY, x, one), map(SUBTRACT, zero, map(NEGATIVE, zero)));
    Node twice =
        slice(
            slice(sum, new long[] {3}, new long[] {-1}, new long[] {4}),
            new long[] {3},
            new long[] {-1},
            new long[] {4});
    assertThat(simplify(twice)).isSameAs(x);
    assertThat(simplify(map(BITWISE_XOR, sum, x)).op()).isEqualTo(new Op.Broadcast());
    assertThat(simplify(map(ADD, map(ADD, map(ADD, x, one), one), scalar(DType.INT32, -2))))
        .isSameAs(x);
  }

  private static Node simplify(Node node) {
    return Passes.run(List.of(node)).roots().getFirst();
  }
}
