package dev.kiln.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.DType;
import dev.kiln.Shape;
import dev.kiln.graph.ElementOp;
import dev.kiln.graph.GraphVerifier;
import dev.kiln.graph.Graphs;
import dev.kiln.graph.Node;
import dev.kiln.graph.Op;
import dev.kiln.interpret.Elements;
import dev.kiln.interpret.Interpreter;
import dev.kiln.kernel.ReduceOp;
import dev.kiln.kernel.Routine;
import dev.kiln.spi.Buffer;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The contract's own tools: random graphs are sound and varied, and a backend's fault is found and
 * made small.
 */
class ContractTest {
  private static final int SEEDS = 2000;

  @Test
  void randomGraphsAreWellTypedAndMeetEveryOperation() {
    Set<Object> met = new HashSet<>();
    for (long seed = 0; seed < SEEDS; seed++) {
      List<Node> roots = GraphFuzzer.generate(seed);
      GraphVerifier.check(roots);
      for (Node node : Graphs.topological(roots)) {
        met.add(node.op().getClass());
        met.add(node.dtype());
        if (node.op() instanceof Op.Map map) {
          met.add(map.function());
        } else if (node.op() instanceof Op.Reduce reduce) {
          met.add(reduce.function());
        } else if (node.op() instanceof Op.Call call) {
          met.add(call.routine().getClass());
        }
      }
    }
    assertThat(met).contains((Object[]) ElementOp.values()).contains((Object[]) ReduceOp.values());
    assertThat(met).contains((Object[]) Op.class.getPermittedSubclasses());
    Set<Object> routines = new HashSet<>(Set.of(Routine.class.getPermittedSubclasses()));
    routines.remove(Routine.Foreign.class); // which has no definition to compare with
    assertThat(met).containsAll(routines);
    assertThat(met).containsAll(TestGraphs.DTYPES);
  }

  @Test
  void aSeedGivesTheSameGraph() {
    for (long seed = 0; seed < 50; seed++) {
      assertThat(GraphPrinter.print(GraphFuzzer.generate(seed)))
          .isEqualTo(GraphPrinter.print(GraphFuzzer.generate(seed)));
    }
  }

  @Test
  void oneWrongBitIsFound() {
    Node x = TestGraphs.integers(DType.INT16, 1, 2, 3, 4, 5, 6);
    Node y = TestGraphs.reshape(TestGraphs.map(ElementOp.ADD, x, x), 2, 3);
    GraphEvaluator wrong =
        roots -> {
          Buffer buffer = Interpreter.evaluate(roots, TestBuffer.memory()).getFirst();
          Elements.set(buffer.segment(), DType.INT16, 4, 11);
          return List.of(buffer);
        };
    assertThatThrownBy(() -> new Agreement(wrong).check("doubled", y))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("doubled: reshape int16(2, 3) differs first at [1, 1] (element 4)")
        .hasMessageContaining("expected 10=0xa, got 11=0xb; 1 of 6 elements differ");
  }

  @Test
  void writtenSourcesAndLeftPinsAreFound() {
    Node x = TestGraphs.integers(DType.INT8, 1);
    TestBuffer buffer = (TestBuffer) ((Op.Source) x.op()).buffer();
    GraphEvaluator writes =
        roots -> {
          List<Buffer> results = Interpreter.evaluate(roots, TestBuffer.memory());
          MemorySegment bare = MemorySegment.ofAddress(buffer.show()).reinterpret(1);
          Elements.set(bare, DType.INT8, 0, 2);
          buffer.unpin();
          return results;
        };
    assertThatThrownBy(() -> new Agreement(writes).check("a", x))
        .hasMessageContaining("written to");
    for (Consumer<Buffer> way : List.<Consumer<Buffer>>of(Buffer::pin, Buffer::segment)) {
      assertThatThrownBy(() -> way.accept(buffer)).hasMessageContaining("would be stale");
    }
    GraphEvaluator pins =
        roots -> {
          buffer.show();
          return Interpreter.evaluate(roots, TestBuffer.memory());
        };
    assertThatThrownBy(() -> new Agreement(pins).check("b", x))
        .hasMessageContaining("stays pinned 1");
  }

  /** An evaluator which is wrong wherever floats are multiplied: it computes -0 as 0. */
  private static List<Buffer> losesMinusZero(List<Node> roots) {
    return roots.stream()
        .map(root -> Graphs.topological(List.of(root)))
        .map(
            order -> {
              Node root = order.getLast();
              Buffer buffer = Interpreter.evaluate(List.of(root), TestBuffer.memory()).getFirst();
              boolean multiplies =
                  order.stream()
                      .anyMatch(
                          node ->
                              node.op() instanceof Op.Map(ElementOp f) && f == ElementOp.MULTIPLY);
              if (multiplies && root.dtype() == DType.FLOAT32) {
                long[] bits = TestBuffer.read(buffer, DType.FLOAT32);
                for (int i = 0; i < bits.length; i++) {
                  Elements.set(
                      buffer.segment(), DType.FLOAT32, i, bits[i] == 0x80000000L ? 0 : bits[i]);
                }
              }
              return buffer;
            })
        .toList();
  }

  @Test
  void failingGraphsAreMadeSmall() {
    Node x = TestGraphs.floats(1, 2, 3);
    Node zeros =
        TestGraphs.map(
            ElementOp.FLOOR, TestGraphs.map(ElementOp.MULTIPLY, x, TestGraphs.floats(-0.0, 0, 1)));
    Node deep =
        TestGraphs.reduce(
            ReduceOp.MIN, TestGraphs.map(ElementOp.SIN, TestGraphs.flip(zeros, 0)), 0);
    Agreement agreement = new Agreement(ContractTest::losesMinusZero);
    Node small = new Shrinker(agreement).shrink(List.of(deep, x)).getFirst();
    assertThat(small.op()).isEqualTo(new Op.Map(ElementOp.MULTIPLY));
    assertThat(small.inputs()).allMatch(input -> input.op() instanceof Op.Source);
  }

  @Test
  void distancesBetweenFloats() {
    assertThat(Tolerance.distance(DType.FLOAT32, 0x3f800000L, 0x3f800003L)).isEqualTo(3);
    assertThat(Tolerance.distance(DType.FLOAT32, 0x80000001L, 1)).isEqualTo(2);
    assertThat(Tolerance.distance(DType.FLOAT64, Long.MIN_VALUE, 0)).isZero();
    assertThat(strict().mapToLong(Tolerance::ulps).max()).hasValue(2);
  }

  private static Stream<ElementOp> strict() {
    Set<ElementOp> relaxed = new HashSet<>();
    for (ElementOp function : ElementOp.values()) {
      if (function.relaxed() != function) {
        relaxed.add(function.relaxed());
      }
    }
    return Arrays.stream(ElementOp.values()).filter(function -> !relaxed.contains(function));
  }

  @Test
  void specialValuesAreOfTheirDtype() {
    for (DType dtype : TestGraphs.DTYPES) {
      List<Long> special = TestData.special(dtype);
      Node x =
          TestGraphs.source(
              dtype, Shape.of(special.size()), special.stream().mapToLong(b -> b).toArray());
      Buffer copy = Interpreter.evaluate(List.of(x), TestBuffer.memory()).getFirst();
      assertThat(TestBuffer.read(copy, dtype)).containsExactly(special.toArray(Long[]::new));
    }
  }
}
